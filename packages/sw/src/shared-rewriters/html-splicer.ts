/** @module In the place of the rewriter's `html/html-splicer.ts` in the built worker. */
import type * as html from '@culvert/rewriter/html';
import { rewriters } from './load-rewriters.js';

/** To be called with `new`, which gives what a function returns. */
export const HtmlSplicer = function (...parameters: ConstructorParameters<typeof html.HtmlSplicer>) {
  return new (rewriters().HtmlSplicer)(...parameters);
} as unknown as typeof html.HtmlSplicer;
