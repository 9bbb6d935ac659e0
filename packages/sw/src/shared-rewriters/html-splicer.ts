/** @module In the place of the rewriter's `html/html-splicer.ts` in the built worker. */
import { lateClass } from './load-rewriters.js';

export const HtmlSplicer = lateClass('HtmlSplicer');
