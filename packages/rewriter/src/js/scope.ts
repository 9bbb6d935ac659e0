/**
 * @module Scopes as the rewriter needs them: which names are bound where, and what makes a name's meaning dynamic.
 * Declarations are collected during one walk and references resolved after it, because declarations are hoisted.
 */
import type { AnyNode } from 'acorn';
import type { KeyScope, KeyVariable } from './numeric-variables.js';

/** A binding, with what is needed to tell that it only ever holds numbers (`numeric-variables.ts`). */
export interface Variable extends KeyVariable {
  readonly scope: Scope;
  /** Some write is of unknown type: a parameter, a function, a loop over keys. */
  isUnknown: boolean;
  /** The values written, each with the scope it is to be understood in. */
  writes: [value: AnyNode, scope: Scope][] | null;
}

export type ScopeKind = 'program' | 'function' | 'block' | 'with';

export class Scope implements KeyScope {
  readonly parent: Scope | null;
  readonly kind: ScopeKind;
  /** Where a `var` of this scope is declared. */
  readonly variableScope: Scope;
  isStrict: boolean;
  /** A direct eval stands in this function itself (not in one within): it may declare a variable here. */
  hasDirectEval = false;
  /** A direct eval stands here or further in: it may write any variable of this scope. */
  containsEval = false;
  /** Object rests among the parameters, which the body has to fix when it starts. */
  restFixes: string[] | null = null;
  #names: Map<string, Variable> | null = null;

  constructor(parent: Scope | null, kind: ScopeKind, isStrict: boolean) {
    this.parent = parent;
    this.kind = kind;
    this.isStrict = isStrict;
    this.variableScope = kind === 'block' || kind === 'with' ? parent!.variableScope : this;
  }

  own(name: string): Variable | undefined {
    return this.#names?.get(name);
  }

  declare(name: string): Variable {
    this.#names ??= new Map();
    let variable = this.#names.get(name);
    if (variable === undefined) {
      variable = { scope: this, isUnknown: false, writes: null, verdict: 'open' };
      this.#names.set(name, variable);
    }
    return variable;
  }
}

/** Records a direct eval in a scope. */
export function markEval(from: Scope): void {
  from.variableScope.hasDirectEval = true;
  for (let scope: Scope | null = from; scope !== null && !scope.containsEval; scope = scope.parent) {
    scope.containsEval = true;
  }
}

/** The binding that a name has in a scope, or null if none is known or, unless told to ignore it, a `with` comes first. */
export function resolveVariable(from: Scope, name: string, ignoresWith = false): Variable | null {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const variable = scope.own(name);
    if (variable !== undefined) return variable;
    if (scope.kind === 'with' && !ignoresWith) return null;
  }
  return null;
}

/** What a free-standing `location` or `top` means: the global's, a variable of the program, or known only when it runs. */
export type NameMeaning = 'global' | 'bound' | 'dynamic';

export function meaningOf(from: Scope, name: string, isRootDynamic: boolean): NameMeaning {
  let isInWith = false;
  let isBesideEval = isRootDynamic;
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    if (scope.own(name) !== undefined) return isInWith ? 'dynamic' : 'bound';
    if (scope.kind === 'with') isInWith = true;
    // At global level an eval cannot declare either name: both are unforgeable there.
    if (scope.kind === 'function' && scope.hasDirectEval) isBesideEval = true;
  }
  return isInWith || isBesideEval ? 'dynamic' : 'global';
}

/**
 * Annex B.3.2: a function declared in a block of sloppy code is also a variable of the function around, unless a
 * lexical declaration of that name stands between. To be called when all declarations are known.
 */
export function hoistBlockFunction(block: Scope, name: string): void {
  const target = block.variableScope;
  for (let scope = block.parent; scope !== null && scope !== target; scope = scope.parent) {
    if (scope.own(name) !== undefined) return;
  }
  // The global object refuses the hot names, and others need no answer there.
  if (target.kind === 'program') return;
  target.declare(name).isUnknown = true;
}
