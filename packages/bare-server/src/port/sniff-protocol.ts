/**
 * @module
 * Which protocol a connection begins with, by its first bytes. Pure: who waits for the bytes, and for how long, is read-beginning.ts's
 * business.
 */

export type SniffedProtocol = 'tls' | 'http1' | 'http2';

/** What a client sends first over HTTP/2, RFC 9113 section 3.4. */
export const http2Preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** ContentType `handshake` of a TLS record, RFC 8446 section 5.1. */
const tlsHandshake = 0x16;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Null while the bytes may still become one or another. */
export function sniffProtocol(bytes: Buffer): SniffedProtocol | 'unknown' | null {
  const first = bytes[0];
  if (first === undefined) return null;
  if (first === tlsHandshake) return 'tls';
  const length = Math.min(bytes.length, http2Preface.length);
  if (http2Preface.compare(bytes, 0, length, 0, length) === 0) return length === http2Preface.length ? 'http2' : null;
  // A method is a token (RFC 9110 section 9.1). Empty lines before it are to be ignored (RFC 9112 section 2.2).
  const isHttp1 = first === carriageReturn || first === lineFeed || isTokenCharacter(first);
  return isHttp1 ? 'http1' : 'unknown';
}

/** RFC 9110 section 5.6.2. */
function isTokenCharacter(byte: number): boolean {
  return /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte));
}
