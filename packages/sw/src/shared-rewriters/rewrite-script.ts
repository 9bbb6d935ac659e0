/** @module In the place of the rewriter's `js/rewrite-script.ts` in the built worker. */
import type * as js from '@culvert/rewriter/js';
import { rewriters } from './load-rewriters.js';

export type { ScriptOptions } from '@culvert/rewriter/js';

export const rewriteScript: typeof js.rewriteScript = (source, options) => rewriters().rewriteScript(source, options);

export const rewriteScriptBytes: typeof js.rewriteScriptBytes = (source, options) =>
  rewriters().rewriteScriptBytes(source, options);
