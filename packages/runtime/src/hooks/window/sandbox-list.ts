/**
 * @module `iframe.sandbox`: the token list that a page gets is that of a detached frame of ours, which holds what the author
 * wrote; whatever is done to it goes to the real frame as the rewriter's table has it (`realm/sandbox.ts`).
 */
import { authoredAttributes, htmlNamespace } from '../../dom/authored-attributes.js';
import { domNatives } from '../../dom/dom-natives.js';
import { inertDocument } from '../../dom/tree.js';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, SafeWeakMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

interface Shown {
  /** The detached frame. */
  holder: Element;
  list: object;
}

export function interceptSandboxList(realm: Realm): void {
  const { global, natives } = realm;
  const prototype = global.HTMLIFrameElement.prototype as object;
  const lists = global.DOMTokenList.prototype as object;
  const attributes = authoredAttributes(realm);
  const dom = domNatives(realm);
  const listOf = nativeGetter<object>(prototype, 'sandbox');
  const shown = new SafeWeakMap<object, Shown>();
  const frames = new SafeWeakMap<object, Element>();

  const show = (frame: Element): object => {
    let view = shown.get(frame);
    if (!view) {
      const holder = dom.createElementNS(
        inertDocument(realm, dom.ownerDocument(frame)!),
        htmlNamespace,
        'iframe',
      ) as Element;
      view = { holder, list: listOf(holder) };
      shown.set(frame, view);
      frames.set(view.list, frame);
    }
    const written = attributes.get(frame, 'sandbox');
    if (written === null) natives.removeAttribute(view.holder, 'sandbox');
    else if (natives.getAttribute(view.holder, 'sandbox') !== written) {
      natives.setAttribute(view.holder, 'sandbox', written);
    }
    return view.list;
  };
  const passOn = (list: object): void => {
    const frame = frames.get(list);
    if (frame) attributes.set(frame, 'sandbox', natives.getAttribute(shown.get(frame)!.holder, 'sandbox') ?? '');
  };

  interceptAccessor(realm, prototype, 'sandbox', {
    get: (native) =>
      function () {
        // The native's brand check first.
        native(this);
        return show(this as Element);
      },
    set: () =>
      function (value) {
        attributes.set(this as Element, 'sandbox', value);
      },
  });
  for (const name of ['add', 'remove', 'toggle', 'replace']) {
    interceptMethod(
      realm,
      lists,
      name,
      (native) =>
        function (...args) {
          const frame = frames.get(this as object);
          if (frame) show(frame);
          const result = apply(native, this, args) as unknown;
          if (frame) passOn(this as object);
          return result;
        },
    );
  }
  interceptAccessor(realm, lists, 'value', {
    set: (native) =>
      function (value) {
        native(this, value);
        passOn(this as object);
      },
  });
}
