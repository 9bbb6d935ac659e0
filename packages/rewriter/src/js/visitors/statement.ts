/**
 * @module Statements that open scopes, and the program.
 */
import type {
  BlockStatement,
  CatchClause,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  IfStatement,
  Program,
  Statement,
  SwitchStatement,
  WithStatement,
} from 'acorn';
import { Context } from '../context.js';
import { blockEnd, blockStart, restFix } from '../insertions.js';
import { Scope } from '../scope.js';
import type { ScriptWalk } from '../script-walk.js';
import { firstStatement, hasUseStrict, visitFixedBody } from './function.js';
import { visitLoopVariable } from './variable-declaration.js';

export function visitProgram(walk: ScriptWalk, node: Program): void {
  if (hasUseStrict(node.body)) walk.root.isStrict = true;
  const first = firstStatement(node.body);
  if (first) walk.hoistPlace = walk.edits.add(first.start, '');
  walk.visitAll(node.body);
}

export function visitBlock(walk: ScriptWalk, node: BlockStatement): void {
  if (declaresLexically(node.body)) walk.enterBlock();
  walk.visitAll(node.body);
}

function declaresLexically(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    const declaration = statement.type === 'LabeledStatement' ? statement.body : statement;
    return declaration.type === 'VariableDeclaration'
      ? declaration.kind !== 'var'
      : declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  });
}

export function visitIf(walk: ScriptWalk, node: IfStatement): void {
  for (const branch of [node.alternate, node.consequent]) {
    // Annex B.3.3: a function in the place of a statement is in a block of its own.
    if (branch?.type === 'FunctionDeclaration') {
      walk.then(() => {
        walk.enterBlock();
        walk.visit(branch);
      });
    } else {
      walk.visit(branch);
    }
  }
  walk.visit(node.test);
}

export function visitSwitch(walk: ScriptWalk, node: SwitchStatement): void {
  walk.then(() => {
    walk.enterBlock();
    walk.visitAll(node.cases);
  });
  walk.visit(node.discriminant);
}

export function visitCatch(walk: ScriptWalk, node: CatchClause): void {
  walk.enterBlock();
  const outerFixes = walk.restFixes;
  walk.restFixes = [];
  walk.then(() => {
    const fixes = walk.restFixes;
    walk.restFixes = outerFixes;
    walk.enterBlock();
    visitFixedBody(walk, node.body, fixes);
  });
  walk.visit(node.param, Context.binding);
}

export function visitWith(walk: ScriptWalk, node: WithStatement): void {
  walk.then(() => {
    walk.enter(new Scope(walk.scope, 'with', walk.scope.isStrict));
    walk.visit(node.body);
  });
  walk.visit(node.object);
}

export function visitForStatement(walk: ScriptWalk, node: ForStatement): void {
  const { init } = node;
  if (init?.type === 'VariableDeclaration' && init.kind !== 'var') walk.enterBlock();
  walk.visit(node.body);
  walk.visit(node.update, Context.unused);
  walk.visit(node.test);
  walk.visit(init, init?.type === 'VariableDeclaration' ? Context.none : Context.unused);
}

export function visitForIteration(walk: ScriptWalk, node: ForInStatement | ForOfStatement): void {
  const { left, body } = node;
  const outerFixes = walk.restFixes;
  walk.restFixes = [];
  if (left.type === 'VariableDeclaration' && left.kind !== 'var') walk.enterBlock();
  walk.then(() => {
    const fixes = walk.restFixes;
    walk.restFixes = outerFixes;
    if (fixes.length === 0) return walk.visit(body);
    if (body.type === 'BlockStatement') {
      if (declaresLexically(body.body)) walk.enterBlock();
      return visitFixedBody(walk, body, fixes);
    }
    walk.edits.add(body.start, blockStart + fixes.map(restFix).join(''));
    walk.insertThen(body.end, blockEnd);
    walk.visit(body);
  });
  walk.visit(node.right);
  if (left.type === 'VariableDeclaration') visitLoopVariable(walk, left, node.type === 'ForOfStatement');
  else walk.visit(left, Context.target);
}
