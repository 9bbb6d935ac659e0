/**
 * @module The settings under which URLs are rewritten, and the one question that the rest asks of them.
 */
import type { UrlCodec, UrlCodecName } from './url-codec.js';
import { urlClasses, type UrlClass } from './url-classes.js';

export interface UrlSettings {
  /** The proxy's origin, as `location.origin` has it: `http://localhost:8080`. */
  origin: string;
  /** The path below which routes stand, with both slashes: `/service/`. */
  scope: string;
  /** `real`: only what must be is scoped (see `urlClasses`). `scoped`: every class is. */
  urls: 'real' | 'scoped';
  /** Classes that are scoped although `urls` is `real`. */
  scopedClasses?: UrlClass[];
  /** Default `component`. Settings that travel as JSON need a name, not an object. */
  codec?: UrlCodec | UrlCodecName;
  /**
   * The URL by which the engine holds what a service worker made against a document's policy: Firefox takes the worker's
   * script, so that every list of sources must admit it. Absent where it takes none.
   */
  readonly answerUrl?: string;
}

/** Whether a URL of this class goes through a route of ours. */
export function isScoped(urlClass: UrlClass, settings: UrlSettings): boolean {
  return (
    settings.urls === 'scoped' ||
    urlClasses[urlClass].real === 'scoped' ||
    (settings.scopedClasses !== undefined && settings.scopedClasses.includes(urlClass))
  );
}
