/**
 * @module Everything that parses markup into elements, and everything that gives elements as markup. Parsing is the
 * engine's; the tree is patched before it is inserted, by one native call, so that observers see what they always see.
 */
import { companionPrefix } from '@culvert/rewriter';
import { domNatives } from '../../dom/dom-natives.js';
import { htmlNamespace } from '../../dom/authored-attributes.js';
import { mayNeedPatch } from '../../dom/markup-filter.js';
import { parseFragment } from '../../dom/parse-fragment.js';
import { asWritten } from '../../dom/rewritten-text.js';
import { rewriteScriptText } from '../../dom/script-preparation.js';
import {
  cleanCopy,
  cleanMarkup,
  inertDocument,
  isRootName,
  isXmlDocument,
  mayBeRewritten,
  patchTree,
} from '../../dom/tree.js';
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod } from '../../natives.js';
import { ownBases } from '../../realm/base-element.js';
import { newFrames } from '../../realm/child-frame.js';
import type { Realm } from '../../realm/realm.js';

/** Their content is text to the parser: nothing in it is an element. */
const textElements = new Set(['style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext']);

export function interceptHtmlSinks(realm: Realm): void {
  interceptInnerHtml(realm);
  interceptOuterHtml(realm);
  interceptAdjacentHtml(realm);
  interceptDetachedParsers(realm);
  interceptSerializers(realm);
}

function interceptInnerHtml(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  const replaceRootChildren = nativeMethod(global.ShadowRoot.prototype, 'replaceChildren');
  const host = nativeGetter<Element>(global.ShadowRoot.prototype, 'host');
  const isElement = (target: Node) => dom.nodeType(target) === 1;
  const replaceChildren = (target: Node, fragment: DocumentFragment) =>
    isElement(target) ? dom.replaceChildren(target, fragment) : replaceRootChildren(target, fragment);

  /** True when the native call may run as it is: nothing to patch, or a place where patching comes after. */
  const isNative = (target: Node, markup: string): boolean => {
    if (!mayNeedPatch(markup, realm.data.settings)) return true;
    return isElement(target) && dom.namespaceURI(target) === htmlNamespace && textElements.has(dom.localName(target));
  };
  const isTemplate = (target: Node) =>
    isElement(target) && dom.localName(target) === 'template' && dom.namespaceURI(target) === htmlNamespace;

  function fill(target: Node, given: unknown, native: (target: Node, value: unknown) => void): void {
    const markup = given === null ? '' : `${given as string}`;
    if (isElement(target) && dom.localName(target) === 'script') {
      const rewritten = dom.isConnected(target) ? rewriteScriptText(realm, target as Element, markup) : markup;
      native(target, rewritten === markup ? given : withTrustOf(realm, given, rewritten));
    } else if (isNative(target, markup)) {
      native(target, given);
    } else if (isTemplate(target)) {
      native(target, given);
      patchTree(realm, dom.templateContent(target));
    } else {
      const context = isElement(target) ? (target as Element) : host(target);
      replaceChildren(
        target,
        parseFragment(realm, context, markup, (scratch) => dom.setInnerHTML(scratch, given)),
      );
      newFrames(realm)(false);
    }
  }

  for (const prototype of [global.Element.prototype, global.ShadowRoot.prototype]) {
    interceptAccessor(realm, prototype, 'innerHTML', {
      get: (native) =>
        ({
          get(this: Node) {
            const markup = native(this) as string;
            return mayBeRewritten(markup) ? cleanInnerHtml(realm, this) : markup;
          },
        }).get,
      set: (native) =>
        ({
          set(this: Node, value: unknown) {
            fill(this, value, native);
          },
        }).set,
    });
    interceptMethod(
      realm,
      prototype,
      'setHTMLUnsafe',
      (native) =>
        function (this: Node, ...args: unknown[]) {
          const markup = `${args[0] as string}`;
          if (args.length === 0 || isNative(this, markup)) return apply(native, this, args) as unknown;
          if (isTemplate(this)) {
            apply(native, this, args);
            return patchTree(realm, dom.templateContent(this));
          }
          const context = isElement(this) ? (this as Element) : host(this);
          const parse = nativeUnsafe(context);
          return replaceChildren(
            this,
            parseFragment(realm, context, markup, (scratch) => void apply(parse, scratch, args)),
          );
        },
    );
  }
  const elementUnsafe = (global.Element.prototype as unknown as Record<string, unknown>).setHTMLUnsafe;
  const nativeUnsafe = (_context: Element) =>
    (realm.shared.nativeOf.get(elementUnsafe as object) ?? elementUnsafe) as (...args: unknown[]) => unknown;
}

function interceptOuterHtml(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  interceptAccessor(realm, global.Element.prototype, 'outerHTML', {
    get: (native) =>
      function (this: Element) {
        const markup = native(this) as string;
        const isRoot = isRootName(realm, this);
        if (!isRoot && !mayBeRewritten(markup)) return markup;
        return cleanMarkup(realm, cleanCopy(realm, this), (copy) => dom.outerHTML(copy));
      },
    set: (native) =>
      function (this: Element, value: unknown) {
        const markup = value === null ? '' : `${value as string}`;
        const parent = dom.parentNode(this);
        if (!parent || dom.nodeType(parent) === 9 || !mayNeedPatch(markup, realm.data.settings)) {
          return native(this, value);
        }
        const context = dom.nodeType(parent) === 1 ? (parent as Element) : null;
        const fragment = parseFragment(realm, context, markup, (scratch) => dom.setInnerHTML(scratch, value));
        dom.replaceChild(parent, fragment, this);
      },
  });
}

function interceptAdjacentHtml(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  interceptMethod(
    realm,
    global.Element.prototype,
    'insertAdjacentHTML',
    (native) =>
      function (this: Element, ...args: unknown[]) {
        const markup = `${args[1] as string}`;
        const position = `${args[0] as string}`.toLowerCase();
        const isOutside = position === 'beforebegin' || position === 'afterend';
        const isInside = position === 'afterbegin' || position === 'beforeend';
        const target = isOutside ? dom.parentNode(this) : this;
        const isNative =
          args.length < 2 ||
          (!isOutside && !isInside) ||
          !target ||
          dom.nodeType(target) === 9 ||
          !mayNeedPatch(markup, realm.data.settings);
        // The native method also words the errors.
        if (isNative) return apply(native, this, args) as unknown;
        const context = dom.nodeType(target) === 1 ? (target as Element) : null;
        const isHtml = context && dom.localName(context) === 'html' && dom.namespaceURI(context) === htmlNamespace;
        const parse = (scratch: Element) => dom.setInnerHTML(scratch, args[1]);
        const fragment = parseFragment(realm, isHtml ? null : context, markup, parse);
        const before = {
          beforebegin: this as Node,
          afterend: dom.nextSibling(this),
          afterbegin: dom.firstChild(this),
          beforeend: null,
        }[position];
        dom.insertBefore(target, fragment, before);
        return undefined;
      },
  );
}

/** What comes out of these is not connected: it is patched where it stands. */
function interceptDetachedParsers(realm: Realm): void {
  const global = realm.global as Window &
    typeof globalThis & { XSLTProcessor?: { prototype: object }; Document: { parseHTMLUnsafe?: unknown } };
  const methods: readonly (readonly [object | undefined, string])[] = [
    [global.Range.prototype, 'createContextualFragment'],
    [global.DOMParser.prototype, 'parseFromString'],
    [global.Document, 'parseHTMLUnsafe'],
    [global.XSLTProcessor?.prototype, 'transformToFragment'],
    [global.XSLTProcessor?.prototype, 'transformToDocument'],
  ];
  for (const [holder, name] of methods) {
    if (!holder) continue;
    interceptMethod(
      realm,
      holder,
      name,
      (native) =>
        function (this: unknown, ...args: unknown[]) {
          const root = apply(native, this, args) as Node | null;
          if (root) patchTree(realm, root);
          if (name === 'parseFromString') giveBase(realm, root as Document);
          return root;
        },
    );
  }
  interceptAccessor(realm, global.XMLHttpRequest.prototype, 'responseXML', {
    get: (native) =>
      function (this: XMLHttpRequest) {
        const document = native(this) as Document | null;
        if (document && !patchedDocuments.has(document)) {
          patchedDocuments.add(document);
          patchTree(realm, document);
        }
        return document;
      },
  });
  interceptMethod(
    realm,
    global.Document.prototype,
    'execCommand',
    (native) =>
      function (this: Document, ...args: unknown[]) {
        const markup = args[2];
        const isInsertion = `${args[0] as string}`.toLowerCase() === 'inserthtml' && typeof markup === 'string';
        if (!isInsertion || !mayNeedPatch(markup, realm.data.settings)) return apply(native, this, args) as unknown;
        const dom = domNatives(realm);
        const context = dom.createElementNS(this, htmlNamespace, 'div');
        dom.appendChild(
          context,
          parseFragment(realm, context, markup, (scratch) => dom.setInnerHTML(scratch, markup)),
        );
        return apply(native, this, [args[0], args[1], dom.innerHTML(context)]) as unknown;
      },
  );
}

/**
 * A document of `DOMParser` has the URL of its creator, natively the proxy's, and its links resolve by that: it gets a `<base>` where
 * documents have ours. https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring
 */
function giveBase(realm: Realm, document: Document): void {
  const dom = domNatives(realm);
  const root = dom.documentElement(document);
  if (!root || isXmlDocument(realm, document) || dom.documentQueryAll(document, 'base[href]').length > 0) return;
  const base = dom.createElementNS(document, htmlNamespace, 'base');
  ownBases.add(base);
  dom.setAttribute(base, 'href', realm.urls.documentUrl());
  dom.appendChild(root, base);
}

const patchedDocuments = new WeakSet<object>();

function interceptSerializers(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  for (const prototype of [global.Element.prototype, global.ShadowRoot.prototype]) {
    interceptMethod(
      realm,
      prototype,
      'getHTML',
      (native) =>
        function (this: Node, ...args: unknown[]) {
          const markup = apply(native, this, args) as string;
          if (!mayBeRewritten(markup)) return markup;
          // Shadow roots that the options ask for are not in a copy.
          return markup.includes(companionPrefix) ? cleanInnerHtml(realm, this) : asWritten(markup);
        },
    );
  }
  interceptMethod(
    realm,
    global.XMLSerializer.prototype,
    'serializeToString',
    (native) =>
      function (this: XMLSerializer, ...args: unknown[]) {
        const markup = apply(native, this, args) as string;
        const dom = domNatives(realm);
        const node = args[0] as Node;
        const isWhole = node === realm.document() || (dom.nodeType(node) === 1 && isRootName(realm, node as Element));
        if (!isWhole && !mayBeRewritten(markup)) return markup;
        const copied = apply(native, this, [cleanCopy(realm, node), ...args.slice(1)]) as string;
        // A copy of a document has lost its XML declaration.
        const declaration = /^<\?xml[^>]*\?>/.exec(markup)?.[0] ?? '';
        return copied.startsWith(declaration) ? copied : declaration + copied;
      },
  );
}

/** Shadow roots can't be copied: their children are. */
function cleanInnerHtml(realm: Realm, node: Node): string {
  const dom = domNatives(realm);
  const inner = (copy: Node) => dom.innerHTML(copy);
  if (dom.nodeType(node) === 1) return cleanMarkup(realm, cleanCopy(realm, node), inner);
  const holder = dom.createElementNS(inertDocument(realm, dom.ownerDocument(node)!), htmlNamespace, 'div');
  for (let child = dom.firstChild(node); child; child = dom.nextSibling(child)) {
    dom.appendChild(holder, cleanCopy(realm, child));
  }
  return cleanMarkup(realm, holder, inner);
}
