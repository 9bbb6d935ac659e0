/** @module In the place of the rewriter's `css/css-splicer.ts` in the built worker. */
import { lateClass } from './load-rewriters.js';

export const CssSplicer = lateClass('CssSplicer');
