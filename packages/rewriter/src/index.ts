/**
 * @module Rewrites HTML, JavaScript, CSS and header values for a proxied page, and undoes it. Pure functions and one
 * stream: no DOM, no worker global. `html/attribute-rules.ts` and `url/url-classes.ts` are the tables that the
 * runtime's DOM hooks read too.
 */
export * from './url/index.js';
export * from './html/index.js';
export * from './js/index.js';
export { rewriteEncodedScript } from './js/rewrite-encoded.js';
export * from './css/index.js';
export * from './headers/index.js';
export * from './manifest/index.js';
export * from './text/index.js';
export * from './xml/index.js';
