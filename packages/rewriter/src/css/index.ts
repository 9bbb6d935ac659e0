/**
 * @module URLs in CSS.
 */
export {
  rewriteStylesheet,
  rewritesStylesheets,
  unrewriteStylesheet,
  type StylesheetContext,
} from './rewrite-stylesheet.js';
export type { CssUrl } from './css-urls.js';
export { findCssUrls } from './find-urls.js';
export { CssSplicer } from './css-splicer.js';
export { cssRewritingStream } from './rewriting-stream.js';
