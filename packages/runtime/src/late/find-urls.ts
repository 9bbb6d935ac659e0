/**
 * @module In the place of the rewriter's `css/find-urls.ts` in the boot bundle. Under real URLs no CSS is looked at.
 */
import type { findCssUrls as Find } from '@culvert/rewriter/css';
import { rewriters } from './rewriters-loader.js';

export const findCssUrls: typeof Find = (css, onUrl) => rewriters().findCssUrls(css, onUrl);
