/**
 * @module Entry of the second bundle: the parsers and the rules of synchronous requests, which most pages never need. `rewriters-loader.ts` brings them into a realm.
 */
import { decodeBareResponse, encodeBareRequest } from '@culvert/bare-client';
import { findCssUrls } from '@culvert/rewriter/css';
import { admitsByHash, admitsUrl, parsePolicy, translatePolicy } from '@culvert/rewriter/headers';
import { parseDataUrl, percentDecode, rewriteHtml, rewriteSrcset, serializeDataUrl } from '@culvert/rewriter/html';
import { cachedScriptRewriter } from '@culvert/rewriter/js';
import { corsCheck, exposure, isSafelistedMethod, judgePreflight, unsafeHeaderNames } from '../cors-rules.js';
import { moduleWorker } from './module-worker.js';

export const rewriters = {
  admitsByHash,
  admitsUrl,
  corsCheck,
  decodeBareResponse,
  encodeBareRequest,
  exposure,
  findCssUrls,
  isSafelistedMethod,
  judgePreflight,
  moduleWorker,
  parseDataUrl,
  parsePolicy,
  percentDecode,
  rewriteHtml,
  /** Pages compile the same handlers and timers over and over. */
  rewriteScript: cachedScriptRewriter(),
  rewriteSrcset,
  serializeDataUrl,
  translatePolicy,
  unsafeHeaderNames,
};

export type Rewriters = typeof rewriters;
