/**
 * @module
 * The head of an HTTP/1.1 message before HTTP/2 begins, as in an upgrade to h2c (RFC 7540 section 3.2), or instead of it.
 */
import { ItemList } from './description.js';
import { bytesLiteral } from './python-literal.js';

/** A longer head is described as bytes. */
export const longestHttp1Head = 32 << 10;

/** Could these bytes begin a head? A request starts with a method, a response with the version. */
export function mayBeHttp1Head(bytes: Buffer, direction: 'client' | 'server'): boolean {
  const text = bytes.subarray(0, 32).toString('latin1');
  // PRI is reserved for the preface: with it, this is a broken one.
  if (direction === 'client') return /^(?!PRI )[A-Z]{1,20}( |$)/.test(text);
  return text.startsWith('HTTP/1.') || 'HTTP/1.'.startsWith(text);
}

/** The length of the head with its empty line; null when that has not come. */
export function http1HeadLength(bytes: Buffer): number | null {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  return end < 0 ? null : end + 4;
}

/** Whether HTTP/2 follows this head. */
export function isUpgradeToHttp2(head: Buffer, direction: 'client' | 'server'): boolean {
  const text = head.toString('latin1');
  const isToH2c = /^upgrade:[ \t]*(?:[^\r\n]*,[ \t]*)?h2c\b/im.test(text);
  return direction === 'client' ? isToH2c : /^HTTP\/1\.1 101 /.test(text) && isToH2c;
}

export function describeHttp1Head(head: Buffer, offset: number): ItemList {
  const out = new ItemList();
  const lines = head.toString('latin1').split('\r\n').slice(0, -2);
  out.block(
    'HTTP/1.1 Head',
    lines.map((line) => bytesLiteral(Buffer.from(line, 'latin1'))),
    { startLine: lines[0] ?? '', fieldLines: lines.slice(1) },
    { offset, length: head.length },
  );
  out.hexdump('HTTP/1.1 Head', head, null, offset);
  return out;
}
