/**
 * @module Keys that cannot be `location` or `top` (E2's exemptions): literals, arithmetic, and variables that only ever
 * hold numbers, so that the hot loops of a page stay as they are.
 *
 * "Numeric" is any primitive but a string or symbol: number, bigint, boolean, null, undefined. None of their strings
 * is, begins or ends a hot name.
 */
import type { AnyNode } from 'acorn';
import { resolveVariable, type Scope, type Variable } from './scope.js';

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
export function isSafeKey(node: AnyNode, scope: Scope | null, depth = 0): Certainty {
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

function isNumeric(node: AnyNode, scope: Scope | null, depth: number, pending?: Variable[]): Certainty {
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

function both(left: AnyNode, right: AnyNode, scope: Scope | null, depth: number, pending?: Variable[]): Certainty {
  // Both sides are always asked: `pending` has to hear of every variable.
  const first = isNumeric(left, scope, depth + 1, pending);
  return Math.min(first, isNumeric(right, scope, depth + 1, pending));
}

function isNumericName(name: string, scope: Scope | null, pending?: Variable[]): Certainty {
  if (scope === null) return Certainty.Depends;
  const variable = resolveVariable(scope, name);
  if (variable === null) return constants.has(name) ? Certainty.Yes : Certainty.No;
  if (variable.verdict === 'open') {
    if (pending === undefined) decide(variable);
    else if (!pending.includes(variable)) pending.push(variable);
  }
  return variable.verdict === 'other' ? Certainty.No : Certainty.Yes;
}

/** More variables than this that hang together are not looked into. */
const groupLimit = 60;

/**
 * Decides a variable together with those its values depend on: all are taken for numeric until a write says otherwise,
 * and then whatever depended on that one is looked at again.
 */
function decide(first: Variable): void {
  const group = [first];
  for (let index = 0; index < group.length; index++) {
    const variable = group[index]!;
    if (group.length > groupLimit || variable.isUnknown || variable.scope.containsEval) variable.verdict = 'other';
    else if (!hasNumericWrites(variable, group)) variable.verdict = 'other';
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const variable of group) {
      if (variable.verdict !== 'open' || hasNumericWrites(variable, group)) continue;
      variable.verdict = 'other';
      changed = true;
    }
  }
  for (const variable of group) if (variable.verdict === 'open') variable.verdict = 'numeric';
}

function hasNumericWrites(variable: Variable, group: Variable[]): boolean {
  return variable.writes?.every(([value, scope]) => isNumeric(value, scope, 0, group) !== Certainty.No) ?? true;
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
