/**
 * @module
 * Headers as callers give them, as pairs.
 */
import { isHeaderName, toHeaderPairs, type HeaderPair } from '@culvert/bare-protocol';
import { BareError } from './errors.js';
import type { BareHeadersInit } from './options.js';

/** A new array of new pairs: what the caller passed is never changed. */
export function readHeaderPairs(init: BareHeadersInit | undefined): HeaderPair[] {
  if (init === undefined) return [];
  if (Array.isArray(init)) return init.map(([name, value]) => [name, value]);
  // Not `instanceof`: the caller may live in another realm.
  if (typeof init.forEach === 'function') {
    const pairs: HeaderPair[] = [];
    (init as Headers).forEach((value, name) => pairs.push([name, value]));
    return pairs;
  }
  return toHeaderPairs(init as Record<string, string | string[]>);
}

/**
 * Names and values as HTTP has them: no whitespace around, one character a byte.
 *
 * @param describe makes the message of what is wrong
 * @throws BareError INVALID_HEADER
 */
export function checkHeaders(
  pairs: HeaderPair[],
  remoteUrl: string,
  describe: (reason: string) => string,
): HeaderPair[] {
  return pairs.map(([name, value]) => {
    const text = toByteString(String(value)).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    const isName = isHeaderName(name);
    if (isName && !/[\0\r\n]/.test(text)) return [name, text];
    const reason = isName
      ? `the value ${JSON.stringify(value)} of ${name} has a line break or a null in it; escape or remove it`
      : `${JSON.stringify(name)} is not a header name; it has to be a token`;
    const id = `bare.headers.${String(name).toLowerCase()}`;
    throw new BareError({ code: 'INVALID_HEADER', id, message: describe(reason), remoteUrl });
  });
}

/** A header value is bytes. One that has characters beyond Latin-1 is sent as UTF-8, which servers expect if anything. */
function toByteString(text: string): string {
  return /[^\0-\xff]/.test(text) ? String.fromCharCode(...new TextEncoder().encode(text)) : text;
}

export function hasHeader(pairs: HeaderPair[], name: string): boolean {
  return pairs.some(([candidate]) => candidate.toLowerCase() === name);
}

/** First value, as a site's own parser would see it. */
export function getHeader(pairs: HeaderPair[], name: string): string | null {
  return pairs.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? null;
}

export function withoutHeaders(pairs: HeaderPair[], unwanted: RegExp): HeaderPair[] {
  return pairs.filter(([name]) => !unwanted.test(name));
}
