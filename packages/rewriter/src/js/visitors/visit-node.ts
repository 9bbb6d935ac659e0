/**
 * @module Which visitor a node has. A visitor adds the edits that are certain and pushes the parts of its node.
 */
import type { AnyNode } from 'acorn';
import { Context } from '../context.js';
import type { ScriptWalk } from '../script-walk.js';
import { visitAssignment, visitUpdate } from './assignment.js';
import { visitCall, visitNew, visitTaggedTemplate } from './call-expression.js';
import { visitClass, visitFunction, visitStaticBlock } from './function.js';
import { visitIdentifier } from './identifier.js';
import { visitExportDeclaration, visitImportDeclaration, visitImportExpression, visitModuleSource } from './module.js';
import { visitMember } from './member-expression.js';
import { visitPattern } from './pattern.js';
import {
  visitBlock,
  visitCatch,
  visitForIteration,
  visitForStatement,
  visitIf,
  visitProgram,
  visitSwitch,
  visitWith,
} from './statement.js';
import { visitVariableDeclaration } from './variable-declaration.js';

/** What a node hands on to the expression it consists of. */
const throughParentheses = ~(Context.newCallee | Context.optionalChain);

export function visitNode(walk: ScriptWalk, node: AnyNode, context: number): void {
  if ((context & (Context.binding | Context.target)) !== 0) return visitPattern(walk, node, context);
  switch (node.type) {
    case 'Identifier':
      return visitIdentifier(walk, node, context);
    case 'Literal':
    case 'ThisExpression':
    case 'Super':
    case 'MetaProperty':
    case 'PrivateIdentifier':
    case 'TemplateElement':
    case 'EmptyStatement':
    case 'DebuggerStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportAttribute':
      return;
    case 'MemberExpression':
      return visitMember(walk, node, context);
    case 'CallExpression':
      return visitCall(walk, node, context);
    case 'ExpressionStatement':
      return walk.visit(node.expression, Context.unused);
    case 'ParenthesizedExpression':
      return walk.visit(node.expression, context & throughParentheses);
    case 'AssignmentExpression':
      return visitAssignment(walk, node, context);
    case 'BinaryExpression':
    case 'LogicalExpression':
      walk.visit(node.right);
      return walk.visit(node.left);
    case 'UnaryExpression':
      return walk.visit(
        node.argument,
        node.operator === 'delete'
          ? Context.deleted
          : node.operator === 'typeof'
            ? Context.typeofOperand
            : Context.none,
      );
    case 'UpdateExpression':
      return visitUpdate(walk, node);
    case 'ConditionalExpression':
      walk.visit(node.alternate);
      walk.visit(node.consequent);
      return walk.visit(node.test);
    case 'SequenceExpression':
      for (let index = node.expressions.length - 1; index >= 0; index--) {
        const isLast = index === node.expressions.length - 1;
        walk.visit(node.expressions[index], isLast ? context & Context.unused : Context.unused);
      }
      return;
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
      return visitFunction(walk, node);
    case 'ObjectExpression':
      return walk.visitAll(node.properties);
    case 'Property':
      walk.visit(node.value, node.shorthand ? Context.shorthand : Context.none);
      if (node.computed) walk.visit(node.key);
      return;
    case 'ArrayExpression':
      return walk.visitAll(node.elements);
    case 'SpreadElement':
    case 'AwaitExpression':
      return walk.visit(node.argument);
    case 'YieldExpression':
    case 'ReturnStatement':
    case 'ThrowStatement':
      return walk.visit(node.argument);
    case 'TemplateLiteral':
      return walk.visitAll(node.expressions);
    case 'TaggedTemplateExpression':
      return visitTaggedTemplate(walk, node, context);
    case 'NewExpression':
      return visitNew(walk, node);
    case 'ChainExpression':
      return walk.visit(node.expression, context | Context.optionalChain);
    case 'ImportExpression':
      return visitImportExpression(walk, node);
    case 'VariableDeclaration':
      return visitVariableDeclaration(walk, node);
    case 'IfStatement':
      return visitIf(walk, node);
    case 'BlockStatement':
      return visitBlock(walk, node);
    case 'ForStatement':
      return visitForStatement(walk, node);
    case 'ForInStatement':
    case 'ForOfStatement':
      return visitForIteration(walk, node);
    case 'WhileStatement':
      walk.visit(node.body);
      return walk.visit(node.test);
    case 'DoWhileStatement':
      walk.visit(node.test);
      return walk.visit(node.body);
    case 'LabeledStatement':
      return walk.visit(node.body);
    case 'SwitchStatement':
      return visitSwitch(walk, node);
    case 'SwitchCase':
      walk.visitAll(node.consequent);
      return walk.visit(node.test);
    case 'TryStatement':
      walk.visit(node.finalizer);
      walk.visit(node.handler);
      return walk.visit(node.block);
    case 'CatchClause':
      return visitCatch(walk, node);
    case 'WithStatement':
      return visitWith(walk, node);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return visitClass(walk, node);
    case 'ClassBody':
      return walk.visitAll(node.body);
    case 'MethodDefinition':
    case 'PropertyDefinition':
      walk.visit(node.value);
      if (node.computed) walk.visit(node.key);
      return;
    case 'StaticBlock':
      return visitStaticBlock(walk, node);
    case 'Program':
      return visitProgram(walk, node);
    case 'ImportDeclaration':
      return visitImportDeclaration(walk, node);
    case 'ExportNamedDeclaration':
      return visitExportDeclaration(walk, node);
    case 'ExportAllDeclaration':
      return visitModuleSource(walk, node);
    case 'ExportDefaultDeclaration':
      return walk.visit(node.declaration);
    case 'VariableDeclarator':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportSpecifier':
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'AssignmentPattern':
    case 'RestElement':
      // Visited by the nodes that hold them; a loose parse may leave one elsewhere.
      return;
  }
}
