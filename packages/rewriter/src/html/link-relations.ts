/**
 * @module What a link relation loads: one table for `<link rel>` and the `Link` header.
 */
import type { UrlClass } from '../url/index.js';

/**
 * `drop`: the browser acts on it past the service worker (a DNS query, a connection, a prerendered page, a request of
 * the browser process), so the URL is taken away; these are hints, and a page can't tell that one was ignored.
 */
export type LinkLoad = UrlClass | 'drop' | null;

const relationLoads: ReadonlyMap<string, UrlClass | 'drop'> = new Map(
  Object.entries({
    stylesheet: 'stylesheet',
    icon: 'icon',
    'apple-touch-icon': 'icon',
    'apple-touch-icon-precomposed': 'icon',
    'apple-touch-startup-image': 'icon',
    'mask-icon': 'icon',
    'fluid-icon': 'icon',
    manifest: 'manifest',
    modulepreload: 'module',
    preconnect: 'drop',
    'dns-prefetch': 'drop',
    prerender: 'drop',
    search: 'drop',
    'compression-dictionary': 'drop',
  } as const),
);

/** What `as` of a preload names. Anything else is no preload at all. */
const preloadLoads: ReadonlyMap<string, UrlClass> = new Map(
  Object.entries({
    audio: 'media',
    fetch: 'fetch',
    font: 'font',
    image: 'image',
    json: 'fetch',
    script: 'script',
    style: 'stylesheet',
    track: 'track',
    video: 'media',
  } as const),
);

/** Of several relations the one that loads past the worker decides, then the last that loads. */
export function linkLoad(rel: string, as: string | null): LinkLoad {
  let load: LinkLoad = null;
  for (const relation of rel.toLowerCase().split(/[\t\n\f\r ]+/)) {
    let next: LinkLoad;
    if (relation === 'preload') next = preloadLoads.get(as?.toLowerCase() ?? '') ?? null;
    // A prefetch that names a subresource is a request like any other; a document is loaded past the worker.
    else if (relation === 'prefetch') next = preloadLoads.get(as?.toLowerCase() ?? '') ?? 'drop';
    else next = relationLoads.get(relation) ?? null;
    if (next === 'drop') return 'drop';
    if (next !== null && load !== 'icon' && load !== 'manifest') load = next;
  }
  return load;
}
