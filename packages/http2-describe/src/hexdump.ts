/**
 * @module
 * Bytes in hexadecimal, as the description writes them: lower case, one space apart, sixteen in a row.
 */

const bytesInRow = 16;
const digits = Buffer.from('0123456789abcdef', 'latin1');
const space = 0x20;

/** `00 00 24` */
export function hex(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  // Every byte that passes goes through here: written as bytes, it costs a fifth of joining strings.
  const text = Buffer.allocUnsafe(bytes.length * 3);
  for (let at = 0, to = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    text[to++] = digits[byte >> 4]!;
    text[to++] = digits[byte & 0xf]!;
    text[to++] = space;
  }
  return text.toString('latin1', 0, text.length - 1);
}

/** One string a row. */
export function hexdumpRows(bytes: Uint8Array): string[] {
  const rows = [];
  for (let at = 0; at < bytes.length; at += bytesInRow) rows.push(hex(bytes.subarray(at, at + bytesInRow)));
  return rows;
}
