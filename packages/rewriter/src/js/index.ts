/**
 * @module JavaScript: the edits that make a script see its own `location` and `top`, and their exact inverse. Every
 * inserted piece is in `insertions.ts`; the helpers that the pieces call are described in `helper-names.ts`.
 */
export { rewriteScript, rewriteScriptBytes, type ScriptOptions } from './rewrite-script.js';
export { staysAsWritten } from './stays-as-written.js';
export { cachedScriptRewriter, type ScriptCacheLimits } from './script-cache.js';
export { unrewriteScript } from './unrewrite-script.js';
export { helperNames, type HelperName } from './helper-names.js';
