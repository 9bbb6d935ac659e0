/**
 * @module Every DOM method that can connect a node: the nodes are prepared first (`dom/script-preparation.ts`).
 */
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { domNatives } from '../../dom/dom-natives.js';
import { prepareForInsertion, rewriteScriptText } from '../../dom/script-preparation.js';

/** Where the methods of each mixin take their nodes; `rest`: every argument is a node or a string. */
const insertionMethods: readonly (readonly [
  interfaces: string,
  methods: string,
  nodes: 'first' | 'second' | 'rest',
])[] = [
  ['Node', 'appendChild insertBefore replaceChild', 'first'],
  ['Element Document DocumentFragment', 'append prepend replaceChildren', 'rest'],
  ['Element Document DocumentFragment', 'moveBefore', 'first'],
  ['Element CharacterData DocumentType', 'before after replaceWith', 'rest'],
  ['Element', 'insertAdjacentElement', 'second'],
  ['Range', 'insertNode surroundContents', 'first'],
];

export function interceptNodeInsertion(realm: Realm): void {
  const global = realm.global as Record<string, { prototype: object } | undefined> & typeof globalThis;
  const dom = domNatives(realm);
  const { Node, Range } = global;

  const isNode = (value: unknown): value is Node => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      return dom.nodeType(value) > 0;
    } catch {
      // The getter's brand check: any other object.
      return false;
    }
  };

  const connects = (receiver: unknown): boolean => {
    if (receiver instanceof Range) return true;
    return isNode(receiver) && dom.isConnected(receiver);
  };

  /** A connected empty script runs as soon as it gets text, so the text has to be rewritten before. */
  const scriptParent = (receiver: unknown, method: string): Element | null => {
    if (!(receiver instanceof Node) || dom.nodeType(receiver) !== 1) return null;
    const parent = isSiblingMethod(method) ? null : (receiver as Element);
    return parent && dom.localName(parent) === 'script' ? parent : null;
  };

  for (const [interfaces, methods, nodes] of insertionMethods) {
    for (const holderName of interfaces.split(' ')) {
      const prototype = global[holderName]?.prototype;
      if (!prototype) continue;
      for (const method of methods.split(' ')) {
        interceptMethod(
          realm,
          prototype,
          method,
          (native) =>
            function (this: unknown, ...args: unknown[]) {
              if (!connects(this)) return apply(native, this, args) as unknown;
              const script = scriptParent(this, method);
              if (script) return apply(native, this, rewriteTextNodes(script, args)) as unknown;
              const inserted = nodes === 'rest' ? args : [args[nodes === 'first' ? 0 : 1]];
              for (const node of inserted) if (isNode(node)) prepareForInsertion(realm, node);
              return apply(native, this, args) as unknown;
            },
        );
      }
    }
  }

  interceptMethod(
    realm,
    global.Element.prototype,
    'insertAdjacentText',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        const inside = /^(?:afterbegin|beforeend)$/i.test(`${args[0] as string}`);
        const script = inside && connects(this) ? scriptParent(this, 'append') : null;
        if (script && args.length > 1) args[1] = rewriteScriptText(realm, script, `${args[1] as string}`);
        return apply(native, this, args) as unknown;
      },
  );

  /** Several pieces are one program only together: the first text node takes it all. */
  function rewriteTextNodes(script: Element, args: unknown[]): unknown[] {
    if (dom.firstChild(script) !== null) return args;
    const pieces = args.filter((arg) => typeof arg === 'string' || isNode(arg));
    const text = pieces.map((piece) => (typeof piece === 'string' ? piece : (dom.textContent(piece) ?? ''))).join('');
    const rewritten = rewriteScriptText(realm, script, text);
    if (rewritten === text || pieces.length === 0) return args;
    const [first] = pieces;
    if (pieces.length === 1 && isNode(first)) {
      dom.setTextContent(first, rewritten);
      return args;
    }
    return [rewritten];
  }
}

function isSiblingMethod(method: string): boolean {
  return method === 'before' || method === 'after' || method === 'replaceWith';
}
