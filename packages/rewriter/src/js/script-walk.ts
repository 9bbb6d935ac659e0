/**
 * @module One walk over a syntax tree, in source order and without recursion (bundles nest deeper than a stack). It
 * keeps the scopes, collects the edits, and leaves places open for those that hinge on declarations further on.
 */
import type { AnyNode, Expression } from 'acorn';
import { closer, hoistedVars, opener, parenthesis } from './insertions.js';
import { Scope, resolveVariable, type Variable } from './scope.js';
import { SourceEdits } from './source-edits.js';
import { decideReferences, type EvalCall, type HotReference, type PendingKey } from './references.js';
import { visitNode } from './visitors/visit-node.js';

export interface ScopedImports {
  baseUrl: string;
  toBrowser(url: string): string;
}

export interface WalkOptions {
  /** What a `var` at the top level declares: a property of the global, or a local of the code around. */
  topLevel: 'global' | 'module' | 'function' | 'eval';
  /** The names at the top level may belong to objects or functions that are not in the text. */
  isDynamic: boolean;
  isStrict: boolean;
  scopedImports?: ScopedImports | undefined;
  rewriteModule(source: string): string;
}

const actionTask = -1;
const scopeTask = -2;

export class ScriptWalk {
  readonly source: string;
  readonly options: WalkOptions;
  readonly edits = new SourceEdits();
  readonly root: Scope;
  scope: Scope;

  readonly hotReferences: HotReference[] = [];
  readonly evalCalls: EvalCall[] = [];
  readonly pendingKeys: PendingKey[] = [];
  /** Functions declared in blocks of sloppy code, which may be variables of the function around. */
  readonly blockFunctions: [Scope, string][] = [];
  readonly #writes: [scope: Scope, name: string, value: AnyNode | null][] = [];

  /** Object rests that the code behind the present pattern has to fix. */
  restFixes: string[] = [];
  /** Variables whose declaration an edit took away. */
  readonly hoisted = new Set<string>();
  hoistPlace = -1;

  readonly #tasks: (AnyNode | Scope | (() => void))[] = [];
  readonly #contexts: number[] = [];
  #temporaries = 0;

  constructor(source: string, options: WalkOptions) {
    this.source = source;
    this.options = options;
    this.root = new Scope(null, options.topLevel === 'function' ? 'function' : 'program', options.isStrict);
    this.scope = this.root;
  }

  run(program: AnyNode): SourceEdits {
    this.visit(program);
    const tasks = this.#tasks;
    const contexts = this.#contexts;
    while (tasks.length > 0) {
      const task = tasks.pop()!;
      const context = contexts.pop()!;
      if (context >= 0) visitNode(this, task as AnyNode, context);
      else if (context === actionTask) (task as () => void)();
      else this.scope = task as Scope;
    }
    decideReferences(this);
    if (this.hoisted.size > 0 && this.hoistPlace >= 0) {
      this.edits.set(this.hoistPlace, hoistedVars([...this.hoisted]));
    }
    return this.edits;
  }

  // The stack. What is pushed last is done first, so visitors push the parts of a node from its end to its start.

  visit(node: AnyNode | null | undefined, context = 0): void {
    if (!node) return;
    this.#tasks.push(node);
    this.#contexts.push(context);
  }

  visitAll(nodes: readonly (AnyNode | null)[], context = 0): void {
    for (let index = nodes.length - 1; index >= 0; index--) this.visit(nodes[index], context);
  }

  then(action: () => void): void {
    this.#tasks.push(action);
    this.#contexts.push(actionTask);
  }

  insertThen(position: number, text: string): void {
    this.then(() => this.edits.add(position, text));
  }

  /** Enters a scope until what is pushed after this call is done. */
  enter(scope: Scope): void {
    this.#tasks.push(this.scope);
    this.#contexts.push(scopeTask);
    this.scope = scope;
  }

  enterBlock(): void {
    this.enter(new Scope(this.scope, 'block', this.scope.isStrict));
  }

  // Edits.

  /** Whether a call inserted at `position` must be parenthesised: behind a keyword (`return[0].x`) it would join it. */
  needsParenthesis(position: number): boolean {
    return position > 0 && isIdentifierPart(this.source, position - 1) && !isIdentifierPart(this.source, position);
  }

  /** `helper(~…~)` around a node, to be visited by the caller in between: pushes the closer, adds the opener. */
  wrap(node: AnyNode, helper: string, isParenthesized = false): void {
    const parenthesize = isParenthesized || this.needsParenthesis(node.start);
    this.edits.add(node.start, parenthesize ? parenthesis + opener(helper) : opener(helper));
    this.insertThen(node.end, parenthesize ? closer + closer : closer);
  }

  // Declarations.

  declareVar(name: string): Variable | null {
    const target = this.scope.variableScope;
    const isGlobal = this.isTopLevelVariable(target);
    if (isGlobal && isHotName(name)) return null;
    const variable = target.declare(name);
    // Other scripts can write a variable of the global scope.
    if (isGlobal) variable.isUnknown = true;
    return variable;
  }

  declareLexical(name: string, isConstant: boolean): Variable {
    const variable = this.scope.declare(name);
    if (!isConstant && this.scope === this.root && this.options.topLevel === 'global') variable.isUnknown = true;
    return variable;
  }

  declareUnknown(name: string): void {
    this.scope.declare(name).isUnknown = true;
  }

  /** Whether a `var` declared in `scope` is (or may be) a property of the global object. */
  isTopLevelVariable(scope: Scope): boolean {
    return scope === this.root && (this.options.topLevel === 'global' || this.options.topLevel === 'eval');
  }

  /** @param value null if it is not known */
  noteWrite(name: string, value: AnyNode | null): void {
    this.#writes.push([this.scope, name, value]);
  }

  /** Tells each variable what is written to it; once, when all declarations are known. */
  settleWrites(): void {
    for (const [scope, name, value] of this.#writes) {
      const variable = resolveVariable(scope, name, true);
      if (variable === null) continue;
      if (value === null) variable.isUnknown = true;
      else (variable.writes ??= []).push([value, scope]);
    }
  }

  /**
   * A name for a temporary that inserted code declares. At the top level, where scripts share their names, it depends
   * on the text.
   */
  temporary(isTopLevel: boolean): string {
    const number = ++this.#temporaries;
    return isTopLevel ? `cv$${number}_${hash(this.source)}` : `cv$${number}`;
  }
}

export function isHotName(name: string): boolean {
  return (name.length === 8 && name === 'location') || (name.length === 3 && name === 'top');
}

export function withoutParentheses<N extends AnyNode>(node: N): AnyNode {
  let inner: AnyNode = node;
  while (inner.type === 'ParenthesizedExpression') inner = inner.expression as Expression;
  return inner;
}

/** IsAnonymousFunctionDefinition: what is assigned to an identifier then gets its name. */
export function isAnonymousFunction(node: AnyNode): boolean {
  const inner = withoutParentheses(node);
  if (inner.type === 'ArrowFunctionExpression') return true;
  return (inner.type === 'FunctionExpression' || inner.type === 'ClassExpression') && !inner.id;
}

function isIdentifierPart(source: string, index: number): boolean {
  const unit = source.charCodeAt(index);
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x24 ||
    unit === 0x5f ||
    unit === 0x5c ||
    (unit > 0x7f && unit !== 0xa0 && unit !== 0x2028 && unit !== 0x2029 && unit !== 0xfeff)
  );
}

/** FNV-1a: only meant to tell the scripts of one page apart. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return (state >>> 0).toString(36);
}
