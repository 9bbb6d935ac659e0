/**
 * @module
 * X-Bare-Headers: the headers of a remote request or response as one JSON object. Pairs are the form to work with, since an object
 * cannot hold the same name twice; this file turns one into the other and checks what a peer sent.
 */
import { BareProtocolError } from './bare-error-body.js';
import { parseJsonObject } from './json-object.js';

export type HeaderPair = [name: string, value: string];

/** The object on the wire. A name that occurs more than once has an array. */
export type BareHeaders = Record<string, string | string[]>;

/** RFC 9110 section 5.6.2, token. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 section 5.5, field-value, with obs-text as latin-1. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

export function isHeaderName(name: string): boolean {
  return token.test(name);
}

export function isHeaderValue(value: string): boolean {
  return fieldValue.test(value);
}

/** Pairs in the object's order; an array becomes as many pairs. */
export function toHeaderPairs(headers: BareHeaders): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') pairs.push([name, value]);
    else for (const item of value) pairs.push([name, item]);
  }
  return pairs;
}

/**
 * Writes the JSON object. Names keep their case and order; pairs with the same name (whatever its case) become an array at the
 * place, and with the case, of the first. The result is ASCII, so that it can be a header value: all else is \u-escaped.
 */
export function serializeBareHeaders(pairs: Iterable<readonly [string, string]>): string {
  // Not by way of an object, which would put a name that is a number first.
  const members = groupHeaders(pairs).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${escapeForHeader(members.join(','))}}`;
}

/** Each name once, with the case and at the place of its first pair, and an array of its values where there are several. */
export function groupHeaders(pairs: Iterable<readonly [string, string]>): [name: string, value: string | string[]][] {
  const groups = new Map<string, [name: string, values: string[]]>();
  for (const [name, value] of pairs) {
    const group = groups.get(name.toLowerCase());
    if (group) group[1].push(value);
    else groups.set(name.toLowerCase(), [name, [value]]);
  }
  return Array.from(groups.values(), ([name, values]) => [name, values.length === 1 ? values[0]! : values]);
}

/**
 * Reads the JSON object of a peer.
 *
 * @throws BareProtocolError INVALID_BARE_HEADER when it is not an object of strings and string arrays
 */
export function parseBareHeaders(json: string, id = 'request.headers.x-bare-headers'): HeaderPair[] {
  const value = parseJsonObject(json);
  if (value === null) throw new BareProtocolError('INVALID_BARE_HEADER', id, 'X-Bare-Headers is not a JSON object.');
  const pairs: HeaderPair[] = [];
  for (const [name, entry] of Object.entries(value)) {
    const items: unknown[] = Array.isArray(entry) ? entry : [entry];
    for (const item of items) {
      if (typeof item !== 'string') {
        throw new BareProtocolError(
          'INVALID_BARE_HEADER',
          `bare.headers.${name.toLowerCase()}`,
          `The value of ${JSON.stringify(name)} in X-Bare-Headers is not a string or an array of strings.`,
        );
      }
      pairs.push([name, item]);
    }
  }
  return pairs;
}

/** A run of spaces is broken up, since a part of a split header that ends with one would lose it (see split-headers). */
function escapeForHeader(json: string): string {
  return json
    .replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/( {63}) /g, '$1\\u0020');
}
