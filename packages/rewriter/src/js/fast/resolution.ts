/**
 * @module What the insertions that wait for a decision come to: once all declarations and writes are known, hot names
 * are resolved, and keys are looked at again.
 */
import { Certainty, isSafeKey, type KeyScope, type KeyVariable } from '../numeric-variables.js';
import {
  Decision,
  NameUse,
  ScopeKind,
  Value,
  decisionStride,
  nameStride,
  scopeContainsEval,
  scopeHasEval,
  scopeKindMask,
} from './recorder.js';
import type { Statements } from './statements.js';
import { valueAt } from './values.js';

const constants = ['undefined', 'NaN', 'Infinity'];

/** What is known of a variable from the records alone. */
const enum State {
  Numeric,
  /** Some values have to be looked at. */
  Intricate,
  Other,
}

/** Decides: 1 in `verdicts` for each decision whose insertions are made. */
export function decide(pass: Statements, verdicts: Uint8Array): void {
  let resolution: Resolution | null = null;
  const { decisions, decisionCount } = pass;
  for (let id = 1; id < decisionCount; id++) {
    const at = id * decisionStride;
    const scope = decisions[at + 1]!;
    const start = decisions[at + 2]!;
    const end = decisions[at + 3]!;
    if (decisions[at] === Decision.Reference) {
      if (pass.hasHotDeclaration) {
        resolution ??= new Resolution(pass);
        if (resolution.resolve(scope, start, end - start) >= 0) {
          verdicts[id] = 0;
          continue;
        }
      }
      if (!pass.isDynamic && pass.hasEvalCall && isBesideEval(pass, scope)) pass.notSure('dynamic-name');
      verdicts[id] = 1;
      continue;
    }
    resolution ??= new Resolution(pass);
    if (decisions[at] === Decision.NameKey) verdicts[id] = resolution.isNumericName(scope, start, end - start) ? 0 : 1;
    else verdicts[id] = resolution.isSafe(start, scope, decisions[at + 4]!) ? 0 : 1;
  }
}

function isBesideEval(pass: Statements, from: number): boolean {
  for (let scope = from; scope >= 0; scope = pass.scopeParents[scope]!) {
    const flags = pass.scopeFlags[scope]!;
    if ((flags & scopeKindMask) === ScopeKind.Function && (flags & scopeHasEval) !== 0) return true;
  }
  return false;
}

/** What a resolution needs is kept for the next one, unless it grew beyond this many numbers. */
const keptNumbers = 1 << 20;
let keptBlock = new Int32Array(1 << 12);

function takeBlock(size: number, zeros: number): Int32Array {
  const block = keptBlock.length >= size ? keptBlock.fill(0, 0, zeros) : new Int32Array(size);
  if (size <= keptNumbers) keptBlock = block;
  return block;
}

/** Of a name three letters and the length are enough to tell most apart; the rest is compared. */
function hashOf(first: number, middle: number, last: number, length: number): number {
  const hash = Math.imul(first | (middle << 8) | (last << 16) | (length << 24), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

class Resolution {
  readonly #pass: Statements;
  /** Open addressing: scope and name to variable, plus one. */
  readonly #table: Int32Array;
  readonly #mask: number;
  /** For each scope, which hashes its names have. */
  readonly #blooms: Int32Array;
  #count = 0;
  readonly #hashes: Int32Array;
  readonly #scopes: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #states: Int32Array;
  /** The records of values to be looked at, plus one, chained by variable. */
  readonly #firstValues: Int32Array;
  readonly #nextValues: Int32Array;
  #hasWrites = false;
  readonly #views = new Map<number, ScopeView>();
  readonly #variables = new Map<number, VariableView>();

  constructor(pass: Statements) {
    this.#pass = pass;
    const records = pass.nameCount / nameStride;
    let size = 64;
    while (size < records * 2) size *= 2;
    this.#mask = size - 1;
    // One block, of which the first part starts as zeros.
    const zeros = size + pass.scopeCount + records * 2;
    const block = takeBlock(zeros + records * 5, zeros);
    let used = 0;
    const part = (length: number) => block.subarray(used, (used += length));
    this.#table = part(size);
    this.#blooms = part(pass.scopeCount);
    this.#states = part(records);
    this.#firstValues = part(records);
    this.#hashes = part(records);
    this.#scopes = part(records);
    this.#starts = part(records);
    this.#lengths = part(records);
    this.#nextValues = part(records);
    this.#declareAll();
  }

  #declareAll(): void {
    const { names, nameCount } = this.#pass;
    let hasBlockFunctions = false;
    for (let at = 0; at < nameCount; at += nameStride) {
      const use = names[at + 3]!;
      if (use === NameUse.BlockFunction) hasBlockFunctions = true;
      if (use > NameUse.DeclaredValue) continue;
      const variable = this.#declare(names[at]!, names[at + 1]!, names[at + 2]!);
      if (use === NameUse.DeclaredUnknown) this.#states[variable] = State.Other;
      else if (use === NameUse.DeclaredValue) this.#addValue(variable, at);
    }
    if (hasBlockFunctions) this.#hoistBlockFunctions();
  }

  /** Annex B.3.2, as `hoistBlockFunction` has it. */
  #hoistBlockFunctions(): void {
    const { names, nameCount, scopeParents, variableScopes, scopeFlags } = this.#pass;
    next: for (let at = 0; at < nameCount; at += nameStride) {
      if (names[at + 3] !== NameUse.BlockFunction) continue;
      const [block, start, length] = [names[at]!, names[at + 1]!, names[at + 2]!];
      const target = variableScopes[block]!;
      const hash = this.#hash(start, length);
      for (let scope = scopeParents[block]!; scope !== target; scope = scopeParents[scope]!) {
        if (this.#find(scope, hash, start, length) >= 0) continue next;
      }
      if ((scopeFlags[target]! & scopeKindMask) === ScopeKind.Program) continue;
      this.#states[this.#declare(target, start, length)] = State.Other;
    }
  }

  #addValue(variable: number, record: number): void {
    const value = this.#pass.names[record + 4]!;
    if (value === Value.Numeric || this.#states[variable] === State.Other) return;
    if (value === Value.Other) {
      this.#states[variable] = State.Other;
      return;
    }
    this.#states[variable] = State.Intricate;
    const index = record / nameStride;
    this.#nextValues[index] = this.#firstValues[variable]!;
    this.#firstValues[variable] = index + 1;
  }

  #settleWrites(): void {
    this.#hasWrites = true;
    const { names, nameCount } = this.#pass;
    for (let at = 0; at < nameCount; at += nameStride) {
      const use = names[at + 3]!;
      if (use !== NameUse.Written && use !== NameUse.WrittenUnknown) continue;
      if (names[at + 4] === Value.Numeric && use === NameUse.Written) continue;
      const variable = this.resolve(names[at]!, names[at + 1]!, names[at + 2]!);
      if (variable < 0) continue;
      if (use === NameUse.Written) this.#addValue(variable, at);
      else this.#states[variable] = State.Other;
    }
  }

  #hash(start: number, length: number): number {
    const { bytes } = this.#pass;
    return hashOf(bytes[start]!, bytes[start + (length >> 1)]!, bytes[start + length - 1]!, length);
  }

  #find(scope: number, hash: number, start: number, length: number): number {
    if ((this.#blooms[scope]! & (1 << (hash & 31))) === 0) return -1;
    for (let slot = this.#slot(scope, hash); ; slot = (slot + 1) & this.#mask) {
      const variable = this.#table[slot]! - 1;
      if (variable < 0) return -1;
      if (this.#hashes[variable] === hash && this.#scopes[variable] === scope && this.#isNamed(variable, start, length))
        return variable;
    }
  }

  #slot(scope: number, hash: number): number {
    return ((hash >>> 5) ^ Math.imul(scope, 0x85ebca6b)) & this.#mask;
  }

  #isNamed(variable: number, start: number, length: number): boolean {
    if (this.#lengths[variable] !== length) return false;
    const { bytes } = this.#pass;
    const own = this.#starts[variable]!;
    for (let at = 0; at < length; at++) if (bytes[own + at] !== bytes[start + at]) return false;
    return true;
  }

  #declare(scope: number, start: number, length: number): number {
    const hash = this.#hash(start, length);
    const known = this.#find(scope, hash, start, length);
    if (known >= 0) return known;
    this.#blooms[scope]! |= 1 << (hash & 31);
    let slot = this.#slot(scope, hash);
    while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask;
    const variable = this.#count++;
    this.#table[slot] = variable + 1;
    this.#hashes[variable] = hash;
    this.#scopes[variable] = scope;
    this.#starts[variable] = start;
    this.#lengths[variable] = length;
    return variable;
  }

  /** The variable that a name means in a scope, or -1. */
  resolve(from: number, start: number, length: number): number {
    const hash = this.#hash(start, length);
    const { scopeParents } = this.#pass;
    for (let scope = from; scope >= 0; scope = scopeParents[scope]!) {
      const variable = this.#find(scope, hash, start, length);
      if (variable >= 0) return variable;
    }
    return -1;
  }

  isNumericName(scope: number, start: number, length: number): boolean {
    if (!this.#hasWrites) this.#settleWrites();
    const variable = this.resolve(scope, start, length);
    if (variable < 0) return constants.includes(this.#text(start, length));
    if (this.#states[variable] === State.Other || this.#isInEval(variable)) return false;
    if (this.#states[variable] === State.Numeric) return true;
    const name = this.#text(start, length);
    return isSafeKey({ type: 'Identifier', name } as never, this.#view(scope)) === Certainty.Yes;
  }

  isSafe(position: number, scope: number, context: number): boolean {
    if (!this.#hasWrites) this.#settleWrites();
    return isSafeKey(valueAt(this.#pass, position, scope, context, true), this.#view(scope)) === Certainty.Yes;
  }

  #isInEval(variable: number): boolean {
    return (this.#pass.scopeFlags[this.#scopes[variable]!]! & scopeContainsEval) !== 0;
  }

  #text(start: number, length: number): string {
    return this.#pass.textOf(start, start + length);
  }

  #view(scope: number): ScopeView {
    let view = this.#views.get(scope);
    if (view === undefined) {
      const parent = this.#pass.scopeParents[scope]!;
      view = new ScopeView(this, scope, parent < 0 ? null : this.#view(parent));
      this.#views.set(scope, view);
    }
    return view;
  }

  own(scope: number, name: string): VariableView | undefined {
    const { length } = name;
    const hash = hashOf(name.charCodeAt(0), name.charCodeAt(length >> 1), name.charCodeAt(length - 1), length);
    if ((this.#blooms[scope]! & (1 << (hash & 31))) === 0) return undefined;
    for (let slot = this.#slot(scope, hash); ; slot = (slot + 1) & this.#mask) {
      const variable = this.#table[slot]! - 1;
      if (variable < 0) return undefined;
      if (this.#hashes[variable] !== hash || this.#scopes[variable] !== scope) continue;
      if (this.#text(this.#starts[variable]!, this.#lengths[variable]!) === name) return this.#variable(variable);
    }
  }

  #variable(variable: number): VariableView {
    let view = this.#variables.get(variable);
    if (view === undefined) {
      const isOther = this.#states[variable] === State.Other || this.#isInEval(variable);
      view = new VariableView(this, variable, isOther);
      this.#variables.set(variable, view);
    }
    return view;
  }

  /** The values written to a variable that have to be looked at. */
  valuesOf(variable: number): [AnyNodeLike, KeyScope][] {
    const values: [AnyNodeLike, KeyScope][] = [];
    const { names } = this.#pass;
    for (let link = this.#firstValues[variable]!; link > 0; link = this.#nextValues[link - 1]!) {
      const at = (link - 1) * nameStride;
      const scope = names[at + 5]!;
      values.push([valueAt(this.#pass, names[at + 4]!, scope, names[at + 6]!, false), this.#view(scope)]);
    }
    return values;
  }
}

type AnyNodeLike = ReturnType<typeof valueAt>;

class ScopeView implements KeyScope {
  constructor(
    readonly resolution: Resolution,
    readonly id: number,
    readonly parent: ScopeView | null,
  ) {}

  own(name: string): KeyVariable | undefined {
    return this.resolution.own(this.id, name);
  }
}

class VariableView implements KeyVariable {
  verdict: KeyVariable['verdict'];
  readonly isUnknown = false;
  #writes: [AnyNodeLike, KeyScope][] | null = null;

  constructor(
    readonly resolution: Resolution,
    readonly id: number,
    isOther: boolean,
  ) {
    this.verdict = isOther ? 'other' : 'open';
  }

  get writes(): [AnyNodeLike, KeyScope][] {
    return (this.#writes ??= this.resolution.valuesOf(this.id));
  }
}
