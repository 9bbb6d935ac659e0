/**
 * @module Entry of the second bundle: the parsers, which most pages never need. `rewriters-loader.ts` brings them into a realm.
 */
import { findCssUrls } from '@culvert/rewriter/css';
import { admitsByHash, parsePolicy, translatePolicy } from '@culvert/rewriter/headers';
import { rewriteHtml } from '@culvert/rewriter/html';
import { rewriteScript } from '@culvert/rewriter/js';

export const rewriters = { admitsByHash, findCssUrls, parsePolicy, rewriteHtml, rewriteScript, translatePolicy };

export type Rewriters = typeof rewriters;
