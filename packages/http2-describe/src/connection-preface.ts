/**
 * @module
 * The 24 bytes that every HTTP/2 client sends first (RFC 9113 section 3.4).
 */
import { ItemList } from './description.js';
import { bytesLiteral } from './python-literal.js';

export const connectionPreface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export function describePreface(offset: number): ItemList {
  const out = new ItemList();
  const span = { offset, length: connectionPreface.length };
  out.field('Client Connection Preface', bytesLiteral(connectionPreface), {}, span);
  out.hexdump('Client Connection Preface', connectionPreface, null, offset);
  return out;
}

/** How far `bytes` follow `expected`: to its end, as far as they go, or not. */
export function comparePrefix(bytes: Uint8Array, expected: Uint8Array): 'whole' | 'so far' | 'different' {
  const length = Math.min(bytes.length, expected.length);
  for (let at = 0; at < length; at++) if (bytes[at] !== expected[at]) return 'different';
  return length === expected.length ? 'whole' : 'so far';
}
