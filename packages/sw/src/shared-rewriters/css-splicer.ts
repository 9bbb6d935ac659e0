/** @module In the place of the rewriter's `css/css-splicer.ts` in the built worker. */
import type * as css from '@culvert/rewriter/css';
import { rewriters } from './load-rewriters.js';

/** To be called with `new`, which gives what a function returns. */
export const CssSplicer = function (...parameters: ConstructorParameters<typeof css.CssSplicer>) {
  return new (rewriters().CssSplicer)(...parameters);
} as unknown as typeof css.CssSplicer;
