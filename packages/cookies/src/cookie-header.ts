/**
 * @module
 * Cookies as text: the `Cookie` header (and `document.cookie`, which reads the same), and a `Set-Cookie` line.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.8.3
 */
import type { Cookie } from './cookie.js';

/** The order on the wire: longer paths first, then earlier creation. */
export function compareCookies(a: Cookie, b: Cookie): number {
  return b.path.length - a.path.length || a.created - b.created;
}

/** A nameless cookie is its value alone, without an equals sign. */
export function serializeCookies(cookies: readonly Cookie[]): string {
  return cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
}

/** A line that, parsed at the cookie's own URL, gives the cookie again (to a second; times of use aside). */
export function serializeSetCookie(cookie: Cookie): string {
  const parts = [serializeCookies([cookie])];
  if (cookie.expires !== null) parts.push(`Expires=${new Date(cookie.expires).toUTCString()}`);
  if (!cookie.hostOnly) parts.push(`Domain=${cookie.domain}`);
  parts.push(`Path=${cookie.path}`);
  if (cookie.secure) parts.push('Secure');
  if (cookie.httpOnly) parts.push('HttpOnly');
  if (cookie.sameSite !== 'default') parts.push(`SameSite=${sameSiteNames[cookie.sameSite]}`);
  return parts.join('; ');
}

const sameSiteNames = { strict: 'Strict', lax: 'Lax', none: 'None' } as const;
