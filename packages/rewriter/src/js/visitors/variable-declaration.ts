/**
 * @module Variable declarations: E4 on their sources, and E5, where `var location` at the top level of a script is no
 * declaration at all but an assignment to the global's.
 */
import type { AnyNode, Pattern, VariableDeclaration, VariableDeclarator } from 'acorn';
import { Context } from '../context.js';
import { helperNames } from '../helper-names.js';
import { asciiIdentifier, commentEnd, commentStart, declaredScratch, restFixDeclarator } from '../insertions.js';
import { isAnonymousFunction, isHotName, type ScriptWalk } from '../script-walk.js';
import { readsHotProperties } from './pattern.js';

export function visitVariableDeclaration(walk: ScriptWalk, node: VariableDeclaration): void {
  for (let index = node.declarations.length - 1; index >= 0; index--) {
    const declarator = node.declarations[index]!;
    walk.then(() => visitDeclarator(walk, declarator, node.kind));
  }
}

function bindingContext(kind: VariableDeclaration['kind']): number {
  return Context.binding | (kind === 'var' ? Context.varBinding : Context.lexicalBinding);
}

function visitDeclarator(walk: ScriptWalk, node: VariableDeclarator, kind: VariableDeclaration['kind']): void {
  const { id, init } = node;
  if (id.type === 'Identifier') return visitNamedDeclarator(walk, node, id.name, kind);

  const isAssignment = kind === 'var' && isAssignedGlobally(walk, id);
  const isWrapped = id.type === 'ObjectPattern' && !!init && readsHotProperties(id);
  const outerFixes = walk.restFixes;
  walk.restFixes = [];
  walk.then(() => {
    const fixes = walk.restFixes;
    walk.restFixes = outerFixes;
    for (const name of fixes) {
      const temporary = walk.temporary(walk.scope === walk.root);
      walk.insertThen(node.end, restFixDeclarator(temporary, name));
    }
    if (!init) return;
    if (isWrapped) walk.wrap(init, helperNames.standIn);
    walk.visit(init);
  });
  if (isAssignment) walk.edits.add(id.start, declaredScratch);
  walk.visit(id, (isAssignment ? Context.target : bindingContext(kind)) | (isWrapped ? Context.wrapped : 0));
}

function visitNamedDeclarator(
  walk: ScriptWalk,
  node: VariableDeclarator,
  name: string,
  kind: VariableDeclaration['kind'],
): void {
  const { init } = node;
  const variable = kind === 'var' ? walk.declareVar(name) : walk.declareLexical(name, kind === 'const');
  if (!init) return;
  if (variable) (variable.writes ??= []).push([init, walk.scope]);
  else return visitGlobalWrite(walk, node, name);
  walk.visit(init);
}

/** E5. */
function visitGlobalWrite(walk: ScriptWalk, node: VariableDeclarator, name: string): void {
  const { edits, scope } = walk;
  const init = node.init!;
  const before = edits.add(node.id.start, '');
  const target = edits.add(node.id.start, '');
  const value = edits.add(init.start, '');
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
      isDeclared: true,
      isParenthesized: false,
      isNamed: isAnonymousFunction(init),
    });
  });
  walk.visit(init);
}

/**
 * A var pattern at the top level that holds a hot name becomes an assignment; the other names it declared are declared
 * at the start of the program.
 */
function isAssignedGlobally(walk: ScriptWalk, pattern: Pattern): boolean {
  if (!walk.isTopLevelVariable(walk.scope.variableScope)) return false;
  const names = boundNames(pattern);
  if (!names.some(isHotName)) return false;
  for (const name of names) {
    if (isHotName(name)) {
      if (walk.options.topLevel === 'eval') walk.hoisted.add(name);
    } else {
      walk.hoisted.add(asciiIdentifier(name));
      const variable = walk.declareVar(name);
      if (variable) variable.isUnknown = true;
    }
  }
  return true;
}

/** `for (var x of …)`, `for (const {x} in …)`. */
export function visitLoopVariable(walk: ScriptWalk, node: VariableDeclaration, isOf: boolean): void {
  const { id } = node.declarations[0]!;
  const { edits, scope } = walk;
  if (node.kind === 'var' && isAssignedGlobally(walk, id)) {
    const start = edits.add(node.start, '');
    const end = edits.add(node.start + 'var'.length, '');
    const comment = () => {
      edits.set(start, commentStart);
      edits.set(end, commentEnd);
    };
    if (id.type === 'Identifier') {
      const before = edits.add(id.start, '');
      walk.hotReferences.push({ kind: 'loop-variable', scope, name: id.name, before, comment });
      return;
    }
    comment();
    return walk.visit(id, Context.target);
  }
  // The keys of `for…in` are strings: a pattern over them reads nothing hot.
  walk.visit(id, bindingContext(node.kind) | (isOf ? 0 : Context.wrapped));
}

function boundNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}
