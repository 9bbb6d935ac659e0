/**
 * @module
 * ALTSVC (RFC 7838 section 4): where else an origin is served.
 */
import { DescribeError } from '../errors.js';
import { hex } from '../hexdump.js';
import { stringLiteral } from '../python-literal.js';
import { textOfBytes } from '../text-of-bytes.js';
import type { PayloadDescriber } from './payload.js';

export const describeAltsvc: PayloadDescriber = ({ frame, reader, out }) => {
  const lengthSpan = reader.span(2);
  const lengthBytes = reader.take(2, 'Origin Length');
  const length = lengthBytes.readUInt16BE();
  out.field('Origin Length', `${length} (${hex(lengthBytes)})`, { originLength: length }, lengthSpan);
  if (length > 0 === frame.streamId > 0) {
    const reason = length > 0 ? 'on a stream there is no origin' : 'on stream 0 an origin is needed';
    out.error(new DescribeError('H2_DESCRIBE_BAD_VALUE', lengthSpan.offset, 'Origin Length', reason));
  }
  const originOffset = reader.offset;
  const origin = reader.take(length, 'Origin');
  if (length > 0) {
    out.field('Origin', stringLiteral(textOfBytes(origin)), { origin: textOfBytes(origin) });
    out.hexdump('Origin', origin, null, originOffset);
  }
  const valueOffset = reader.offset;
  const value = reader.rest();
  const text = textOfBytes(value);
  out.field('Alt-Svc Field Value', stringLiteral(text), { altSvc: text });
  out.hexdump('Alt-Svc Field Value', value, null, valueOffset);
};
