/**
 * @module
 * WINDOW_UPDATE (RFC 9113 section 6.9).
 */
import { DescribeError } from '../errors.js';
import type { PayloadDescriber } from './payload.js';
import { describeReservedAnd31Bits } from './thirty-one-bits.js';

export const describeWindowUpdate: PayloadDescriber = (context) => {
  const { offset } = context.reader;
  const increment = describeReservedAnd31Bits(context, 'Window Size Increment', 'windowSizeIncrement');
  if (increment === 0) {
    context.out.error(
      new DescribeError('H2_DESCRIBE_BAD_VALUE', offset, 'Window Size Increment', 'an increment of 0 is an error'),
    );
  }
};
