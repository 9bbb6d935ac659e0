/**
 * @module Parses markup with the engine, as the fragment of a given context element, and patches the tree before anything
 * in it is connected.
 */
import type { Realm } from '../realm/realm.js';
import { htmlNamespace } from './authored-attributes.js';
import { domNatives } from './dom-natives.js';
import { inertDocument, patchTree } from './tree.js';

/** What fills the context element: the native `innerHTML` setter, or `setHTMLUnsafe`. */
export type FillWithMarkup = (context: Element) => void;

/**
 * The nodes in a fragment, ready to be inserted by one native call.
 *
 * Where a custom element may be in it, an inert document parses it, so that elements are upgraded after insertion, as
 * natively; otherwise the context's own document, because `<noscript>` parses by whether scripts run.
 */
export function parseFragment(
  realm: Realm,
  context: Element | null,
  markup: string,
  fill: FillWithMarkup,
): DocumentFragment {
  const dom = domNatives(realm);
  const hasCustomElements = /<[a-z][^\s/>]*-/i.test(markup);
  const owner = context ? dom.ownerDocument(context)! : realm.document();
  const document = (hasCustomElements ? inertDocument(realm, owner as Document) : owner) as Document;
  const scratch = createContext(realm, document, context);
  fill(scratch);

  const isTemplate = dom.localName(scratch) === 'template' && dom.namespaceURI(scratch) === htmlNamespace;
  const source: ParentNode = isTemplate ? dom.templateContent(scratch) : scratch;
  patchTree(realm, source);
  const fragment = dom.createDocumentFragment(owner);
  for (let child = dom.firstChild(source); child; child = dom.firstChild(source)) dom.appendChild(fragment, child);
  return fragment;
}

/** The parser looks at the context's name and namespace, and whether a form is open around it. */
function createContext(realm: Realm, document: Document, context: Element | null): Element {
  const dom = domNatives(realm);
  if (!context) return dom.createElementNS(document, htmlNamespace, 'body');
  const namespace = dom.namespaceURI(context);
  const name = dom.localName(context);
  // A custom element would be constructed here, and to the parser it is as any unknown element.
  const isCustom = namespace === htmlNamespace && name.includes('-');
  const scratch = dom.createElementNS(document, namespace, isCustom ? 'div' : name);
  if (dom.closest(context, 'form')) {
    dom.appendChild(dom.createElementNS(document, htmlNamespace, 'form'), scratch);
  }
  return scratch;
}
