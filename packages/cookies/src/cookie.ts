/**
 * @module
 * The vocabulary of the package: a stored cookie, a parsed `Set-Cookie` line, and the contexts that cookies are set and
 * read in. No behaviour.
 */

/** The `SameSite` attribute; `default` where the site sent none (or one that nobody knows). */
export type SameSiteMode = 'strict' | 'lax' | 'none' | 'default';

/**
 * How a request stands to the site that it goes to (RFC 6265bis section 5.2):
 *
 * - `strict`: same-site, or started by the user alone
 * - `lax`: cross-site, but a top-level navigation with a safe method
 * - `lax-unsafe`: cross-site, a top-level navigation with another method (a form's POST)
 * - `cross`: any other cross-site request
 */
export type SameSiteContext = 'strict' | 'lax' | 'lax-unsafe' | 'cross';

/** A cookie as the jar holds it. Times are milliseconds since the epoch. */
export interface Cookie {
  name: string;
  value: string;
  /** Canonical, without a leading dot. */
  domain: string;
  path: string;
  /** No `Domain` attribute: sent to this very host alone. */
  hostOnly: boolean;
  secure: boolean;
  httpOnly: boolean;
  sameSite: SameSiteMode;
  /** `null` for a session cookie. */
  expires: number | null;
  created: number;
  accessed: number;
  /** The top-level site that the cookie was set under. */
  partition?: string;
}

/** What one `Set-Cookie` line says, before it is known whether it may be stored. */
export interface ParsedSetCookie {
  name: string;
  value: string;
  /** The `Domain` attribute, lowercase and without a leading dot; empty if there is none. */
  domain: string;
  /** The `Path` attribute, or `null` where the default path applies. */
  path: string | null;
  secure: boolean;
  httpOnly: boolean;
  sameSite: SameSiteMode;
  /** `Max-Age` over `Expires`; `null` for a session cookie. */
  expires: number | null;
  partitioned: boolean;
}

export interface SetCookieContext {
  /** Did the line come in an HTTP response (and not from a script)? */
  http: boolean;
  now?: number;
  partition?: string;
  /** How the request or the calling document stands to its site; `strict` if it is left out. */
  sameSite?: SameSiteContext;
}

export interface ReadCookieContext {
  sameSite: SameSiteContext;
  partition?: string;
  now?: number;
}

export interface CookieLimits {
  /** Cookies that one domain may have. */
  perDomain: number;
  /** Cookies in the whole jar. */
  total: number;
}

/** Chrome's figures, both above the least that RFC 6265bis section 6.1 asks for. */
export const defaultLimits: CookieLimits = { perDomain: 180, total: 3300 };
