/**
 * @module URLs: the table of their classes and the one pair of functions that moves them below the scope and back.
 */
export { urlCodecs, type UrlCodec, type UrlCodecName } from './url-codec.js';
export { urlClasses, type UrlClass, type UrlClassEntry } from './url-classes.js';
export { isScoped, type UrlSettings } from './url-settings.js';
export { decodeRoute, encodeRoute, fromBrowser, parseUrl, toBrowser, type Route } from './rewrite-url.js';
