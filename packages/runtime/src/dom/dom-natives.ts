/**
 * @module The DOM's own functions, for the code that patches trees; captured once a realm, before anything is hooked.
 */
import { nativeGetter, nativeMethod, nativeSetter } from '../natives.js';
import type { Realm } from '../realm/realm.js';

export type DomNatives = ReturnType<typeof capture>;

const captured = new WeakMap<object, DomNatives>();

export function domNatives(realm: Realm): DomNatives {
  let natives = captured.get(realm);
  if (!natives) captured.set(realm, (natives = capture(realm.global as typeof globalThis)));
  return natives;
}

function capture(global: typeof globalThis) {
  const element = global.Element.prototype;
  const node = global.Node.prototype;
  const document = global.Document.prototype;
  const attribute = global.Attr.prototype;
  return {
    getAttribute: nativeMethod<string | null>(element, 'getAttribute'),
    setAttribute: nativeMethod<void>(element, 'setAttribute'),
    setAttributeNS: nativeMethod<void>(element, 'setAttributeNS'),
    removeAttribute: nativeMethod<void>(element, 'removeAttribute'),
    hasAttribute: nativeMethod<boolean>(element, 'hasAttribute'),
    getAttributeNames: nativeMethod<string[]>(element, 'getAttributeNames'),
    getAttributeNode: nativeMethod<Attr | null>(element, 'getAttributeNode'),
    localName: nativeGetter<string>(element, 'localName'),
    namespaceURI: nativeGetter<string | null>(element, 'namespaceURI'),
    shadowRoot: nativeGetter<ShadowRoot | null>(element, 'shadowRoot'),
    innerHTML: nativeGetter<string>(element, 'innerHTML'),
    setInnerHTML: nativeSetter<unknown>(element, 'innerHTML'),
    outerHTML: nativeGetter<string>(element, 'outerHTML'),
    replaceChildren: nativeMethod<void>(element, 'replaceChildren'),
    elementQueryAll: nativeMethod<NodeListOf<Element>>(element, 'querySelectorAll'),
    fragmentQueryAll: nativeMethod<NodeListOf<Element>>(global.DocumentFragment.prototype, 'querySelectorAll'),
    documentQueryAll: nativeMethod<NodeListOf<Element>>(document, 'querySelectorAll'),
    templateContent: nativeGetter<DocumentFragment>(global.HTMLTemplateElement.prototype, 'content'),
    nodeType: nativeGetter<number>(node, 'nodeType'),
    isConnected: nativeGetter<boolean>(node, 'isConnected'),
    ownerDocument: nativeGetter<Document | null>(node, 'ownerDocument'),
    parentNode: nativeGetter<ParentNode | null>(node, 'parentNode'),
    firstChild: nativeGetter<ChildNode | null>(node, 'firstChild'),
    lastChild: nativeGetter<ChildNode | null>(node, 'lastChild'),
    nextSibling: nativeGetter<ChildNode | null>(node, 'nextSibling'),
    baseURI: nativeGetter<string>(node, 'baseURI'),
    textContent: nativeGetter<string | null>(node, 'textContent'),
    setTextContent: nativeSetter<unknown>(node, 'textContent'),
    setScriptText: nativeSetter<unknown>(global.HTMLScriptElement.prototype, 'text'),
    appendChild: nativeMethod<Node>(node, 'appendChild'),
    insertBefore: nativeMethod<Node>(node, 'insertBefore'),
    replaceChild: nativeMethod<Node>(node, 'replaceChild'),
    cloneNode: nativeMethod<Node>(node, 'cloneNode'),
    closest: nativeMethod<Element | null>(element, 'closest'),
    createElementNS: nativeMethod<Element>(document, 'createElementNS'),
    createTextNode: nativeMethod<Text>(document, 'createTextNode'),
    createDocumentFragment: nativeMethod<DocumentFragment>(document, 'createDocumentFragment'),
    importNode: nativeMethod<Node>(document, 'importNode'),
    implementation: nativeGetter<DOMImplementation>(document, 'implementation'),
    createHTMLDocument: nativeMethod<Document>(global.DOMImplementation.prototype, 'createHTMLDocument'),
    createDocument: nativeMethod<Document>(global.DOMImplementation.prototype, 'createDocument'),
    contentType: nativeGetter<string>(document, 'contentType'),
    defaultView: nativeGetter<Window | null>(document, 'defaultView'),
    write: nativeMethod<void>(document, 'write'),
    readyState: nativeGetter<DocumentReadyState>(document, 'readyState'),
    documentElement: nativeGetter<HTMLElement | null>(document, 'documentElement'),
    attributeName: nativeGetter<string>(attribute, 'name'),
    attributeLocalName: nativeGetter<string>(attribute, 'localName'),
    attributeNamespace: nativeGetter<string | null>(attribute, 'namespaceURI'),
    attributeOwner: nativeGetter<Element | null>(attribute, 'ownerElement'),
    attributeValue: nativeGetter<string>(attribute, 'value'),
    setAttributeValue: nativeSetter<string>(attribute, 'value'),
    attributes: nativeGetter<NamedNodeMap>(element, 'attributes'),
    attributeCount: nativeGetter<number>(global.NamedNodeMap.prototype, 'length'),
    attributeAt: nativeMethod<Attr | null>(global.NamedNodeMap.prototype, 'item'),
  };
}
