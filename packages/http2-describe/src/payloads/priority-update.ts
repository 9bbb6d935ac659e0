/**
 * @module
 * PRIORITY_UPDATE (RFC 9218 section 7.1).
 */
import { DescribeError } from '../errors.js';
import { stringLiteral } from '../python-literal.js';
import { textOfBytes } from '../text-of-bytes.js';
import type { PayloadDescriber } from './payload.js';
import { describeReservedAnd31Bits } from './thirty-one-bits.js';

export const describePriorityUpdate: PayloadDescriber = (context) => {
  const { reader, out } = context;
  const start = reader.offset;
  const label = 'Prioritized Stream Identifier';
  if (describeReservedAnd31Bits(context, label, 'prioritizedStreamIdentifier') === 0) {
    out.error(new DescribeError('H2_DESCRIBE_BAD_VALUE', start, label, 'stream 0 has no priority'));
  }
  const { offset } = reader;
  const value = reader.rest();
  const text = textOfBytes(value);
  out.field('Priority Field Value', stringLiteral(text), { priority: text });
  out.hexdump('Priority Field Value', value, null, offset);
};
