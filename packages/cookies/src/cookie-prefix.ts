/**
 * @module
 * Name prefixes, with which a site says in the name what the attributes must be.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-4.1.3
 */
import type { ParsedSetCookie } from './cookie.js';

type Requirement = (cookie: ParsedSetCookie, hostOnly: boolean) => boolean;

const isSecure: Requirement = (cookie) => cookie.secure;
/** `__Host-` asks for a `Path` attribute that says `/`; a default path that happens to be `/` is not enough. */
const isHostBound: Requirement = (cookie, hostOnly) => cookie.secure && hostOnly && cookie.path === '/';

/** Longest first: the first prefix that fits decides. Chrome has the two `Http` ones since 140. */
const prefixes: readonly [prefix: string, requirement: Requirement][] = [
  ['__host-http-', (cookie, hostOnly) => isHostBound(cookie, hostOnly) && cookie.httpOnly],
  ['__host-', isHostBound],
  ['__http-', (cookie) => cookie.secure && cookie.httpOnly],
  ['__secure-', isSecure],
];

function requirementOf(text: string): Requirement | undefined {
  const lower = text.toLowerCase();
  return prefixes.find(([prefix]) => lower.startsWith(prefix))?.[1];
}

/** Does the cookie have what its name promises? A nameless cookie must not smuggle a prefix in its value. */
export function hasRequiredPrefixAttributes(cookie: ParsedSetCookie, hostOnly: boolean): boolean {
  if (cookie.name === '') return requirementOf(cookie.value) === undefined;
  return requirementOf(cookie.name)?.(cookie, hostOnly) ?? true;
}
