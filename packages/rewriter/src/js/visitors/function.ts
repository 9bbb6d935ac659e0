/**
 * @module Functions and classes: their scopes.
 */
import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  ArrowFunctionExpression,
  BlockStatement,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
  Statement,
  StaticBlock,
} from 'acorn';
import { Context } from '../context.js';
import { closer, parenthesis, restFix, restFixExpression } from '../insertions.js';
import { Scope } from '../scope.js';
import type { ScriptWalk } from '../script-walk.js';

type FunctionNode = FunctionExpression | ArrowFunctionExpression | FunctionDeclaration | AnonymousFunctionDeclaration;

export function visitFunction(walk: ScriptWalk, node: FunctionNode): void {
  if (node.type === 'FunctionDeclaration' && node.id) declareFunction(walk, node as FunctionDeclaration);
  const { body } = node;
  const isStrict = walk.scope.isStrict || (body.type === 'BlockStatement' && hasUseStrict(body.body));
  walk.enter(new Scope(walk.scope, 'function', isStrict));
  if (node.type === 'FunctionExpression' && node.id) walk.declareUnknown(node.id.name);

  const outerFixes = walk.restFixes;
  walk.restFixes = [];
  const isSimple = node.params.every((parameter) => parameter.type === 'Identifier');
  walk.then(() => {
    const fixes = walk.restFixes;
    walk.restFixes = outerFixes;
    // With defaults or patterns, the parameters do not see the variables of the body.
    if (!isSimple) walk.enter(new Scope(walk.scope, 'function', isStrict));
    if (body.type === 'BlockStatement') visitFixedBody(walk, body, fixes);
    else visitFixedExpression(walk, node as ArrowFunctionExpression, fixes);
  });
  walk.visitAll(node.params, Context.binding);
}

/** The statements of a block that has to mend object rests first. */
export function visitFixedBody(walk: ScriptWalk, body: BlockStatement, fixes: string[]): void {
  const first = firstStatement(body.body);
  if (first && fixes.length > 0) walk.edits.add(first.start, fixes.map(restFix).join(''));
  walk.visitAll(body.body);
}

function visitFixedExpression(walk: ScriptWalk, node: ArrowFunctionExpression, fixes: string[]): void {
  if (fixes.length > 0) {
    walk.edits.add(node.body.start, parenthesis + fixes.map(restFixExpression).join(''));
    walk.insertThen(node.body.end, closer);
  }
  walk.visit(node.body);
}

function declareFunction(walk: ScriptWalk, node: FunctionDeclaration): void {
  const { scope } = walk;
  const { name } = node.id;
  const isInBlock = scope.kind === 'block' || scope.kind === 'with';
  (isInBlock ? scope : scope.variableScope).declare(name).isUnknown = true;
  if (isInBlock && !scope.isStrict && !node.async && !node.generator) walk.blockFunctions.push([scope, name]);
}

/** The first statement behind the directives. */
export function firstStatement<S extends Statement | { type: string }>(statements: readonly S[]): S | undefined {
  return statements.find((statement) => !('directive' in statement));
}

export function hasUseStrict(statements: readonly { type: string }[]): boolean {
  for (const statement of statements) {
    if (!('directive' in statement)) return false;
    if (statement.directive === 'use strict') return true;
  }
  return false;
}

export function visitClass(
  walk: ScriptWalk,
  node: ClassDeclaration | ClassExpression | AnonymousClassDeclaration,
): void {
  if (node.type === 'ClassDeclaration' && node.id) walk.declareLexical(node.id.name, false).isUnknown = true;
  // All of a class is strict, and its name is bound anew within.
  walk.enter(new Scope(walk.scope, 'block', true));
  if (node.id) walk.declareUnknown(node.id.name);
  walk.visit(node.body);
  walk.visit(node.superClass);
}

export function visitStaticBlock(walk: ScriptWalk, node: StaticBlock): void {
  walk.enter(new Scope(walk.scope, 'function', true));
  walk.visitAll(node.body);
}
