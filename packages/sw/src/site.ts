/**
 * @module
 * Sites: the public suffix list, and which URLs are same-origin or same-site.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#sites
 */
import { publicSuffix, registrableDomain } from './public-suffixes/public-suffix-list.js';

/** `github.io` and its like are suffixes for cookies and sites as much as `com` is. */
export function isPublicSuffix(domain: string): boolean {
  return !isAddress(domain) && publicSuffix(domain) === domain;
}

/** The schemeful site of a URL, serialised: `https://example.com` for `https://a.example.com:8443/x`. */
export function siteOf(url: string): string {
  const parsed = parse(url);
  if (!parsed) return 'null';
  const scheme = { 'ws:': 'http:', 'wss:': 'https:' }[parsed.protocol] ?? parsed.protocol;
  if (scheme !== 'http:' && scheme !== 'https:') return 'null';
  const { hostname } = parsed;
  if (isAddress(hostname)) return `${scheme}//${hostname}`;
  // A host name with a dot at its end is that of the same site.
  return `${scheme}//${registrableDomain(hostname.replace(/\.$/, '')) ?? hostname}`;
}

/** As the URL parser writes addresses: no other host name ends with a number. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /(?:^|\.)\d+$/.test(hostname);
}

/** The serialised origin of a URL; `null` for the opaque ones. */
export function originOf(url: string): string {
  return parse(url)?.origin ?? 'null';
}

export function isSameOrigin(a: string, b: string): boolean {
  const origin = originOf(a);
  return origin !== 'null' && origin === originOf(b);
}

export function isSameSite(a: string, b: string): boolean {
  const site = siteOf(a);
  return site !== 'null' && site === siteOf(b);
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
