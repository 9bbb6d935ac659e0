/**
 * @module
 * The headers of a request as the site gets them: what the page set, what its browser would add, and in Chrome's order.
 */
import type { HeaderPair } from '@culvert/bare-client';
import { isSecureUrl } from '@culvert/cookies';
import { acceptLanguage, clientHints, type BrowserIdentity } from './client-hints.js';
import { originHeader, secFetchSite, type RequestProvenance } from './fetch-metadata.js';
import { encodeHeaderText } from './header-list.js';
import { isHopByHop } from './hop-by-hop.js';

export interface RequestDescription extends RequestProvenance {
  /** What the page set. */
  headers: Iterable<[string, string]>;
  destination: RequestDestination;
  cache: RequestCache;
  /** For a document in a frame; see security/required-policy.ts. */
  requiredPolicy?: string;
  /** Already by policy; empty for none. */
  referrer: string;
  /** Empty for none. */
  cookie: string;
}

/** Those that are the browser's alone to say; from our own origin's requests they would tell of the proxy. */
const replaced: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'referer',
  'cookie',
  'content-length',
  'accept-encoding',
  'sec-required-csp',
]);

/** The order of Chrome's HTTP/1.1 requests, and the spelling. What is not here stands in the gap, as the page had it. */
const order: readonly (string | null)[] = [
  'Host',
  'Pragma',
  'Cache-Control',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'Authorization',
  'Origin',
  'Content-Type',
  'Upgrade-Insecure-Requests',
  'User-Agent',
  'Accept',
  null,
  'Sec-Fetch-Site',
  'Sec-Fetch-Mode',
  'Sec-Fetch-User',
  'Sec-Fetch-Dest',
  'Referer',
  'Accept-Encoding',
  'Accept-Language',
  'Cookie',
  'If-None-Match',
  'If-Modified-Since',
  'If-Range',
  'Range',
];
const places = new Map(order.map((name, place) => [name?.toLowerCase(), { name, place }]));
const gap = order.indexOf(null);

const acceptByDestination: Partial<Record<RequestDestination, string>> = {
  image: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
  style: 'text/css,*/*;q=0.1',
};
const acceptForNavigation =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8';

export function requestHeaders(description: RequestDescription, browser: BrowserIdentity): HeaderPair[] {
  const isNavigation = description.mode === 'navigate';
  const url = new URL(description.remoteUrl);
  const headers = new Map<string, string>();
  for (const [name, value] of description.headers) {
    const lower = name.toLowerCase();
    if (!replaced.has(lower) && !isHopByHop(lower) && !lower.startsWith('sec-fetch-')) headers.set(lower, value);
  }
  const setIfAbsent = (name: string, value: string) => headers.has(name) || headers.set(name, value);

  headers.set('host', url.host);
  // https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, the cache modes that the site is told of.
  if (description.cache === 'no-cache') setIfAbsent('cache-control', 'max-age=0');
  if (description.cache === 'no-store' || description.cache === 'reload') {
    setIfAbsent('pragma', 'no-cache');
    setIfAbsent('cache-control', 'no-cache');
  }
  if (url.username !== '' || url.password !== '') setIfAbsent('authorization', basicCredentials(url));
  if (isNavigation) setIfAbsent('upgrade-insecure-requests', '1');
  setIfAbsent('user-agent', browser.userAgent);
  setIfAbsent('accept', isNavigation ? acceptForNavigation : (acceptByDestination[description.destination] ?? '*/*'));
  if (browser.languages.length > 0) setIfAbsent('accept-language', acceptLanguage(browser.languages));
  // A range of encoded bytes is of no use to a media element.
  if (headers.has('range')) headers.set('accept-encoding', 'identity;q=1, *;q=0');

  if (description.requiredPolicy !== undefined) headers.set('sec-required-csp', description.requiredPolicy);
  const origin = originHeader(description);
  if (origin !== null) headers.set('origin', origin);
  if (description.referrer !== '') headers.set('referer', encodeHeaderText(description.referrer));
  if (description.cookie !== '') headers.set('cookie', encodeHeaderText(description.cookie));

  if (isSecureUrl(url)) {
    for (const [name, value] of clientHints(browser)) setIfAbsent(name, value);
    headers.set('sec-fetch-site', secFetchSite(description));
    headers.set('sec-fetch-mode', description.mode);
    // Whether the user moved it is not to be seen here; of top-level navigations most are.
    if (isNavigation && description.destination === 'document') headers.set('sec-fetch-user', '?1');
    headers.set('sec-fetch-dest', description.destination || 'empty');
  } else {
    for (const [name] of clientHints(browser)) headers.delete(name);
  }

  const place = (name: string) => places.get(name)?.place ?? gap;
  return [...headers]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => [places.get(name)?.name ?? name, value]);
}

function basicCredentials(url: URL): string {
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${btoa(encodeHeaderText(text))}`;
}
