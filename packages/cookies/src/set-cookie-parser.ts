/**
 * @module
 * `Set-Cookie`: the forgiving parser that user agents must have. What may be stored is the jar's business.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6
 */
import type { ParsedSetCookie, SameSiteMode } from './cookie.js';
import { parseCookieDate } from './cookie-date.js';

const maximumPairSize = 4096;
const maximumAttributeSize = 1024;
/** Section 5.5: no cookie lives longer than 400 days. */
const maximumAge = 400 * 24 * 60 * 60 * 1000;
/** A time in the past, for a cookie that is to go. */
const earliestTime = 0;

const controlCharacter = /[\x00-\x08\x0a-\x1f\x7f]/;
const encoder = new TextEncoder();

/** Returns `null` where the whole line is to be ignored. `now` is what `Max-Age` counts from. */
export function parseSetCookie(header: string, now: number): ParsedSetCookie | null {
  // Step 1.
  if (controlCharacter.test(header)) return null;
  // Step 2: the pair ends at the first semicolon.
  const [pair = '', ...attributes] = header.split(';');
  // Steps 3 and 4: without an equals sign the whole of it is the value.
  const [name, value] = pair.includes('=') ? splitAtEquals(pair) : ['', trimBlanks(pair)];
  // Step 5, and step 1 of section 5.7.
  if (octets(name) + octets(value) > maximumPairSize || (name === '' && value === '')) return null;

  const cookie: ParsedSetCookie = {
    name,
    value,
    domain: '',
    path: null,
    secure: false,
    httpOnly: false,
    sameSite: 'default',
    expires: null,
    partitioned: false,
  };
  let maxAge: number | undefined;
  let expires: number | undefined;

  // Of each attribute the last one that is valid counts.
  for (const attribute of attributes) {
    const [attributeName, attributeValue] = splitAtEquals(attribute);
    if (octets(attributeValue) > maximumAttributeSize) continue;
    switch (attributeName.toLowerCase()) {
      case 'expires': {
        const date = parseCookieDate(attributeValue);
        if (date !== null) expires = Math.min(date, now + maximumAge);
        break;
      }
      case 'max-age': {
        const seconds = parseDeltaSeconds(attributeValue);
        if (seconds !== null) maxAge = seconds <= 0 ? earliestTime : now + Math.min(seconds * 1000, maximumAge);
        break;
      }
      case 'domain':
        cookie.domain = attributeValue.replace(/^\./, '').toLowerCase();
        break;
      case 'path':
        cookie.path = attributeValue.startsWith('/') ? attributeValue : null;
        break;
      case 'secure':
        cookie.secure = true;
        break;
      case 'httponly':
        cookie.httpOnly = true;
        break;
      case 'samesite':
        cookie.sameSite = parseSameSite(attributeValue);
        break;
      case 'partitioned':
        cookie.partitioned = true;
        break;
    }
  }
  cookie.expires = maxAge ?? expires ?? null;
  return cookie;
}

function splitAtEquals(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals === -1) return [trimBlanks(text), ''];
  return [trimBlanks(text.slice(0, equals)), trimBlanks(text.slice(equals + 1))];
}

/** The grammar's WSP is a space or a tab; `trim()` would take U+00A0 and others too. */
function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function octets(text: string): number {
  return encoder.encode(text).length;
}

function parseDeltaSeconds(text: string): number | null {
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

function parseSameSite(text: string): SameSiteMode {
  const mode = text.toLowerCase();
  return mode === 'strict' || mode === 'lax' || mode === 'none' ? mode : 'default';
}
