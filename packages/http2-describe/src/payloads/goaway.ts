/**
 * @module
 * GOAWAY (RFC 9113 section 6.8).
 */
import { bytesLiteral } from '../python-literal.js';
import { describeErrorCode } from './error-code.js';
import type { PayloadDescriber } from './payload.js';
import { describeReservedAnd31Bits } from './thirty-one-bits.js';

export const describeGoaway: PayloadDescriber = (context) => {
  const { reader, out } = context;
  describeReservedAnd31Bits(context, 'Last Stream Identifier', 'lastStreamIdentifier');
  describeErrorCode(context);
  if (reader.remaining === 0) return;
  const offset = reader.offset;
  const debugData = reader.rest();
  out.block('Additional Debug Data', [bytesLiteral(debugData)], {});
  out.hexdump('Additional Debug Data', debugData, 'additionalDebugData', offset);
};
