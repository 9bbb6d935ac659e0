/**
 * @module
 * The `SameSite` attribute against the context of a request.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6.7
 */
import type { Cookie, SameSiteContext, SameSiteMode } from './cookie.js';

/**
 * For two minutes after its creation a cookie without the attribute goes with a cross-site top-level POST: logins that
 * come back by a form depend on it ("Lax-allowing-unsafe", section 5.6.7.2).
 */
const laxAllowingUnsafeAge = 2 * 60 * 1000;

/** May a cookie go with a request of this context? */
export function allowsSending(
  cookie: Pick<Cookie, 'sameSite' | 'created'>,
  context: SameSiteContext,
  now: number,
): boolean {
  switch (context) {
    case 'strict':
      return true;
    case 'lax':
      return cookie.sameSite !== 'strict';
    case 'lax-unsafe':
      if (cookie.sameSite === 'none') return true;
      return cookie.sameSite === 'default' && now - cookie.created <= laxAllowingUnsafeAge;
    case 'cross':
      return cookie.sameSite === 'none';
  }
}

/** May a response or script of this context create such a cookie? A top-level navigation always may. */
export function allowsCreation(sameSite: SameSiteMode, context: SameSiteContext): boolean {
  return sameSite === 'none' || context !== 'cross';
}
