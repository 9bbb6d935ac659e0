/**
 * @module The one table of URL classes: what a URL is for decides its route and whether it stays real.
 */

/** What a URL is loaded as. */
export type UrlClass =
  | 'document'
  | 'frame'
  /** In a frame whose `sandbox` makes its origin opaque, which the worker learns from the route. */
  | 'sandboxed-frame'
  | 'worker'
  | 'sharedworker'
  | 'script'
  | 'module'
  | 'stylesheet'
  | 'image'
  | 'media'
  | 'font'
  | 'fetch'
  | 'track'
  | 'manifest'
  | 'icon'
  | 'object'
  | 'svg-reference';

export interface UrlClassEntry {
  /** The path segment after the scope. */
  readonly asset: string;
  /**
   * What becomes of the class under `urls: "real"`. `scoped` is for what makes a new realm, and for what the platform
   * blocks cross-origin or loads past the service worker; all else reaches the worker at its real URL.
   */
  readonly real: 'real' | 'scoped';
}

export const urlClasses: Readonly<Record<UrlClass, UrlClassEntry>> = {
  document: { asset: 'html', real: 'scoped' },
  frame: { asset: 'html', real: 'scoped' },
  'sandboxed-frame': { asset: 'sandbox', real: 'scoped' },
  worker: { asset: 'worker', real: 'scoped' },
  sharedworker: { asset: 'sharedworker', real: 'scoped' },
  script: { asset: 'js', real: 'real' },
  module: { asset: 'module', real: 'real' },
  stylesheet: { asset: 'css', real: 'real' },
  image: { asset: 'img', real: 'real' },
  media: { asset: 'media', real: 'real' },
  font: { asset: 'font', real: 'real' },
  fetch: { asset: 'xhr', real: 'real' },
  track: { asset: 'track', real: 'scoped' },
  manifest: { asset: 'manifest', real: 'scoped' },
  icon: { asset: 'icon', real: 'scoped' },
  object: { asset: 'object', real: 'scoped' },
  'svg-reference': { asset: 'svg', real: 'scoped' },
};

/** Every asset a route may name. `~` is reserved for the worker's own files and is not one. */
export const assets: ReadonlySet<string> = new Set(Object.values(urlClasses).map((entry) => entry.asset));
