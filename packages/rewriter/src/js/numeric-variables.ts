/**
 * @module Keys that cannot be `location` or `top` (E2's exemptions): literals, arithmetic, and variables that only ever
 * hold numbers, so that the hot loops of a page stay as they are.
 *
 * "Numeric" is any primitive but a string or symbol: number, bigint, boolean, null, undefined. None of their strings
 * is, begins or ends a hot name.
 */
import type { AnyNode } from 'acorn';

/** A scope, as far as keys are concerned. */
export interface KeyScope {
  readonly parent: KeyScope | null;
  /** In a `with`, a name may be a property. */
  readonly kind?: string;
  own(name: string): KeyVariable | undefined;
}

export interface KeyVariable {
  /** Some write is of unknown type. */
  readonly isUnknown: boolean;
  /** An eval may write what stands here. */
  readonly scope?: { readonly containsEval: boolean };
  readonly writes: readonly (readonly [value: AnyNode, scope: KeyScope])[] | null;
  /** `deciding`: taken for numeric until something says otherwise. */
  verdict: 'open' | 'deciding' | 'numeric' | 'other';
}

/** An answer that may hinge on variables whose writes are not all known yet. */
export const enum Certainty {
  No,
  Depends,
  Yes,
}

const hotNames = ['location', 'top'];
const constants = new Set(['undefined', 'NaN', 'Infinity']);
/** Deeper expressions are taken for unsafe: the question is asked recursively. */
const depthLimit = 60;

/**
 * @param scope once the program was walked: variables are then resolved; before, they are taken for numeric and the
 * answer is `Depends`
 */
export function isSafeKey(node: AnyNode, scope: KeyScope | null, depth = 0): Certainty {
  if (depth > depthLimit) return Certainty.No;
  switch (node.type) {
    case 'ParenthesizedExpression':
      return isSafeKey(node.expression, scope, depth + 1);
    case 'Literal':
      return typeof node.value === 'string' && hotNames.includes(node.value) ? Certainty.No : Certainty.Yes;
    case 'TemplateLiteral':
      return isSafeTemplate(
        node.quasis.map((quasi) => quasi.value.cooked ?? ''),
        node.expressions.length,
      );
    case 'UnaryExpression':
      return Certainty.Yes;
    case 'BinaryExpression':
      if (node.operator !== '+') return Certainty.Yes;
      if (isForeignPrefix(firstString(node)) || isForeignSuffix(stringOf(node.right))) return Certainty.Yes;
      // `x + 1` is a number or ends in a digit.
      return Math.max(isNumeric(node.left, scope, depth + 1), isNumeric(node.right, scope, depth + 1));
    case 'ConditionalExpression':
      return Math.min(isSafeKey(node.consequent, scope, depth + 1), isSafeKey(node.alternate, scope, depth + 1));
    case 'LogicalExpression':
      return Math.min(isSafeKey(node.left, scope, depth + 1), isSafeKey(node.right, scope, depth + 1));
    case 'SequenceExpression':
      return isSafeKey(node.expressions.at(-1)!, scope, depth + 1);
    case 'AssignmentExpression':
      if (node.operator === '=') return isSafeKey(node.right, scope, depth + 1);
      return node.operator === '+=' ? isNumeric(node.right, scope, depth + 1) : isNumeric(node, scope, depth);
    default:
      return isNumeric(node, scope, depth);
  }
}

function isNumeric(node: AnyNode, scope: KeyScope | null, depth: number, pending?: KeyVariable[]): Certainty {
  if (depth > depthLimit) return Certainty.No;
  switch (node.type) {
    case 'ParenthesizedExpression':
      return isNumeric(node.expression, scope, depth + 1, pending);
    case 'Literal':
      return typeof node.value === 'string' || node.regex ? Certainty.No : Certainty.Yes;
    case 'UpdateExpression':
      return Certainty.Yes;
    case 'UnaryExpression':
      return node.operator === 'typeof' ? Certainty.No : Certainty.Yes;
    case 'BinaryExpression':
      if (node.operator !== '+') return Certainty.Yes;
      return both(node.left, node.right, scope, depth, pending);
    case 'LogicalExpression':
      return both(node.left, node.right, scope, depth, pending);
    case 'ConditionalExpression':
      return both(node.consequent, node.alternate, scope, depth, pending);
    case 'SequenceExpression':
      return isNumeric(node.expressions.at(-1)!, scope, depth + 1, pending);
    case 'AssignmentExpression':
      if (node.operator === '=') return isNumeric(node.right, scope, depth + 1, pending);
      if (node.operator === '+=' || node.operator.length > 2) {
        if (arithmeticAssignments.has(node.operator)) return Certainty.Yes;
        return both(node.left, node.right, scope, depth, pending);
      }
      return Certainty.Yes;
    case 'Identifier':
      return isNumericName(node.name, scope, pending);
    default:
      return Certainty.No;
  }
}

const arithmeticAssignments = new Set(['**=', '<<=', '>>=', '>>>=']);

function both(
  left: AnyNode,
  right: AnyNode,
  scope: KeyScope | null,
  depth: number,
  pending?: KeyVariable[],
): Certainty {
  // Both sides are always asked: `pending` has to hear of every variable.
  const first = isNumeric(left, scope, depth + 1, pending);
  return Math.min(first, isNumeric(right, scope, depth + 1, pending));
}

function isNumericName(name: string, from: KeyScope | null, pending?: KeyVariable[]): Certainty {
  if (from === null) return Certainty.Depends;
  const variable = resolveName(from, name);
  if (variable === null) return constants.has(name) ? Certainty.Yes : Certainty.No;
  if (pending === undefined) {
    if (variable.verdict === 'open') decide(variable);
  } else if (variable.verdict === 'open' || variable.verdict === 'deciding') pending.push(variable);
  return variable.verdict === 'other' ? Certainty.No : Certainty.Yes;
}

function resolveName(from: KeyScope, name: string): KeyVariable | null {
  for (let scope: KeyScope | null = from; scope !== null; scope = scope.parent) {
    const variable = scope.own(name);
    if (variable !== undefined) return variable;
    if (scope.kind === 'with') return null;
  }
  return null;
}

/**
 * Decides a variable together with those its values depend on: all are taken for numeric until a write says otherwise,
 * and then whatever depended on that one is looked at again.
 */
function decide(first: KeyVariable): void {
  const group = [first];
  const dependents = new Map<KeyVariable, KeyVariable[]>();
  const others: KeyVariable[] = [];
  first.verdict = 'deciding';
  for (let index = 0; index < group.length; index++) {
    const variable = group[index]!;
    const dependencies: KeyVariable[] = [];
    if (variable.isUnknown || variable.scope?.containsEval || !hasNumericWrites(variable, dependencies)) {
      variable.verdict = 'other';
      others.push(variable);
    }
    for (const dependency of dependencies) {
      if (dependency.verdict === 'open') {
        dependency.verdict = 'deciding';
        group.push(dependency);
      }
      const known = dependents.get(dependency);
      if (known === undefined) dependents.set(dependency, [variable]);
      else known.push(variable);
    }
  }
  for (let other = others.pop(); other !== undefined; other = others.pop()) {
    for (const dependent of dependents.get(other) ?? []) {
      if (dependent.verdict !== 'deciding' || hasNumericWrites(dependent, [])) continue;
      dependent.verdict = 'other';
      others.push(dependent);
    }
  }
  for (const variable of group) if (variable.verdict === 'deciding') variable.verdict = 'numeric';
}

function hasNumericWrites(variable: KeyVariable, pending: KeyVariable[]): boolean {
  return variable.writes?.every(([value, scope]) => isNumeric(value, scope, 0, pending) !== Certainty.No) ?? true;
}

/** `+` joins from the left: once its first operand is a string, the result begins with it. */
function firstString(node: AnyNode): string {
  let first = node;
  for (let depth = 0; first.type === 'BinaryExpression' && first.operator === '+'; depth++) {
    if (depth > depthLimit) return '';
    first = first.left;
  }
  return stringOf(first);
}

function stringOf(node: AnyNode): string {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : '';
}

function isForeignPrefix(text: string): boolean {
  return text !== '' && hotNames.every((name) => !name.startsWith(text));
}

function isForeignSuffix(text: string): boolean {
  return text !== '' && hotNames.every((name) => !name.endsWith(text));
}

function isSafeTemplate(strings: string[], substitutions: number): Certainty {
  const isSafe =
    substitutions === 0
      ? !hotNames.includes(strings[0]!)
      : isForeignPrefix(strings[0]!) || isForeignSuffix(strings.at(-1)!);
  return isSafe ? Certainty.Yes : Certainty.No;
}
