/**
 * @module Every DOM method that can connect a node: the nodes are prepared first (`dom/script-preparation.ts`), and frames
 * among them entered after.
 */
import { type AnyFunction, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { newFrames } from '../../realm/child-frame.js';
import type { Realm } from '../../realm/realm.js';
import { domNatives } from '../../dom/dom-natives.js';
import { prepareForInsertion, rewriteScriptText } from '../../dom/script-preparation.js';

type Kind = 'first' | 'second' | 'rest' | 'siblings' | 'range';

/** Where the methods of each mixin take their nodes; `rest`: every argument is a node or a string. */
const insertionMethods: readonly (readonly [interfaces: string, methods: string, nodes: Kind])[] = [
  ['Node', 'appendChild insertBefore replaceChild', 'first'],
  ['Element Document DocumentFragment', 'append prepend replaceChildren', 'rest'],
  ['Element Document DocumentFragment', 'moveBefore', 'first'],
  ['Element CharacterData DocumentType', 'before after replaceWith', 'siblings'],
  ['Element', 'insertAdjacentElement', 'second'],
  ['Range', 'insertNode surroundContents', 'range'],
];

export function interceptNodeInsertion(realm: Realm): void {
  const global = realm.global as Record<string, { prototype: object } | undefined> & typeof globalThis;
  const dom = domNatives(realm);
  const enterNewFrames = newFrames(realm);

  const isNode = (value: unknown): value is Node => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      return dom.nodeType(value) > 0;
    } catch {
      // The getter's brand check: any other object.
      return false;
    }
  };

  /** Whether the receiver is a connected node; any other object is for the native method to refuse. */
  const connects = (receiver: unknown): boolean => {
    try {
      return dom.isConnected(receiver);
    } catch {
      // The getter's brand check.
      return false;
    }
  };

  /** A connected empty script runs as soon as it gets text, so the text has to be rewritten before. */
  const isScript = (receiver: unknown): receiver is Element =>
    dom.nodeType(receiver) === 1 && dom.localName(receiver) === 'script';

  /**
   * Frames among what is inserted are entered before the call returns: by `frames[0]` or by its name a frame's window can be
   * reached at once, and neither a source edit nor a hook sees that.
   */
  const insert = (native: AnyFunction, receiver: unknown, args: unknown[], from: number, to: number): unknown => {
    let mayHoldFrames = false;
    for (let index = from; index < to; index++) {
      const node = args[index];
      if (isNode(node) && prepareForInsertion(realm, node)) mayHoldFrames = true;
    }
    const result = apply(native, receiver, args) as unknown;
    enterNewFrames(mayHoldFrames);
    return result;
  };

  // One literal for each kind and no function between them and the native: pages call these more than any other hook.
  const kinds: Record<Kind, (native: AnyFunction) => AnyFunction> = {
    first: (native) =>
      ({
        insert(this: unknown, ...args: unknown[]) {
          if (!connects(this)) return apply(native, this, args) as unknown;
          if (isScript(this)) return apply(native, this, rewriteTextNodes(this, args)) as unknown;
          return insert(native, this, args, 0, 1);
        },
      }).insert,
    rest: (native) =>
      ({
        insert(this: unknown, ...args: unknown[]) {
          if (!connects(this)) return apply(native, this, args) as unknown;
          if (isScript(this)) return apply(native, this, rewriteTextNodes(this, args)) as unknown;
          return insert(native, this, args, 0, args.length);
        },
      }).insert,
    siblings: (native) =>
      ({
        insert(this: unknown, ...args: unknown[]) {
          return connects(this) ? insert(native, this, args, 0, args.length) : (apply(native, this, args) as unknown);
        },
      }).insert,
    second: (native) =>
      ({
        insert(this: unknown, ...args: unknown[]) {
          if (!connects(this)) return apply(native, this, args) as unknown;
          if (isScript(this)) return apply(native, this, rewriteTextNodes(this, args)) as unknown;
          return insert(native, this, args, 1, 2);
        },
      }).insert,
    // A range has no such state; what it gets is prepared wherever it is.
    range: (native) =>
      ({
        insert(this: unknown, ...args: unknown[]) {
          return insert(native, this, args, 0, 1);
        },
      }).insert,
  };

  for (const [interfaces, methods, kind] of insertionMethods) {
    for (const holderName of interfaces.split(' ')) {
      const prototype = global[holderName]?.prototype;
      if (!prototype) continue;
      for (const method of methods.split(' ')) interceptMethod(realm, prototype, method, kinds[kind]);
    }
  }

  interceptMethod(
    realm,
    global.Element.prototype,
    'insertAdjacentText',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        const inside = /^(?:afterbegin|beforeend)$/i.test(`${args[0] as string}`);
        const script = inside && connects(this) && isScript(this) ? this : null;
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
