/**
 * @module E10 and E10b: import specifiers. With real URLs the browser resolves them; what never reaches a service
 * worker (data: and blob: modules), and what stands in a scoped module, is mapped.
 */
import type {
  AnyNode,
  ExportAllDeclaration,
  ExportNamedDeclaration,
  ImportDeclaration,
  ImportExpression,
  Literal,
} from 'acorn';
import { helperNames } from '../helper-names.js';
import {
  asciiLiteral,
  closer,
  commentBreak,
  commentEnd,
  opener,
  replacementStart,
  specifierBase,
} from '../insertions.js';
import type { ScriptWalk } from '../script-walk.js';
import { mapSpecifier } from '../module-specifier.js';
import { literalKey } from './member-expression.js';

export function visitImportDeclaration(walk: ScriptWalk, node: ImportDeclaration): void {
  for (const { local } of node.specifiers) walk.declareUnknown(local.name);
  visitModuleSource(walk, node);
}

export function visitExportDeclaration(walk: ScriptWalk, node: ExportNamedDeclaration): void {
  visitModuleSource(walk, node);
  walk.visit(node.declaration);
}

/** `from "…"` of an import or export. */
export function visitModuleSource(
  walk: ScriptWalk,
  node: ImportDeclaration | ExportNamedDeclaration | ExportAllDeclaration,
): void {
  const { source, attributes } = node;
  // Modules of another type (JSON, CSS) are no script.
  if (!source || typeof source.value !== 'string' || hasType(attributes)) return;
  replaceSpecifier(walk, source, source.value);
}

function hasType(attributes: ImportDeclaration['attributes'] | undefined): boolean {
  return !!attributes?.some(({ key }) => (key.type === 'Identifier' ? key.name : key.value) === 'type');
}

export function visitImportExpression(walk: ScriptWalk, node: ImportExpression): void {
  const { source } = node;
  const specifier = literalKey(source);
  walk.visit(node.options);
  // Of a loose tree: the engine is to refuse it.
  if ((source.type as string) === 'SpreadElement') return walk.visit(source);
  if (specifier !== null) {
    walk.then(() => replaceSpecifier(walk, source, specifier));
    return;
  }
  const base = walk.options.scopedImports?.baseUrl;
  walk.insertThen(source.end, base === undefined ? closer : specifierBase(asciiLiteral(base)));
  walk.visit(source);
  walk.edits.add(source.start, opener(helperNames.moduleSpecifier));
}

function replaceSpecifier(walk: ScriptWalk, node: AnyNode | Literal, specifier: string): void {
  const mapped = mapSpecifier(specifier, walk.options.scopedImports, walk.options.rewriteModule);
  if (mapped !== specifier) replaceByLiteral(walk, node, asciiLiteral(mapped));
}

/** A literal, and the original as a comment behind it. */
export function replaceByLiteral(walk: ScriptWalk, node: AnyNode, literal: string): void {
  const { edits, source } = walk;
  edits.add(node.start, replacementStart(literal));
  for (let end = source.indexOf('*/', node.start); end >= 0 && end < node.end; end = source.indexOf('*/', end + 1)) {
    edits.add(end + 1, commentBreak);
  }
  edits.add(node.end, commentEnd);
}
