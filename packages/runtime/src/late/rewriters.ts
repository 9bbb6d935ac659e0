/**
 * @module Entry of the second bundle: the parsers, which most pages never need. `rewriters-loader.ts` brings them into a realm.
 */
import { findCssUrls } from '@culvert/rewriter/css';
import { admitsByHash, parsePolicy, translatePolicy } from '@culvert/rewriter/headers';
import { parseDataUrl, percentDecode, rewriteHtml, rewriteSrcset, serializeDataUrl } from '@culvert/rewriter/html';
import { rewriteScript } from '@culvert/rewriter/js';

export const rewriters = {
  admitsByHash,
  findCssUrls,
  parseDataUrl,
  parsePolicy,
  percentDecode,
  rewriteHtml,
  rewriteScript,
  rewriteSrcset,
  serializeDataUrl,
  translatePolicy,
};

export type Rewriters = typeof rewriters;
