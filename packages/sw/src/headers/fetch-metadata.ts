/**
 * @module
 * `Sec-Fetch-*` and `Origin`: what a request tells of where it comes from, computed from real URLs.
 *
 * @see https://w3c.github.io/webappsec-fetch-metadata/
 */
import { isSameOrigin, isSameSite, originOf } from '../site.js';

export interface RequestProvenance {
  remoteUrl: string;
  /** The URLs that redirected to it, first to last. */
  redirectChain: readonly string[];
  /** Who asks; `null` for the user (an address bar, a page of ours). */
  initiatorUrl: string | null;
  method: string;
  mode: RequestMode;
  referrerPolicy: ReferrerPolicy;
}

export type SecFetchSite = 'none' | 'same-origin' | 'same-site' | 'cross-site';

/** Section 2.4: the worst relation on the way. */
export function secFetchSite({ remoteUrl, redirectChain, initiatorUrl }: RequestProvenance): SecFetchSite {
  if (initiatorUrl === null) return 'none';
  let site: SecFetchSite = 'same-origin';
  for (const url of [...redirectChain, remoteUrl]) {
    if (isSameOrigin(url, initiatorUrl)) continue;
    if (!isSameSite(url, initiatorUrl)) return 'cross-site';
    site = 'same-site';
  }
  return site;
}

/**
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header
 *
 * @returns the value of `Origin`, or `null` where none is sent
 */
export function originHeader(provenance: RequestProvenance): string | null {
  const { remoteUrl, redirectChain, initiatorUrl, method, mode, referrerPolicy } = provenance;
  const isUnsafe = method !== 'GET' && method !== 'HEAD';
  if (initiatorUrl === null) return isUnsafe ? 'null' : null;
  const origin = isTainted(provenance) ? 'null' : originOf(initiatorUrl);

  const hasLeftOrigin = [...redirectChain, remoteUrl].some((url) => !isSameOrigin(url, initiatorUrl));
  if (mode === 'cors' && hasLeftOrigin) return origin;
  if (!isUnsafe) return null;
  if (mode === 'cors') return origin;
  const isDowngrade = initiatorUrl.startsWith('https:') && !remoteUrl.startsWith('https:');
  switch (referrerPolicy) {
    case 'no-referrer':
      return 'null';
    case 'no-referrer-when-downgrade':
    case 'strict-origin':
    case 'strict-origin-when-cross-origin':
      return isDowngrade ? 'null' : origin;
    case 'same-origin':
      return isSameOrigin(initiatorUrl, remoteUrl) ? origin : 'null';
    default:
      return origin;
  }
}

/** A redirect from a foreign origin to yet another one: the target must not learn who began. */
function isTainted({ remoteUrl, redirectChain, initiatorUrl }: RequestProvenance): boolean {
  const urls = [...redirectChain, remoteUrl];
  return urls.some((url, i) => {
    const previous = urls[i - 1];
    return previous !== undefined && !isSameOrigin(url, previous) && !isSameOrigin(previous, initiatorUrl!);
  });
}
