/**
 * @module
 * ORIGIN (RFC 8336): the origins that this connection may be used for.
 */
import { hex } from '../hexdump.js';
import { stringLiteral } from '../python-literal.js';
import { textOfBytes } from '../text-of-bytes.js';
import type { PayloadDescriber } from './payload.js';

export const describeOrigin: PayloadDescriber = ({ reader, out }) => {
  const start = reader.offset;
  let entry = start;
  const lines: string[] = [];
  const origins: string[] = [];
  try {
    for (; reader.remaining > 0; entry = reader.offset) {
      const length = reader.take(2, 'Origin Length');
      const origin = reader.take(length.readUInt16BE(), 'Origin');
      const text = textOfBytes(origin);
      lines.push(`${stringLiteral(text)} (${hex(length)} | ${hex(origin)})`);
      origins.push(text);
    }
  } catch (error) {
    reader.returnTo(entry);
    throw error;
  } finally {
    if (lines.length > 0) out.block('Origins', lines, { origins }, { offset: start, length: reader.offset - start });
  }
};
