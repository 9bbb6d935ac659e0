/**
 * @module Queries of URLs in a document that is not in UTF-8: the URL parser percent-encodes them in the document's encoding.
 * https://url.spec.whatwg.org/#query-state
 */
import { encoderFor, outputEncoding } from './encode-text.js';

/** @returns a function for URLs as they are written; what it gives parses to what a browser makes of the URL */
export function queryEncoder(encoding: string): (url: string) => string {
  const output = outputEncoding(encoding);
  // UTF-16 is not written: https://encoding.spec.whatwg.org/#get-an-output-encoding
  if (output.startsWith('utf-')) return (url) => url;
  return (url) => {
    const start = url.indexOf('?');
    if (start < 0 || hasOtherScheme(url)) return url;
    const hash = url.indexOf('#', start);
    const end = hash < 0 ? url.length : hash;
    const query = url.slice(start + 1, end);
    if (!/[^\0-\x7f]/.test(query)) return url;
    const encode = encoderFor(encoding, (codePoint) => `%26%23${codePoint}%3B`);
    // The parser takes these out first.
    const bytes = encode(query.replace(/[\t\n\r]/g, ''));
    // A line feed brings an encoding with states back to ASCII.
    const last = encode('\n').subarray(0, -1);
    return `${url.slice(0, start)}?${percentEncode(bytes)}${percentEncode(last)}${url.slice(end)}`;
  };
}

/** Queries of other schemes than the special ones are in UTF-8. */
function hasOtherScheme(url: string): boolean {
  return /^[\0- ]*[a-z][a-z0-9+.-]*:/i.test(url) && !/^[\0- ]*(?:https?|ftp|file):/i.test(url);
}

/** https://url.spec.whatwg.org/#special-query-percent-encode-set */
function percentEncode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    const stays = byte > 0x20 && byte < 0x7f && !`"#<>'`.includes(character);
    text += stays ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
