/**
 * @module
 * Cookies by RFC 6265bis (draft-ietf-httpbis-rfc6265bis), without a platform: parse, match, store, read, serialise. Where
 * the jar is kept, who is told of a change and which sites a request involves is its user's.
 */
export type {
  Cookie,
  CookieLimits,
  ParsedSetCookie,
  ReadCookieContext,
  SameSiteContext,
  SameSiteMode,
  SetCookieContext,
} from './cookie.js';
export { defaultLimits } from './cookie.js';
export { parseCookieDate } from './cookie-date.js';
export { compareCookies, serializeCookies, serializeSetCookie } from './cookie-header.js';
export { CookieJar, type CookieJarOptions, type CookiesForContext } from './cookie-jar.js';
export { hasRequiredPrefixAttributes } from './cookie-prefix.js';
export { canonicalizeHost, domainMatches, isIpAddress } from './domain-match.js';
export { defaultPath, pathMatches } from './path-match.js';
export { allowsCreation, allowsSending } from './same-site.js';
export { isSecureUrl } from './secure-url.js';
export { parseSetCookie } from './set-cookie-parser.js';
export { partitionKey } from './partition-key.js';
