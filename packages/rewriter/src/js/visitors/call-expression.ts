/**
 * @module Calls: E6 (direct eval), and the callees of calls, `new` and tagged templates, which E1 to E3 leave alone.
 */
import type { CallExpression, NewExpression, TaggedTemplateExpression } from 'acorn';
import { Context } from '../context.js';
import { withoutParentheses, type ScriptWalk } from '../script-walk.js';

export function visitCall(walk: ScriptWalk, node: CallExpression, context: number): void {
  const callee = withoutParentheses(node.callee);
  // `eval?.(x)` is an indirect eval, and so is one without the name.
  if (callee.type === 'Identifier' && callee.name === 'eval' && !node.optional && node.arguments.length > 0) {
    return visitEval(walk, node);
  }
  walk.visitAll(node.arguments);
  walk.visit(node.callee, Context.callee | Context.callCallee | (context & Context.optionalChain));
}

function visitEval(walk: ScriptWalk, node: CallExpression): void {
  const { edits, scope } = walk;
  const isParenthesized = walk.needsParenthesis(node.start);
  const before = edits.add(node.start, '');
  const argumentsStart = edits.add(node.arguments[0]!.start, '');
  walk.then(() => {
    const argumentsEnd = edits.add(node.arguments.at(-1)!.end, '');
    const after = edits.add(node.end, '');
    walk.evalCalls.push({ scope, before, argumentsStart, argumentsEnd, after, isParenthesized });
  });
  walk.visitAll(node.arguments);
}

export function visitNew(walk: ScriptWalk, node: NewExpression): void {
  walk.visitAll(node.arguments);
  walk.visit(node.callee, Context.callee | Context.newCallee);
}

export function visitTaggedTemplate(walk: ScriptWalk, node: TaggedTemplateExpression, context: number): void {
  walk.visit(node.quasi);
  walk.visit(node.tag, Context.callee | (context & (Context.newCallee | Context.optionalChain)));
}
