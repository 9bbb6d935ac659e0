/**
 * @module In the place of the rewriter's `html/srcset.ts` in the boot bundle. Under real URLs no candidate is looked at.
 */
import type { rewriteSrcset as Rewrite } from '@culvert/rewriter/html';
import { rewriters } from './rewriters-loader.js';

export const rewriteSrcset: typeof Rewrite = (value, rewriteUrl) => rewriters().rewriteSrcset(value, rewriteUrl);
