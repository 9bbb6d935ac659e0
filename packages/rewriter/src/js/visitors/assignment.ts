/**
 * @module Assignments and updates: E3, E4 and E8 on the left side.
 */
import type { AssignmentExpression, UpdateExpression } from 'acorn';
import { Context } from '../context.js';
import { helperNames } from '../helper-names.js';
import { isAnonymousFunction, isHotName, withoutParentheses, type ScriptWalk } from '../script-walk.js';
import { visitReference } from './identifier.js';
import { readsHotProperties } from './pattern.js';

export function visitAssignment(walk: ScriptWalk, node: AssignmentExpression, context: number): void {
  const left = withoutParentheses(node.left);
  if (left.type === 'Identifier') {
    walk.noteWrite(left.name, node.operator === '=' ? node.right : node);
    if (isHotName(left.name) && node.operator === '=') return visitPlainWrite(walk, node, left.name, left.start);
    walk.visit(node.right);
    return visitReference(walk, left, false);
  }
  // The value of the whole is the right side itself, so it can be wrapped only if nobody sees it.
  const isWrapped = left.type === 'ObjectPattern' && (context & Context.unused) !== 0 && readsHotProperties(left);
  if (isWrapped) {
    walk.then(() => {
      walk.wrap(node.right, helperNames.standIn);
      walk.visit(node.right);
    });
  } else {
    walk.visit(node.right);
  }
  walk.visit(node.left, Context.target | (isWrapped ? Context.wrapped : 0));
}

function visitPlainWrite(walk: ScriptWalk, node: AssignmentExpression, name: string, nameStart: number): void {
  const { edits, scope } = walk;
  const isParenthesized = walk.needsParenthesis(node.start);
  const before = edits.add(node.start, '');
  const target = edits.add(nameStart, '');
  const value = edits.add(node.right.start, '');
  walk.then(() => {
    const after = edits.add(node.end, '');
    walk.hotReferences.push({
      kind: 'write',
      scope,
      name,
      before,
      target,
      value,
      after,
      isDeclared: false,
      isParenthesized,
      isNamed: node.left.type === 'Identifier' && isAnonymousFunction(node.right),
    });
  });
  walk.visit(node.right);
}

export function visitUpdate(walk: ScriptWalk, node: UpdateExpression): void {
  const argument = withoutParentheses(node.argument);
  // A number is written: nothing to note, unlike for the other targets.
  if (argument.type === 'Identifier') visitReference(walk, argument, false);
  else walk.visit(argument, Context.target);
}
