/**
 * @module The edits from tokens alone, for scripts that no parser can read (syntax newer than acorn, or nested deeper
 * than the stack). It follows only where the present chain of members and calls began, so names are taken for dynamic
 * and what needs a tree (patterns that read hot properties) is refused.
 */
import type { Token } from 'acorn';
import { helperNames } from './helper-names.js';
import {
  closer,
  dynamicPrefix,
  opener,
  optionalBracket,
  optionalDot,
  parenthesis,
  shorthandKey,
} from './insertions.js';
import { tokenize, type Goal, type ScannedToken } from './parse.js';
import { tokTypes } from './parsers.js';
import { isHotName } from './script-walk.js';
import { SourceEdits } from './source-edits.js';

/** An operand with the members and calls that follow it. */
interface Chain {
  /** -1 if it is not known. */
  start: number;
  /** The operator `new` stands before it, at this offset, and its arguments did not come yet. */
  newStart: number;
  hasOptional: boolean;
  isSuper: boolean;
}

interface Frame {
  opening: Token;
  index: number;
  /** The chain that a bracket or argument list continues. */
  chain: Chain | null;
  role: 'group' | 'head' | 'eval' | 'import' | 'body' | 'object' | 'template';
  readsHot: boolean;
}

interface Insertion {
  position: number;
  text: string;
  opens: boolean;
  name?: string;
}

/** Keywords whose parentheses are no operand. */
const heads = new Set(['if', 'while', 'for', 'with', 'switch', 'catch', 'function']);
const declarators = new Set(['var', 'const', 'let', 'function', 'class', 'import', 'as']);
const operands = new Set(['num', 'string', 'regexp', 'this', 'null', 'true', 'false', 'super', 'privateId']);

/** @returns null if an edit would be needed that tokens cannot give */
export function rewriteTokens(source: string, goal: Goal): SourceEdits | null {
  let scanned: ScannedToken[];
  try {
    scanned = [...tokenize(source, goal)];
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return new TokenPass(source, scanned).run();
}

class TokenPass {
  readonly #insertions: Insertion[] = [];
  readonly #declared = new Set<string>();
  readonly #frames: Frame[] = [];
  #chain: Chain | null = null;
  #isRefused = false;

  constructor(
    readonly source: string,
    readonly scanned: ScannedToken[],
  ) {}

  run(): SourceEdits | null {
    for (let index = 0; index < this.scanned.length && !this.#isRefused; index++) this.#step(index);
    return this.#isRefused ? null : this.#sorted();
  }

  #label(index: number): string {
    return this.scanned[index]?.token.type.label ?? '';
  }

  #text(index: number): string {
    const token = this.scanned[index]?.token;
    return token ? this.source.slice(token.start, token.end) : '';
  }

  #step(index: number): void {
    const { token, isOperandNext } = this.scanned[index]!;
    const label = token.type.label;
    const previous = this.#label(index - 1);
    if (previous === '.' || (previous === '?.' && label !== '(' && label !== '[' && label !== '`')) {
      return this.#property(index);
    }
    if (label === '?.') {
      if (this.#chain) this.#chain.hasOptional = true;
    } else if (label === '.') {
      // The chain goes on.
    } else if (label === 'name') {
      this.#name(index);
    } else if (operands.has(label)) {
      this.#begin(index, token.start);
      this.#chain!.isSuper = label === 'super';
    } else if (label === '`') {
      this.#backquote(token, index);
    } else if (label === '(' || label === '[' || label === '{' || label === '${') {
      this.#open(index, isOperandNext);
    } else if (label === ')' || label === ']' || label === '}') {
      this.#close(index, isOperandNext);
    } else if (label !== 'template') {
      if (label === ',') this.#comma(token);
      this.#chain = null;
    }
  }

  #begin(index: number, start: number): void {
    const newStart = this.#label(index - 1) === 'new' ? this.scanned[index - 1]!.token.start : -1;
    this.#chain = { start, newStart, hasOptional: false, isSuper: false };
  }

  #wrap(helper: string, end: number, isBehindOptional: boolean, text: string): void {
    const chain = this.#chain!;
    if (chain.start < 0) {
      this.#isRefused = true;
      return;
    }
    const before = this.source[chain.start - 1] ?? ' ';
    const isParenthesized = chain.newStart >= 0 || (/[\w$]/.test(before) && !/[\w$]/.test(this.source[chain.start]!));
    this.#insert(chain.start, (isParenthesized ? parenthesis : '') + opener(helper), true);
    this.#insert(end, isParenthesized ? closer + closer : closer, false);
    if (chain.hasOptional && !isBehindOptional) this.#insert(end, text, false);
  }

  #insert(position: number, text: string, opens: boolean, name?: string): void {
    this.#insertions.push(name === undefined ? { position, text, opens } : { position, text, opens, name });
  }

  /** The name behind a dot. */
  #property(index: number): void {
    const name = this.scanned[index]!.token.value;
    if (typeof name !== 'string') {
      this.#isRefused = true;
      return;
    }
    const next = this.#label(index + 1);
    const dot = this.scanned[index - 1]!.token;
    const isOptional = dot.type === tokTypes.questionDot;
    if (!this.#chain) {
      if (isHotName(name)) this.#isRefused = true;
      return;
    }
    if (this.#chain.isSuper) this.#chain.isSuper = false;
    else if (name === 'postMessage' && next === '(')
      this.#wrap(helperNames.messageTarget, dot.start, isOptional, optionalDot);
    else if (isHotName(name) && next !== '(' && next !== '`')
      this.#wrap(helperNames.standIn, dot.start, isOptional, optionalDot);
  }

  #name(index: number): void {
    const { token } = this.scanned[index]!;
    const name = token.value as string;
    this.#begin(index, token.start);
    const previous = this.#label(index - 1);
    const next = this.#label(index + 1);
    if (!isHotName(name)) return;
    if (declarators.has(previous) || declarators.has(this.#text(index - 1)) || next === '=>') {
      this.#declared.add(name);
      return;
    }
    const inBraces = previous === '{' || previous === ',';
    if (next === ':' && (inBraces || previous === ';' || previous === '}' || previous === '')) {
      const frame = this.#frames.at(-1);
      if (frame) frame.readsHot = true;
      return;
    }
    if (next === '(' || next === '`' || previous === 'typeof' || previous === 'delete') return;
    const isShorthand =
      inBraces && (next === ',' || next === '}') && this.#frames.at(-1)?.opening.type === tokTypes.braceL;
    if (isShorthand) this.#frames.at(-1)!.readsHot = true;
    const isWritten =
      next === '=' || next === '_=' || next === '++/--' || previous === '++/--' || this.#text(index + 1) === 'of';
    if (isWritten) return this.#insert(token.start, dynamicPrefix(name), true, name);
    const parenthesized = this.#chain!.newStart >= 0;
    const open = (parenthesized ? parenthesis : '') + opener(helperNames.value);
    this.#insert(token.start, (isShorthand ? shorthandKey(name) : '') + open, true, name);
    this.#insert(token.end, parenthesized ? closer + closer : closer, false, name);
  }

  #backquote(token: Token, index: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.role === 'template') {
      this.#frames.pop();
      if (frame.chain) this.#chain = frame.chain;
      else this.#begin(frame.index, frame.opening.start);
      return;
    }
    this.#frames.push({ opening: token, index, chain: this.#chain, role: 'template', readsHot: false });
    this.#chain = null;
  }

  #open(index: number, isOperandNext: boolean): void {
    const { token } = this.scanned[index]!;
    const label = token.type.label;
    const previous = this.#label(index - 1);
    let role: Frame['role'] = 'group';
    if (label === '{') role = isOperandNext && previous !== ')' && previous !== '=>' ? 'object' : 'body';
    if (label === '(') role = this.#parenthesisRole(index);
    if (role === 'eval') {
      this.#insert(this.scanned[index - 1]!.token.start, opener(helperNames.armEval), true);
      // Not as an opener: those of the arguments, at the same position, stand behind it.
      this.#insert(token.end, opener(helperNames.evalSource), false);
    }
    if (role === 'import') this.#insert(token.end, opener(helperNames.moduleSpecifier), false);
    this.#frames.push({ opening: token, index, chain: label === '{' ? null : this.#chain, role, readsHot: false });
    this.#chain = null;
  }

  #parenthesisRole(index: number): Frame['role'] {
    const previous = this.#label(index - 1);
    if (heads.has(previous) || (previous === 'name' && this.#label(index - 2) === 'function')) return 'head';
    // A spread is no specifier: the engine is to say so.
    if (previous === 'import') return this.#label(index + 1) === '...' ? 'group' : 'import';
    const isCall = previous === 'name' && this.#text(index - 1) === 'eval' && this.#label(index + 1) !== ')';
    const before = this.#label(index - 2);
    return isCall && before !== '.' && before !== '?.' ? 'eval' : 'group';
  }

  #comma(token: Token): void {
    const frame = this.#frames.at(-1);
    if (frame?.role !== 'import') return;
    this.#insert(token.start, closer, false);
    frame.role = 'group';
  }

  #close(index: number, isOperandNext: boolean): void {
    const { token } = this.scanned[index]!;
    const frame = this.#frames.pop();
    if (!frame) {
      this.#isRefused = true;
      return;
    }
    // A pattern over something that holds hot names: its source has an end that tokens do not tell.
    if (frame.readsHot && (this.#label(index + 1) === '=' || this.#text(index + 1) === 'of')) this.#isRefused = true;
    if (frame.role === 'eval') this.#insert(token.start, closer, false);
    if (frame.role === 'eval') this.#insert(token.end, closer, false);
    if (frame.role === 'import') this.#insert(token.start, closer, false);
    if (token.type === tokTypes.braceR || frame.role === 'head') {
      this.#chain = null;
      if (!isOperandNext) this.#begin(frame.index, frame.role === 'object' ? frame.opening.start : -1);
      if (frame.role === 'head') this.#chain = null;
      return;
    }
    this.#chain = frame.chain;
    if (!frame.chain) return this.#begin(frame.index, frame.opening.start);
    if (token.type === tokTypes.bracketR) this.#computedMember(index, frame);
    else if (frame.chain.newStart >= 0) this.#chain = { ...frame.chain, start: frame.chain.newStart, newStart: -1 };
  }

  #computedMember(index: number, frame: Frame): void {
    const next = this.#label(index + 1);
    const chain = frame.chain!;
    if (chain.isSuper || next === '(' || next === '`') {
      chain.isSuper = false;
      return;
    }
    const isSingle = index === frame.index + 2;
    const label = this.#label(frame.index + 1);
    const value = this.scanned[frame.index + 1]!.token.value as unknown;
    if (isSingle && (label === 'num' || (label === 'string' && !isHotName(value as string)))) return;
    const isOptional = this.#label(frame.index - 1) === '?.';
    const end = isOptional ? this.scanned[frame.index - 1]!.token.start : frame.opening.start;
    this.#wrap(helperNames.standIn, end, isOptional, optionalBracket);
  }

  /** In source order; at one position what closes stands before what opens, and the outer opener before the inner. */
  #sorted(): SourceEdits {
    const edits = new SourceEdits();
    const kept = this.#insertions.filter(({ name }) => name === undefined || !this.#declared.has(name));
    const order = new Map(kept.map((insertion, index) => [insertion, index]));
    kept.sort((a, b) => {
      if (a.position !== b.position) return a.position - b.position;
      if (a.opens !== b.opens) return a.opens ? 1 : -1;
      return a.opens ? order.get(b)! - order.get(a)! : order.get(a)! - order.get(b)!;
    });
    for (const { position, text } of kept) edits.add(position, text);
    return edits;
  }
}
