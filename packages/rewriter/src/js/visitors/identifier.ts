/**
 * @module E3 and E8: `location` and `top` as free-standing names.
 */
import type { Identifier } from 'acorn';
import { Context } from '../context.js';
import { isHotName, type ScriptWalk } from '../script-walk.js';

/** Called or deleted, the real one gives nothing away. */
const harmless = Context.callee | Context.deleted;

export function visitIdentifier(walk: ScriptWalk, node: Identifier, context: number): void {
  if (!isHotName(node.name) || (context & harmless) !== 0) return;
  walk.hotReferences.push({
    kind: 'read',
    scope: walk.scope,
    name: node.name,
    before: walk.edits.add(node.start, ''),
    after: walk.edits.add(node.end, ''),
    isShorthand: (context & Context.shorthand) !== 0,
    isParenthesized: (context & Context.newCallee) !== 0,
    isTypeof: (context & Context.typeofOperand) !== 0,
  });
}

/** The name where it takes a value: the leaf of a pattern, the operand of `++`, the left side of `+=`. */
export function visitReference(walk: ScriptWalk, node: Identifier, isShorthand: boolean): void {
  if (!isHotName(node.name)) return;
  const before = walk.edits.add(node.start, '');
  walk.hotReferences.push({ kind: 'reference', scope: walk.scope, name: node.name, before, isShorthand });
}
