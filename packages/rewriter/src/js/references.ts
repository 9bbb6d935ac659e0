/**
 * @module The edits that hinge on what a name means: decided after the walk, in places that it left open.
 */
import {
  closer,
  declaredScratch,
  dynamicPrefix,
  dynamicWriteStart,
  dynamicWriteValue,
  globalPrefix,
  namedEnd,
  namedStart,
  opener,
  parenthesis,
  shorthandKey,
} from './insertions.js';
import { helperNames } from './helper-names.js';
import { Certainty, isSafeKey } from './numeric-variables.js';
import { hoistBlockFunction, markEval, meaningOf, resolveVariable, type Scope } from './scope.js';
import type { AnyNode } from 'acorn';
import type { ScriptWalk } from './script-walk.js';

/** A free-standing `location` or `top`, with the places of `SourceEdits` that its edit may need. */
export type HotReference = { scope: Scope; name: string } & (
  | { kind: 'read'; before: number; after: number; isShorthand: boolean; isParenthesized: boolean; isTypeof: boolean }
  /** `location = x`, and with `isDeclared` `var location = x` at the top level. */
  | {
      kind: 'write';
      before: number;
      target: number;
      value: number;
      after: number;
      isDeclared: boolean;
      isParenthesized: boolean;
      /** The value is a function or class that takes its name from here. */
      isNamed: boolean;
    }
  /** Any other place that takes a reference: `location += x`, `location++`, `[location] = x`, `for (location of x)`. */
  | { kind: 'reference'; before: number; isShorthand: boolean }
  /** `for (var location of x)` at the top level: `var` is commented out. */
  | { kind: 'loop-variable'; before: number; comment: () => void }
);

/** A direct eval, with its places. */
export interface EvalCall {
  scope: Scope;
  before: number;
  argumentsStart: number;
  argumentsEnd: number;
  after: number;
  isParenthesized: boolean;
}

/** A computed member whose key may turn out to be numeric. */
export interface PendingKey {
  scope: Scope;
  key: AnyNode;
  /** Places and what belongs there if it does not. */
  edits: [place: number, text: string][];
}

export function decideReferences(walk: ScriptWalk): void {
  for (const [scope, name] of walk.blockFunctions) hoistBlockFunction(scope, name);
  // Evals first: they make names dynamic.
  for (const call of walk.evalCalls) decideEval(walk, call);
  for (const reference of walk.hotReferences) decideHotReference(walk, reference);
  if (walk.pendingKeys.length === 0) return;
  walk.settleWrites();
  for (const { scope, key, edits } of walk.pendingKeys) {
    if (isSafeKey(key, scope) !== Certainty.Yes) for (const [place, text] of edits) walk.edits.set(place, text);
  }
}

function decideEval(walk: ScriptWalk, call: EvalCall): void {
  const variable = resolveVariable(call.scope, 'eval');
  // A variable of the top level may be the global's property: then the read of it tells at run time.
  if (variable !== null && variable.scope !== walk.root) return;
  markEval(call.scope);
  const { edits } = walk;
  edits.set(call.before, (call.isParenthesized ? parenthesis : '') + opener(helperNames.armEval));
  edits.set(call.argumentsStart, opener(helperNames.evalSource));
  edits.set(call.argumentsEnd, closer);
  edits.set(call.after, call.isParenthesized ? closer + closer : closer);
}

function decideHotReference(walk: ScriptWalk, reference: HotReference): void {
  const { edits } = walk;
  const { name, scope } = reference;
  const meaning = meaningOf(scope, name, walk.options.isDynamic);
  if (meaning === 'bound') return;
  const isDynamic = meaning === 'dynamic';
  switch (reference.kind) {
    case 'read': {
      // An argument must exist, the operand of `typeof` need not (a worker has no `top`); the type is the same.
      if (isDynamic && reference.isTypeof) return;
      const key = reference.isShorthand ? shorthandKey(name) : '';
      const open = (reference.isParenthesized ? parenthesis : '') + opener(helperNames.value);
      edits.set(reference.before, key + (isDynamic ? open : globalPrefix));
      if (isDynamic) edits.set(reference.after, reference.isParenthesized ? closer + closer : closer);
      return;
    }
    case 'write': {
      const declared = reference.isDeclared ? declaredScratch : '';
      const [nameStart, nameEnd] = reference.isNamed ? [namedStart(name), namedEnd(name)] : ['', ''];
      if (!isDynamic) {
        edits.set(reference.before, declared);
        edits.set(reference.target, globalPrefix);
        edits.set(reference.value, nameStart);
        edits.set(reference.after, nameEnd);
        return;
      }
      if (reference.isDeclared) walk.hoisted.add(name);
      edits.set(reference.before, declared + (reference.isParenthesized ? parenthesis : '') + dynamicWriteStart(name));
      edits.set(reference.value, dynamicWriteValue + nameStart);
      edits.set(reference.after, nameEnd + (reference.isParenthesized ? closer + closer : closer));
      return;
    }
    case 'reference':
      edits.set(
        reference.before,
        (reference.isShorthand ? shorthandKey(name) : '') + (isDynamic ? dynamicPrefix(name) : globalPrefix),
      );
      return;
    case 'loop-variable':
      if (isDynamic) walk.hoisted.add(name);
      edits.set(reference.before, isDynamic ? dynamicPrefix(name) : globalPrefix);
      reference.comment();
  }
}
