/**
 * @module `toBrowser` and `fromBrowser`: the one pair of functions every URL goes through, and the route between them,
 * `{origin}{scope}{asset}/{encoded URL without fragment}#{fragment}`.
 */
import { resolveUrlCodec } from './url-codec.js';
import { assets, urlClasses, type UrlClass } from './url-classes.js';
import { isScoped, type UrlSettings } from './url-settings.js';

/** What a proxy URL stands for. */
export interface Route {
  asset: string;
  /** Absolute and serialized by the URL parser, with its fragment. */
  remoteUrl: string;
}

/**
 * The URL to hand to the browser for a remote one.
 *
 * @param remoteUrl absolute. Schemes other than http and https, what does not parse, and URLs that are scoped already
 * come back as they are.
 * @example toBrowser('https://example.com/?q#top', 'document', settings)
 * // 'http://localhost:8080/service/html/https%3A%2F%2Fexample.com%2F%3Fq#top'
 */
export function toBrowser(remoteUrl: string, urlClass: UrlClass, settings: UrlSettings): string {
  if (!isScoped(urlClass, settings) || !/^[\0- ]*h[\t\n\r]*t/i.test(remoteUrl)) return remoteUrl;
  const url = parseUrl(remoteUrl);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return remoteUrl;
  if (decodeRoute(url.href, settings) !== null) return remoteUrl;
  return encodeRoute(url.href, urlClasses[urlClass].asset, settings);
}

/** A route to any absolute URL, whatever its scheme: what the worker has to answer itself (a data: frame) needs one. */
export function encodeRoute(href: string, asset: string, settings: UrlSettings): string {
  const hash = href.indexOf('#');
  const withoutFragment = hash < 0 ? href : href.slice(0, hash);
  const fragment = hash < 0 ? '' : href.slice(hash);
  return settings.origin + settings.scope + asset + '/' + encode(withoutFragment, settings) + fragment;
}

/**
 * Reads a route. Never throws; null when the URL is not ours or does not decode to an absolute URL.
 *
 * A native fragment wins over one inside the encoding. A native query is never made by us; a GET form that was
 * submitted to a route has one, and replaces the query of its action, so that is what it does here.
 */
export function decodeRoute(proxyUrl: string, settings: UrlSettings): Route | null {
  const prefix = settings.origin + settings.scope;
  if (!proxyUrl.startsWith(prefix)) return null;
  const assetEnd = proxyUrl.indexOf('/', prefix.length);
  if (assetEnd < 0) return null;
  const asset = proxyUrl.slice(prefix.length, assetEnd);
  if (!assets.has(asset)) return null;

  const rest = proxyUrl.slice(assetEnd + 1);
  const hash = rest.indexOf('#');
  const beforeFragment = hash < 0 ? rest : rest.slice(0, hash);
  const question = beforeFragment.indexOf('?');
  const encoded = question < 0 ? beforeFragment : beforeFragment.slice(0, question);

  const decoded = decode(encoded, settings);
  let url = decoded === null ? null : parseUrl(decoded);
  if (url === null) return null;
  if (question >= 0) {
    const path = url.href.replace(/[?#].*$/s, '');
    url = parseUrl(path + beforeFragment.slice(question) + url.hash);
    if (url === null) return null;
  }
  if (hash < 0) return { asset, remoteUrl: url.href };
  return { asset, remoteUrl: url.href.replace(/#.*$/s, '') + rest.slice(hash) };
}

/** The remote URL behind a proxy URL; any other URL as it is. */
export function fromBrowser(url: string, settings: UrlSettings): string {
  return decodeRoute(url, settings)?.remoteUrl ?? url;
}

/** The URL parser without its exception: a URL that a site got wrong is no error of ours. */
export function parseUrl(url: string, baseUrl?: string): URL | null {
  try {
    return baseUrl === undefined ? new URL(url) : new URL(url, baseUrl);
  } catch {
    return null;
  }
}

function encode(url: string, settings: UrlSettings): string {
  return resolveUrlCodec(settings.codec).encode(url);
}

/** null for a malformed percent sequence and the like: the codecs report them by throwing. */
function decode(encoded: string, settings: UrlSettings): string | null {
  try {
    return resolveUrlCodec(settings.codec).decode(encoded);
  } catch {
    return null;
  }
}
