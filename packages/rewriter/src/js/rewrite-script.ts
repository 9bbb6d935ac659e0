/**
 * @module The JavaScript rewriter: pre-filter, the fast path, and where that is not sure: parse, one walk, insertions.
 */
import { needsNoEdits } from './pre-filter.js';
import { parseProgram, type Goal } from './parse.js';
import { rewriteUnparsable } from './rewrite-unparsable.js';
import { ScriptWalk, type ScopedImports, type WalkOptions } from './script-walk.js';
import { rewriteFast, rewriteFastBytes, type FastBytesResult, type FastResult } from './fast/rewrite-fast.js';
import { resemblesInsertions } from './resembles-insertions.js';
import type { SourceEdits } from './source-edits.js';
import { insertionList, unrewriteScript } from './unrewrite-script.js';

export interface ScriptOptions {
  /**
   * `script` and `module`: a whole file or element (if it only parses for the other goal, that one is taken).
   * `handler`: the body of an event handler attribute. `javascript-url`: what follows `javascript:`, percent-decoded.
   * `eval`: the argument of a direct or indirect eval or of a string timer. `function`: the text
   * `async? function*? anonymous(P\n) {\nB\n}` of a Function constructor, between whose parts (`\n) {\n`) nothing is
   * inserted.
   */
  kind: 'script' | 'module' | 'handler' | 'javascript-url' | 'eval' | 'function';
  /** E10: for a module that stands at a scoped URL, so that relative specifiers would resolve against that. */
  scopedImports?: ScopedImports;
  /** The code runs as strict code without saying so: a direct eval in strict code. A hint that may be left out. */
  strict?: boolean;
}

const scriptGoals: Goal[] = ['script'];
const goals: Record<ScriptOptions['kind'], Goal[]> = {
  script: ['script', 'module'],
  module: ['module', 'script'],
  handler: scriptGoals,
  'javascript-url': scriptGoals,
  eval: scriptGoals,
  function: scriptGoals,
};

/**
 * Rewrites a script so that it sees the page's own `location` and `top`, by insertions alone: no line is added or
 * joined, and `unrewriteScript` gives back the source, or of a slice of the result the slice of the source.
 *
 * A source that does not parse comes back as it is: the page gets the engine's own SyntaxError.
 *
 * @example
 * rewriteScript('location.href', { kind: 'script' }); // 'cv$p\v.location.href'
 */
export function rewriteScript(source: string, options: ScriptOptions): string {
  if (needsNoEdits(source)) return resemblesInsertions(source) ? rewriteByTree(source, options) : source;
  if (resemblesInsertions(source)) return rewriteByTree(source, options);
  const fast = rewriteQuickly(source, options);
  return 'text' in fast ? fast.text : rewriteByTree(source, options);
}

const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/**
 * `rewriteScript` for a script in UTF-8, as it comes from the network: nothing is decoded or encoded unless the
 * reference path is needed. A script without edits comes back as the array that was given. Bytes that are no UTF-8
 * stay as they are, or become U+FFFD, which is what a browser takes them for.
 */
export function rewriteScriptBytes(source: Uint8Array<ArrayBuffer>, options: ScriptOptions): Uint8Array<ArrayBuffer> {
  const hasMark = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf;
  // A hashbang behind a byte order mark is one too, and acorn would not see it.
  if (!(hasMark && source[3] === 0x23)) {
    const fast = rewriteBytesQuickly(source, options);
    if ('bytes' in fast) return fast.bytes;
  }
  const text = decoder.decode(source);
  const rewritten = rewriteByTree(text, options);
  if (rewritten === text) return source;
  return encoder.encode(hasMark ? '\ufeff' + rewritten : rewritten);
}

/** The fast path alone, on bytes. */
export function rewriteBytesQuickly(source: Uint8Array<ArrayBuffer>, options: ScriptOptions): FastBytesResult {
  let result: FastBytesResult = { doubt: 'goal', position: 0 };
  for (const goal of goals[options.kind]) {
    result = rewriteFastBytes(source, { ...walkOptions(options, goal), goal });
    if ('bytes' in result || result.doubt !== 'goal') return result;
  }
  return result;
}

/** The fast path alone, for the first goal that it can read the text for. */
export function rewriteQuickly(source: string, options: ScriptOptions): FastResult {
  let result: FastResult = { doubt: 'goal', position: 0 };
  for (const goal of goals[options.kind]) {
    result = rewriteFast(source, { ...walkOptions(options, goal), goal });
    if ('text' in result || result.doubt !== 'goal') return result;
  }
  return result;
}

/** The reference path: parse, one walk, insertions. */
export function rewriteByTree(source: string, options: ScriptOptions): string {
  const edits = needsNoEdits(source) ? null : editsFor(source, options);
  const rewritten = edits === null ? source : edits.apply(source);
  if (!resemblesInsertions(source) || unrewriteScript(rewritten) === source) return rewritten;
  // The parts of a constructed function are cut out of the result: no room for a list.
  return options.kind === 'function' ? rewritten : rewritten + insertionList(edits?.insertedRanges() ?? []);
}

function editsFor(source: string, options: ScriptOptions): SourceEdits | null {
  const parsed = parseProgram(source, goals[options.kind]);
  if (parsed.program === null) {
    const goal = goals[options.kind][0]!;
    return rewriteUnparsable(source, goal, parsed.reason, walkOptions(options, goal));
  }
  return new ScriptWalk(source, walkOptions(options, parsed.goal)).run(parsed.program);
}

function walkOptions(options: ScriptOptions, goal: Goal): WalkOptions {
  const { kind, strict, scopedImports } = options;
  const isEval = kind === 'eval';
  return {
    topLevel:
      goal === 'module' ? 'module' : isEval && !strict ? 'eval' : isEval || kind === 'handler' ? 'function' : 'global',
    isDynamic: isEval || kind === 'handler',
    isStrict: goal === 'module' || strict === true,
    scopedImports,
    rewriteModule: (source) => rewriteScript(source, { kind: 'module' }),
  };
}
