/**
 * @module Texts that were rewritten before. A page compiles the same few handlers, timers and eval texts over and over.
 */
import { rewriteScript, type ScriptOptions } from './rewrite-script.js';

export interface ScriptCacheLimits {
  /** How many texts are kept; the oldest goes first. Default 500. */
  entries?: number;
  /** The longest text that is kept, in UTF-16 code units: a long one costs memory, and is rarely seen twice. Default 2000. */
  longestText?: number;
}

/**
 * `rewriteScript` with a memory of its own.
 *
 * @example
 * const rewrite = cachedScriptRewriter({ entries: 100 });
 * rewrite('location.href', { kind: 'handler' });
 */
export function cachedScriptRewriter(limits: ScriptCacheLimits = {}): typeof rewriteScript {
  const { entries = 500, longestText = 2000 } = limits;
  const known = new Map<string, Map<string, string>>();
  return (source, options) => {
    // What depends on a place is not worth keeping.
    if (source.length > longestText || entries < 1 || options.scopedImports) return rewriteScript(source, options);
    const texts = textsFor(known, options);
    const found = texts.get(source);
    if (found !== undefined) return found;
    const rewritten = rewriteScript(source, options);
    // A map keeps the order in which its keys came.
    if (texts.size >= entries) texts.delete(texts.keys().next().value!);
    texts.set(source, rewritten);
    return rewritten;
  };
}

function textsFor(known: Map<string, Map<string, string>>, { kind, strict }: ScriptOptions): Map<string, string> {
  const key = strict ? `strict ${kind}` : kind;
  let texts = known.get(key);
  if (texts === undefined) known.set(key, (texts = new Map()));
  return texts;
}
