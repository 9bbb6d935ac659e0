/**
 * @module URLs in CSS.
 */
export {
  rewriteStylesheet,
  rewritesStylesheets,
  unrewriteStylesheet,
  type StylesheetContext,
} from './rewrite-stylesheet.js';
export { cssRewritingStream } from './rewriting-stream.js';
