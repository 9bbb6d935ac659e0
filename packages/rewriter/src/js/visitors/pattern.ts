/**
 * @module E4: destructuring. An object pattern reads `location` and `top` without a member expression, so its source is
 * wrapped where there is one in the text (`{location} = cv$l(~o~)`, done by the visitor of what holds the pattern).
 *
 * Elsewhere (parameters, loops, catch clauses, patterns within patterns) the property is first bound to a temporary and
 * then, through the default of a property that no object has, to its target: `{location:cv$1,[cv$u]:~x~=cv$w(cv$1)}`.
 * What is not there reads as undefined there too, and the author's default stays where it was.
 */
import type { AnyNode, AssignmentProperty, ObjectPattern, Property, RestElement } from 'acorn';
import { Context, patternContext } from '../context.js';
import {
  asciiIdentifier,
  namedEnd,
  namedStart,
  patternSlot,
  restTargetEnd,
  restTargetStart,
  shorthandKey,
} from '../insertions.js';
import { Certainty, isSafeKey } from '../numeric-variables.js';
import { isAnonymousFunction, isHotName, withoutParentheses, type ScriptWalk } from '../script-walk.js';
import { visitReference } from './identifier.js';
import { literalKey, visitMember } from './member-expression.js';

export function visitPattern(walk: ScriptWalk, node: AnyNode, context: number): void {
  const inherited = context & patternContext;
  switch (node.type) {
    case 'Identifier':
      if ((context & Context.binding) !== 0) return declare(walk, node.name, context);
      walk.noteWrite(node.name, null);
      return visitReference(walk, node, (context & Context.shorthand) !== 0);
    case 'MemberExpression':
      return visitMember(walk, node, Context.target);
    case 'ParenthesizedExpression':
      return walk.visit(node.expression, context);
    case 'AssignmentPattern':
      walk.visit(node.right);
      return walk.visit(node.left, context & ~Context.wrapped);
    case 'ArrayPattern':
      return walk.visitAll(node.elements, inherited);
    case 'RestElement':
      return walk.visit(node.argument, inherited);
    case 'ObjectPattern':
      for (let index = node.properties.length - 1; index >= 0; index--) {
        const property = node.properties[index]!;
        walk.then(() => {
          if (property.type === 'RestElement') visitObjectRest(walk, property, context);
          else visitPatternProperty(walk, property, context);
        });
      }
      return;
    default:
      // Not a target (a loose parse, or a call that fails when it runs).
      return walk.visit(node);
  }
}

function declare(walk: ScriptWalk, name: string, context: number): void {
  if ((context & Context.varBinding) !== 0) {
    const variable = walk.declareVar(name);
    if (variable) variable.isUnknown = true;
  } else {
    walk.declareUnknown(name);
  }
}

function visitPatternProperty(walk: ScriptWalk, property: AssignmentProperty, context: number): void {
  const { key, value } = property;
  const inherited = context & patternContext;
  const hasDefault = value.type === 'AssignmentPattern';
  const target = hasDefault ? value.left : value;
  const inner = withoutParentheses(target);
  const wrapsValue = (context & Context.wrapped) === 0 && isHotKey(property);
  const wrapsReceiver = inner.type === 'ObjectPattern' && readsHotProperties(inner);

  if (!wrapsValue && !wrapsReceiver) {
    if (hasDefault) walk.visit(value.right);
    walk.visit(target, inherited | (property.shorthand ? Context.shorthand : 0));
    if (property.computed) walk.visit(key);
    return;
  }

  const slot = patternSlot(temporaryFor(walk, context), wrapsValue, wrapsReceiver);
  if (hasDefault) {
    const name = target.type === 'Identifier' && isAnonymousFunction(value.right) ? target.name : null;
    walk.insertThen(value.right.end, (name === null ? '' : namedEnd(name)) + slot.defaultEnd);
    walk.visit(value.right);
    walk.insertThen(value.right.start, slot.defaultStart + (name === null ? '' : namedStart(name)));
  } else {
    walk.insertThen(value.end, slot.end);
  }
  walk.visit(target, inherited | (wrapsReceiver ? Context.wrapped : 0));
  const shorthand = property.shorthand && key.type === 'Identifier' ? shorthandKey(key.name) : '';
  walk.insertThen(value.start, shorthand + slot.start);
  if (property.computed) walk.visit(key);
}

function temporaryFor(walk: ScriptWalk, context: number): string {
  if ((context & Context.target) !== 0) return 'cv$v';
  const isVar = (context & Context.varBinding) !== 0;
  const isLexical = (context & Context.lexicalBinding) !== 0;
  return walk.temporary((isVar && walk.scope.variableScope === walk.root) || (isLexical && walk.scope === walk.root));
}

/** An object rest copies what its source has; if nothing wrapped the source, the copy is mended. */
function visitObjectRest(walk: ScriptWalk, rest: RestElement, context: number): void {
  const { argument } = rest;
  const inherited = context & patternContext;
  if ((context & Context.wrapped) !== 0) return walk.visit(argument, inherited);
  if ((context & Context.target) !== 0) {
    walk.insertThen(argument.end, restTargetEnd);
    walk.visit(argument, inherited);
    walk.edits.add(argument.start, restTargetStart);
    return;
  }
  if (argument.type === 'Identifier') walk.restFixes.push(asciiIdentifier(argument.name));
  walk.visit(argument, inherited);
}

/** Whether a pattern's first level may read `location` or `top`. */
export function readsHotProperties(pattern: ObjectPattern): boolean {
  return pattern.properties.some((property) => property.type === 'RestElement' || isHotKey(property));
}

function isHotKey({ key, computed }: AssignmentProperty | Property): boolean {
  if (!computed) {
    if (key.type === 'Identifier') return isHotName(key.name);
    return key.type === 'Literal' && typeof key.value === 'string' && isHotName(key.value);
  }
  const literal = literalKey(key);
  return literal === null ? isSafeKey(key, null) !== Certainty.Yes : isHotName(literal);
}
