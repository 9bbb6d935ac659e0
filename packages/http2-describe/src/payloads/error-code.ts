/**
 * @module
 * The error code of RST_STREAM and GOAWAY.
 */
import { errorCodeName } from '../error-codes.js';
import { hex } from '../hexdump.js';
import type { PayloadContext } from './payload.js';

export function describeErrorCode({ reader, out }: PayloadContext): void {
  const span = reader.span(4);
  const bytes = reader.take(4, 'Error Code');
  const code = bytes.readUInt32BE();
  const name = errorCodeName(code);
  out.field(
    'Error Code',
    `${name}:0x${code.toString(16)} (${hex(bytes)})`,
    { errorCode: code, errorCodeName: name },
    span,
  );
}
