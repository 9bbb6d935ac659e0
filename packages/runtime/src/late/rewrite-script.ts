/**
 * @module In the place of the rewriter's `js/rewrite-script.ts` in the boot bundle: what surely needs no edit stays, anything
 * else brings the parsers.
 */
import { staysAsWritten, type ScriptOptions } from '@culvert/rewriter/js';
import { rewriters } from './rewriters-loader.js';

export type { ScriptOptions };

export function rewriteScript(source: string, options: ScriptOptions): string {
  return staysAsWritten(source) ? source : rewriters().rewriteScript(source, options);
}

/** For the worker alone: the runtime has no bytes of scripts. */
export function rewriteScriptBytes(): never {
  throw new Error('Failed to rewrite the bytes of a script: the runtime rewrites text.');
}
