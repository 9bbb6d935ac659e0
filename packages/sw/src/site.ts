/**
 * @module
 * Sites: the public suffix list, and which URLs are same-origin or same-site.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#sites
 */
import { getDomain, getPublicSuffix } from 'tldts';

/** `github.io` and its like are suffixes for cookies and sites as much as `com` is. */
const suffixOptions = { allowPrivateDomains: true };

export function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, suffixOptions) === domain;
}

/** The schemeful site of a URL, serialised: `https://example.com` for `https://a.example.com:8443/x`. */
export function siteOf(url: string): string {
  const parsed = parse(url);
  if (!parsed) return 'null';
  const scheme = { 'ws:': 'http:', 'wss:': 'https:' }[parsed.protocol] ?? parsed.protocol;
  if (scheme !== 'http:' && scheme !== 'https:') return 'null';
  return `${scheme}//${getDomain(parsed.hostname, suffixOptions) ?? parsed.hostname}`;
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
