/**
 * @module Entry of the second bundle: the parsers and the rules of synchronous requests, which most pages never need. `rewriters-loader.ts` brings them into a realm.
 * The built service worker takes its own from here too (`sw/src/shared-rewriters`).
 */
import { CssSplicer, findCssUrls } from '@culvert/rewriter/css';
import { admitsByHash, admitsUrl, parsePolicy, translatePolicy } from '@culvert/rewriter/headers';
import {
  HtmlSplicer,
  parseDataUrl,
  percentDecode,
  rewriteHtml,
  rewriteSrcset,
  serializeDataUrl,
} from '@culvert/rewriter/html';
import { cachedScriptRewriter, rewriteScriptBytes } from '@culvert/rewriter/js';
import { XmlSplicer } from '@culvert/rewriter/xml';
import { cookieProblem } from './cookie-problem.js';
import { moduleWorker } from './module-worker.js';
import { protocolHandlerProblem } from './protocol-handler.js';
import { sendSynchronously } from './synchronous-request.js';

export const rewriters = {
  CssSplicer,
  HtmlSplicer,
  XmlSplicer,
  admitsByHash,
  admitsUrl,
  cookieProblem,
  findCssUrls,
  moduleWorker,
  parseDataUrl,
  parsePolicy,
  percentDecode,
  protocolHandlerProblem,
  rewriteHtml,
  /** Pages compile the same handlers and timers over and over. */
  rewriteScript: cachedScriptRewriter(),
  rewriteScriptBytes,
  rewriteSrcset,
  sendSynchronously,
  serializeDataUrl,
  translatePolicy,
};

export type Rewriters = typeof rewriters;
