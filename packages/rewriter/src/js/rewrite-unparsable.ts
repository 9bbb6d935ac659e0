/**
 * @module Scripts that acorn rejects. If the engine rejects them too they are left alone; if they may be newer than
 * acorn, the tree of acorn-loose is used where it accounts for every hot token, and else the tokens alone. What not even
 * they can settle is made a SyntaxError: a script that does not run is better than one that sees the real location.
 */
import type { Program } from 'acorn';
import { closer } from './insertions.js';
import { parseLoosely, tokenize, type Goal } from './parse.js';
import { ScriptWalk, isHotName, type WalkOptions } from './script-walk.js';
import { SourceEdits } from './source-edits.js';
import { rewriteTokens } from './rewrite-tokens.js';

/** Taken before a page (or a hook) can replace it. Only compiles; what it makes is never called. */
const compile = Function;

export function rewriteUnparsable(
  source: string,
  goal: Goal,
  reason: 'syntax' | 'too-deep',
  options: WalkOptions,
): SourceEdits | null {
  const verdict = engineAccepts(source, goal);
  if (verdict === 'no') return null;
  const edits = (reason === 'syntax' ? looseEdits(source, goal, options) : null) ?? rewriteTokens(source, goal);
  if (edits === null) return blocked();
  // The engine took the original; if it does not take the rewritten text, the tokens may do better.
  if (verdict === 'yes' && engineAccepts(edits.apply(source), goal) === 'no')
    return rewriteTokens(source, goal) ?? blocked();
  return edits;
}

/** A parenthesis that nothing opened. */
function blocked(): SourceEdits {
  const edits = new SourceEdits();
  edits.add(0, closer);
  return edits;
}

/** What only a module may hold: `import` that is no call, `export`. */
const moduleWords = /\b(?:import\b(?!\s*\()|export\b)/;

/** Asks the engine whether a text is a script; it cannot be asked for modules, nor where a policy forbids eval. */
function engineAccepts(source: string, goal: Goal): 'yes' | 'no' | 'unknown' {
  if (goal === 'module' || moduleWords.test(source)) return 'unknown';
  try {
    compile(source);
    return 'yes';
  } catch (error) {
    return error instanceof SyntaxError ? 'no' : 'unknown';
  }
}

function looseEdits(source: string, goal: Goal, options: WalkOptions): SourceEdits | null {
  const program = parseLoosely(source, goal);
  if (program === null || !accountsForTokens(program, source, goal)) return null;
  return new ScriptWalk(source, options).run(program);
}

/**
 * The guard: a loose tree leaves out what it cannot place. Every hot name of the token stream must stand in it, and
 * behind a dot as the property of a member.
 */
function accountsForTokens(program: Program, source: string, goal: Goal): boolean {
  const names = new Set<number>();
  const members = new Set<number>();
  const brackets = new Set<number>();
  collect(program, names, members, brackets);
  try {
    let previous = '';
    let previousEnd = 0;
    let endsExpression = false;
    for (const { token, isOperandNext } of tokenize(source, goal)) {
      const { label } = token.type;
      const isMember = previous === '.' || previous === '?.';
      if (label === 'name' && isHotName(source.slice(token.start, token.end))) {
        if (!(isMember ? members : names).has(token.start)) return false;
      }
      if (label === '[' && endsExpression && !isMember && !brackets.has(previousEnd)) return false;
      previous = label;
      previousEnd = token.end;
      endsExpression = !isOperandNext;
    }
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function collect(root: object, names: Set<number>, members: Set<number>, brackets: Set<number>): void {
  const stack: object[] = [root];
  while (stack.length > 0) {
    const node = stack.pop() as Record<string, unknown> & { type?: string; start: number };
    if (node.type === 'Identifier') names.add(node.start);
    if (node.type === 'MemberExpression') {
      const { object, property, computed } = node as unknown as { object: Node; property: Node; computed: boolean };
      if (!computed) members.add(property.start);
      else brackets.add(object.end);
    }
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) stack.push(value);
  }
}

interface Node {
  start: number;
  end: number;
}
