/**
 * @module In the place of the rewriter's `html/rewrite-html.ts` in the boot bundle.
 */
import type { rewriteHtml as Rewrite } from '@culvert/rewriter/html';
import { rewriters } from './rewriters-loader.js';

export const rewriteHtml: typeof Rewrite = (html, context) => rewriters().rewriteHtml(html, context);
