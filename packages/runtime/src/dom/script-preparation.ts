/**
 * @module The choke point of inline scripts: when a node is about to be connected, the scripts in it get their rewritten
 * text, and frames that no hook has seen their scoped URL. Until then a script keeps the text it was given.
 */
import { rewriteScript, scriptElementKind } from '@culvert/rewriter';
import { authoredPolicies } from '../realm/authored-policies.js';
import type { Realm } from '../realm/realm.js';
import { authoredAttributes, htmlNamespace } from './authored-attributes.js';
import { domNatives } from './dom-natives.js';
import { asWritten } from './rewritten-text.js';
import { queryAll } from './tree.js';
import { trustedScript } from './trusted-types.js';

const loaders = new Set(['iframe', 'frame', 'object', 'embed']);
const choked = 'script,iframe,frame,object,embed';

/**
 * To be called with each node before a native method connects it.
 *
 * @returns whether connecting it makes a frame; one in a shadow tree is not looked for
 */
export function prepareForInsertion(realm: Realm, node: Node): boolean {
  const dom = domNatives(realm);
  const type = dom.nodeType(node);
  if (type !== 1 && type !== 11) return false;
  let mayHoldFrames = type === 1 && prepareElement(realm, node as Element);
  if (dom.firstChild(node) === null) return mayHoldFrames;
  const descendants = queryAll(realm, node, choked);
  for (let index = 0; index < descendants.length; index += 1) {
    if (prepareElement(realm, descendants[index]!)) mayHoldFrames = true;
  }
  return mayHoldFrames;
}

function prepareElement(realm: Realm, element: Element): boolean {
  const name = domNatives(realm).localName(element);
  if (name === 'script') prepareScript(realm, element);
  if (!loaders.has(name)) return false;
  authoredAttributes(realm).patch(element);
  return true;
}

function prepareScript(realm: Realm, script: Element): void {
  const dom = domNatives(realm);
  if (dom.firstChild(script) === null) return;
  const text = dom.textContent(script) ?? '';
  const rewritten = rewriteScriptText(realm, script, text);
  if (rewritten === text) return;
  const isNonceless = dom.namespaceURI(script) === htmlNamespace && !dom.hasAttribute(script, 'nonce');
  if (isNonceless && realm.scriptNonce !== '' && authoredPolicies(realm).admitsByHash(text)) {
    (script as HTMLScriptElement).nonce = realm.scriptNonce;
  }
  setScriptText(realm, script, rewritten);
}

/** The text that the engine is to run for a script element's text; the text itself where it runs none. */
export function rewriteScriptText(realm: Realm, script: Element, text: string): string {
  const dom = domNatives(realm);
  const source = asWritten(text);
  const isSvg = dom.namespaceURI(script) !== htmlNamespace;
  const hasSource = isSvg
    ? dom.hasAttribute(script, 'href') || dom.hasAttribute(script, 'xlink:href')
    : dom.hasAttribute(script, 'src');
  if (hasSource || source === '') return source;
  const attributes = authoredAttributes(realm);
  const kind = scriptElementKind((name) => attributes.get(script, name));
  return kind === 'script' || kind === 'module' ? rewriteScript(source, { kind }) : source;
}

export function setScriptText(realm: Realm, script: Element, text: string): void {
  const dom = domNatives(realm);
  if (dom.namespaceURI(script) === htmlNamespace) dom.setScriptText(script, trustedScript(realm, text));
  else dom.setTextContent(script, text);
}
