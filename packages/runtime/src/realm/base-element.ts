/**
 * @module The `<base>` by which everything relative resolves against the real URL.
 *
 * It ends up as the last child of the root element, so that a `<base>` of the page's own, anywhere in head or body,
 * comes first and wins, as natively. While the document is parsed it already stands behind the head.
 */
import { nativeGetter, nativeMethod, nativeSetter, SafeWeakMap, SafeWeakSet, stringStartsWith } from '../natives.js';
import type { Realm } from './realm.js';

interface BaseElement {
  element: Element;
  url: string;
}
/** Ours: of this document, and of those that `DOMParser` has made. */
export const ownBases = new SafeWeakSet<object>();
const bases = new SafeWeakMap<Realm, BaseElement>();
const setters = new SafeWeakMap<Realm, (element: Element, url: string) => void>();

/** Takes the element that the worker put before the boot script. */
export function placeBaseElement(realm: Realm): void {
  const { global, natives } = realm;
  const document = realm.document() as Document;
  if (!setters.has(realm)) setters.set(realm, nativeSetter(global.HTMLBaseElement.prototype as object, 'href'));
  const element = natives.querySelectorAll(document, 'base')[0];
  if (!element) return;
  ownBases.add(element);
  bases.set(realm, { element, url: realm.data.url });
  // With a fragment, as `baseURI` shows it.
  updateBaseElement(realm);

  const root = natives.documentElement(document) as Element;
  const move = () => {
    if (lastChild(root) !== element) natives.appendChild(root, element);
  };
  const lastChild = nativeGetter<Node | null>(global.Node.prototype as object, 'lastChild');
  move();

  const observer = new global.MutationObserver(move) as MutationObserver;
  const observe = nativeMethod(global.MutationObserver.prototype as object, 'observe');
  const disconnect = nativeMethod(global.MutationObserver.prototype as object, 'disconnect');
  observe(observer, root, { childList: true });
  natives.addEventListener(global as EventTarget, 'DOMContentLoaded', () => {
    disconnect(observer);
    move();
  });
  realm.onDocumentOpen.push(() => disconnect(observer));
}

/** After the document's URL has changed without a load (pushState, traversal, fragment). */
export function updateBaseElement(realm: Realm): void {
  const base = bases.get(realm);
  const url = realm.urls.documentUrl();
  // A srcdoc document keeps the base that it has from its creator.
  if (!base || base.url === url || !stringStartsWith(url, 'http')) return;
  base.url = url;
  setters.get(realm)!(base.element, url);
}
