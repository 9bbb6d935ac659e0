/**
 * @module Walks and patches trees that are not in a document yet, and makes clean copies of trees for serialization.
 */
import { companionPrefix } from '@culvert/rewriter';
import type { Realm } from '../realm/realm.js';
import { authoredAttributes, htmlNamespace, isRuledName } from './authored-attributes.js';
import { domNatives } from './dom-natives.js';
import { asWritten, mayHoldRewrites } from './rewritten-text.js';

/** Rewrites the attributes of every element below (and of) `root`, in templates and open shadow trees as well. */
export function patchTree(realm: Realm, root: Node): void {
  const attributes = authoredAttributes(realm);
  forEachElement(realm, root, (element) => attributes.patch(element));
}

/** Calls back for `root`, if it is an element, and all its descendants, template contents and open shadow trees too. */
export function forEachElement(realm: Realm, root: Node, visit: (element: Element) => void): void {
  const dom = domNatives(realm);
  const visitOne = (element: Element): void => {
    visit(element);
    if (dom.localName(element) === 'template' && dom.namespaceURI(element) === htmlNamespace) {
      forEachElement(realm, dom.templateContent(element), visit);
    }
    const shadowRoot = dom.shadowRoot(element);
    if (shadowRoot) forEachElement(realm, shadowRoot, visit);
  };
  const type = dom.nodeType(root);
  if (type === 1) visitOne(root as Element);
  const descendants = queryAll(realm, root, '*');
  for (let index = 0; index < descendants.length; index += 1) visitOne(descendants[index]!);
}

/** `querySelectorAll` on whatever node; nothing for one that has no descendants. */
export function queryAll(realm: Realm, root: Node, selector: string): ArrayLike<Element> {
  const dom = domNatives(realm);
  const type = dom.nodeType(root);
  if (type === 1) return dom.elementQueryAll(root, selector);
  if (type === 9) return dom.documentQueryAll(root, selector);
  return type === 11 ? dom.fragmentQueryAll(root, selector) : [];
}

/** Whether serialized markup may hold anything of ours. */
export function mayBeRewritten(markup: string): boolean {
  return mayHoldRewrites(markup) || markup.includes(companionPrefix);
}

/** Removes all that the page did not write from a tree that nobody else can see. */
export function cleanTree(realm: Realm, root: Node): void {
  const dom = domNatives(realm);
  const attributes = authoredAttributes(realm);
  removeOwnBase(realm, root);
  forEachElement(realm, root, (element) => {
    for (const name of dom.getAttributeNames(element)) {
      if (name.startsWith(companionPrefix)) continue;
      const value = dom.getAttribute(element, name) ?? '';
      if (!mayHoldRewrites(value) && !isRuledName(name)) continue;
      const written = attributes.authored(element, name, value);
      if (written === value) continue;
      if (name.startsWith('xlink:')) dom.setAttributeNS(element, 'http://www.w3.org/1999/xlink', name, written);
      else dom.setAttribute(element, name, written);
    }
    for (const name of attributes.companionNames(element)) dom.removeAttribute(element, name);
    if (dom.localName(element) === 'script') cleanScript(realm, element);
  });
}

function cleanScript(realm: Realm, script: Element): void {
  const dom = domNatives(realm);
  const text = dom.textContent(script) ?? '';
  if (!mayHoldRewrites(text)) return;
  const pieces: Node[] = [];
  let hasSection = false;
  for (let child = dom.firstChild(script); child; child = dom.nextSibling(child)) {
    const type = dom.nodeType(child);
    if (type === 3 || type === 4) pieces.push(child);
    hasSection ||= type === 4;
  }
  // In XML the code is mostly in one CDATA section, which stays one; comment signs stand around it.
  if (!hasSection) return dom.setTextContent(script, asWritten(text));
  for (const piece of pieces) dom.setTextContent(piece, asWritten(dom.textContent(piece) ?? ''));
}

/** `realm/base-element.ts` keeps our `<base>` as the last child of the root element, where no parser puts one. */
function removeOwnBase(realm: Realm, root: Node): void {
  const dom = domNatives(realm);
  const element = dom.nodeType(root) === 9 ? dom.documentElement(root) : root;
  if (!element || dom.nodeType(element) !== 1 || !isRootName(realm, element as Element)) return;
  const last = dom.lastChild(element);
  if (last && dom.nodeType(last) === 1 && dom.localName(last) === 'base') realm.natives.remove(last);
}

/** Whether an element is, or is a copy of, one that our `<base>` may stand in: in an SVG document that is its root. */
export function isRootName(realm: Realm, element: Element): boolean {
  const dom = domNatives(realm);
  const root = dom.documentElement(realm.document());
  return dom.localName(element) === 'html' || (root !== null && dom.localName(root) === dom.localName(element));
}

const inertDocuments = { html: new WeakMap<object, Document>(), xml: new WeakMap<object, Document>() };

/** A document in which nothing loads, runs or is upgraded, with the parser and the serializer that `model` has. */
export function inertDocument(realm: Realm, model: Document): Document {
  const kind = isXmlDocument(realm, model) ? 'xml' : 'html';
  let document = inertDocuments[kind].get(realm);
  if (!document) {
    const dom = domNatives(realm);
    const implementation = dom.implementation(realm.document());
    document =
      kind === 'html' ? dom.createHTMLDocument(implementation, '') : dom.createDocument(implementation, null, null);
    inertDocuments[kind].set(realm, document);
  }
  return document;
}

/** https://dom.spec.whatwg.org/#xml-document, as far as a page can tell one. */
export function isXmlDocument(realm: Realm, document: Document): boolean {
  return domNatives(realm).contentType(document) !== 'text/html';
}

/** A copy as the page knows the tree, in an inert document. */
export function cleanCopy<T extends Node>(realm: Realm, node: T): T {
  const dom = domNatives(realm);
  // Documents can't be imported. A copy of one has no browsing context, so it is as inert.
  const copy =
    dom.nodeType(node) === 9
      ? dom.cloneNode(node, true)
      : dom.importNode(inertDocument(realm, dom.ownerDocument(node)!), node, true);
  cleanTree(realm, copy);
  return copy as T;
}

/**
 * Serialized HTML of a clean copy. Where scripts run, the text in `<noscript>` is serialized raw; in the inert document it
 * would not be, so it is left out meanwhile.
 */
export function cleanMarkup(realm: Realm, copy: Node, serialize: (copy: Node) => string): string {
  const dom = domNatives(realm);
  const elements = queryAll(realm, copy, 'noscript');
  const texts: string[] = [];
  for (let index = 0; index < elements.length; index += 1) {
    const element = elements[index]!;
    texts.push(dom.textContent(element) ?? '');
    dom.setTextContent(element, placeholder(index));
  }
  let markup = serialize(copy);
  texts.forEach((text, index) => (markup = markup.replace(placeholder(index), () => text)));
  return markup;
}

/** No text that was parsed as HTML holds a NUL beside ours. */
function placeholder(index: number): string {
  return `\0culvert ${index}\0`;
}
