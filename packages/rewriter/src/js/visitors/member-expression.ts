/**
 * @module E1, E2 and E7: members of what may be a Window or a Document.
 */
import type { AnyNode, MemberExpression } from 'acorn';
import { Context } from '../context.js';
import { helperNames } from '../helper-names.js';
import { asciiLiteral, closer, opener, optionalBracket, optionalDot, parenthesis } from '../insertions.js';
import { Certainty, isSafeKey } from '../numeric-variables.js';
import { isHotName, withoutParentheses, type ScriptWalk } from '../script-walk.js';
import { skipTrivia } from '../trivia.js';
import { replaceByLiteral } from './module.js';

/** Receivers that are never a Window or Document. */
const plainReceivers = new Set<AnyNode['type']>([
  'Literal',
  'TemplateLiteral',
  'ArrayExpression',
  'ObjectExpression',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassExpression',
  'BinaryExpression',
  'UnaryExpression',
  'UpdateExpression',
  'MetaProperty',
  'Super',
]);

/** What the object of a member inherits. */
const throughMembers = Context.newCallee | Context.optionalChain;

export function visitMember(walk: ScriptWalk, node: MemberExpression, context: number): void {
  const { object, property } = node;
  if (walk.options.scopedImports && isImportMetaUrl(node) && (context & (Context.target | Context.deleted)) === 0) {
    return replaceByLiteral(walk, node, asciiLiteral(walk.options.scopedImports.baseUrl));
  }
  const helper = helperFor(node, context);
  const inherited = context & throughMembers;
  if (helper === null) {
    if (node.computed) walk.visit(property);
    return walk.visit(object, inherited);
  }

  const isDoubtful = node.computed && isSafeKey(property, null) === Certainty.Depends;
  const isParenthesized = (context & Context.newCallee) !== 0 || walk.needsParenthesis(object.start);
  const open = (isParenthesized ? parenthesis : '') + opener(helper);
  const close = isParenthesized ? closer + closer : closer;
  const optional = (context & Context.optionalChain) !== 0 && !node.optional && mayEndEarly(object);
  const optionalText = node.computed ? optionalBracket : optionalDot;
  const { edits } = walk;

  const openPlace = edits.add(object.start, isDoubtful ? '' : open);
  if (node.computed) walk.visit(property);
  walk.then(() => {
    const closePlace = edits.add(object.end, isDoubtful ? '' : close);
    const texts: [number, string][] = [
      [openPlace, open],
      [closePlace, close],
    ];
    if (optional) {
      const place = edits.add(skipTrivia(walk.source, object.end), isDoubtful ? '' : optionalText);
      texts.push([place, optionalText]);
    }
    if (isDoubtful) walk.pendingKeys.push({ scope: walk.scope, key: property, edits: texts });
  });
  walk.visit(object, inherited);
}

function helperFor(node: MemberExpression, context: number): string | null {
  if (plainReceivers.has(withoutParentheses(node.object).type)) return null;
  const name = staticName(node);
  if (name === 'postMessage' && (context & Context.callCallee) !== 0) return helperNames.messageTarget;
  // Neither Location nor Window can be called, and deleting an unforgeable property fails by itself.
  if ((context & (Context.callee | Context.deleted)) !== 0) return null;
  if (name !== null) return isHotName(name) ? helperNames.standIn : null;
  return isSafeKey(node.property, null) === Certainty.Yes ? null : helperNames.standIn;
}

/** The key if it stands in the text, else null. */
export function staticName(node: { computed: boolean; property: AnyNode }): string | null {
  const { property } = node;
  if (!node.computed) return property.type === 'Identifier' ? property.name : '';
  return literalKey(property);
}

/** The string that a computed key is, if it is a literal one. */
export function literalKey(key: AnyNode): string | null {
  const inner = withoutParentheses(key);
  if (inner.type === 'Literal' && typeof inner.value === 'string') return inner.value;
  if (inner.type === 'TemplateLiteral' && inner.expressions.length === 0) return inner.quasis[0]!.value.cooked ?? null;
  return null;
}

/** Whether a `?.` stands in the same chain to the left. */
function mayEndEarly(node: AnyNode): boolean {
  for (let link = node; ;) {
    if (link.type === 'MemberExpression') {
      if (link.optional) return true;
      link = link.object;
    } else if (link.type === 'CallExpression') {
      if (link.optional) return true;
      link = link.callee;
    } else {
      return false;
    }
  }
}

function isImportMetaUrl({ object, property, computed }: MemberExpression): boolean {
  return (
    object.type === 'MetaProperty' &&
    object.meta.name === 'import' &&
    !computed &&
    property.type === 'Identifier' &&
    property.name === 'url'
  );
}
