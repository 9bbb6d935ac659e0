/**
 * @module Reads and writes attributes as the page's author means them, over what the browser is given: the rewriter's
 * attribute table decides, companions keep what was written.
 */
import {
  attributeRules,
  companionName,
  companionPrefix,
  dependentAttributes,
  findAttributeRule,
  isEventHandlerName,
  rewriteAttribute,
  rulesForElement,
  scriptElementKind,
  type AttributeContext,
  type AttributeRewrite,
} from '@culvert/rewriter';
import { localScripts } from '../hooks/universal/local-script.js';
import { serviceWorkerChannel } from '../hooks/universal/service-worker-channel.js';
import { authoredPolicies } from '../realm/authored-policies.js';
import type { Realm } from '../realm/realm.js';
import { domNatives } from './dom-natives.js';
import { asWritten, mayHoldRewrites } from './rewritten-text.js';
import { rewriteSrcdoc } from './srcdoc.js';
import { withTrustOf } from './trusted-types.js';

export const htmlNamespace = 'http://www.w3.org/1999/xhtml';
const xlinkNamespace = 'http://www.w3.org/1999/xlink';

const ruledNames = new Set(attributeRules.flatMap((rule) => [...rule.attributes, ...(rule.dependsOn ?? [])]));

/** Whether an attribute of this name may be another for the browser than for the page. Most are not. */
export function isRuledName(name: string): boolean {
  return ruledNames.has(name) || isEventHandlerName(name) || name.startsWith(companionPrefix);
}

const foldedNames = new Map<string, boolean>();

/** The same for a name in any case, and fast: it is asked for every attribute that a page sets or reads. */
export function mayBeRuled(name: string): boolean {
  let isRuled = foldedNames.get(name);
  if (isRuled === undefined) {
    isRuled = isRuledName(name.toLowerCase());
    // Pages make up names without end (`data-…`).
    if (foldedNames.size < 1000) foldedNames.set(name, isRuled);
  }
  return isRuled;
}

/** The name that the table knows an attribute by, or null for one in a namespace that it does not. */
export function tableName(namespace: string | null, localName: string): string | null {
  if (namespace === null) return localName;
  return namespace === xlinkNamespace ? `xlink:${localName}` : null;
}

export interface AuthoredAttributes {
  /** Null where the page has written none. */
  get(element: Element, name: string): string | null;
  /** Whether the table has to do with an attribute of this name on this element. */
  concerns(element: Element, name: string): boolean;
  /** Sets a ruled attribute for the page: the browser's value, the companion and what depends on it. */
  set(element: Element, name: string, given: unknown): void;
  /** Takes the companion with a removed attribute. A node that is handed out alone keeps what the author wrote. */
  removed(element: Element, name: string, node?: Attr | null): void;
  /** Rewrites the attributes of an element that came out of a parser as the author wrote them. Does no harm twice. */
  patch(element: Element): void;
  /** The text of an attribute as the author wrote it, by the browser's value of it. */
  authored(element: Element, name: string, value: string): string;
  companionNames(element: Element): string[];
}

const created = new WeakMap<object, AuthoredAttributes>();

export function authoredAttributes(realm: Realm): AuthoredAttributes {
  let attributes = created.get(realm);
  if (!attributes) created.set(realm, (attributes = create(realm)));
  return attributes;
}

function create(realm: Realm): AuthoredAttributes {
  const dom = domNatives(realm);

  // Most rules look at the value alone (is it a javascript: URL?), so the URLs are read when they are asked for.
  const contextFor = (element: Element): AttributeContext => {
    const readBaseUrl = () => {
      const document = dom.ownerDocument(element);
      const isShown = document !== null && dom.defaultView(document) !== null;
      // The URL of a document that a parser made is the proxy's.
      return isShown ? dom.baseURI(element) : realm.urls.baseUrl();
    };
    return {
      get baseUrl() {
        return readBaseUrl();
      },
      get documentUrl() {
        const documentUrl = realm.urls.documentUrl();
        return /^https?:/.test(documentUrl) ? documentUrl : readBaseUrl();
      },
      settings: realm.data.settings,
      allowsBase(url) {
        const isAllowed = authoredPolicies(realm).admits('base-uri', url);
        if (!isAllowed) serviceWorkerChannel(realm).tell({ culvert: 'policy-violated', url });
        return isAllowed;
      },
      translatePolicy: (policy) => authoredPolicies(realm).translate(policy),
      getAttribute: (name) => get(element, name),
      sandboxedFrames: 'same-origin',
      rewriteSrcdoc: (html) => rewriteSrcdoc(realm, html),
    };
  };

  function authored(element: Element, name: string, value: string): string {
    if (isRuledName(name)) {
      const companion = dom.getAttribute(element, companionName(name));
      if (companion !== null) return companion;
    }
    return asWritten(value);
  }

  function get(element: Element, name: string): string | null {
    const value = name.startsWith(companionPrefix) ? null : dom.getAttribute(element, name);
    return value === null ? null : authored(element, name, value);
  }

  /** Gives the browser what the table says for the authored value. */
  function apply(element: Element, name: string, given: unknown, isNew: boolean): void {
    const value = `${given as string}`;
    const rule = findAttributeRule(dom.localName(element), name, dom.namespaceURI(element) ?? '');
    const rewrite = rule && (rewriteAttribute(rule, value, contextFor(element)) ?? rewriteBlob(element, name, value));
    const companion = companionName(name);
    if (rewrite?.companion !== undefined) dom.setAttribute(element, companion, rewrite.companion);
    else if (dom.hasAttribute(element, companion)) dom.removeAttribute(element, companion);
    if (!rewrite) {
      if (isNew) setNative(element, name, given);
      else if (dom.getAttribute(element, name) !== value) setNative(element, name, value);
    } else if (isNew || dom.getAttribute(element, name) !== rewrite.value) {
      setNative(element, name, withTrustOf(realm, given, rewrite.value));
    }
  }

  /** blob: scripts and documents never reach the worker, and only the page can read them. */
  function rewriteBlob(element: Element, name: string, value: string): AttributeRewrite | null {
    if (!value.startsWith('blob:')) return null;
    const localName = dom.localName(element);
    if (name === 'src' && /^i?frame$/.test(localName)) {
      const document = localScripts(realm).document(value);
      return document === value ? null : { value: document, companion: value };
    }
    if (name === 'type' || localName !== 'script') return null;
    const kind = scriptElementKind((other) => get(element, other));
    if (kind !== 'script' && kind !== 'module') return null;
    const url = localScripts(realm).rewritten(value, kind);
    return url === value ? null : { value: url, companion: value };
  }

  function setNative(element: Element, name: string, value: unknown): void {
    if (name.startsWith('xlink:')) dom.setAttributeNS(element, xlinkNamespace, name, value);
    else dom.setAttribute(element, name, value);
  }

  return {
    get,
    authored,
    concerns(element, name) {
      if (name.startsWith(companionPrefix)) return true;
      const localName = dom.localName(element);
      const namespace = dom.namespaceURI(element) ?? '';
      return (
        isEventHandlerName(name) ||
        rulesForElement(localName, namespace).has(name) ||
        dependentAttributes(localName, name, namespace).length > 0
      );
    },
    set(element, name, given) {
      // A page has no companions of its own: they would read as ours.
      if (name.startsWith(companionPrefix)) return;
      const localName = dom.localName(element);
      const dependents = dependentAttributes(localName, name, dom.namespaceURI(element) ?? '').flatMap((dependent) => {
        const value = get(element, dependent);
        return value === null ? [] : [[dependent, value] as const];
      });
      // A link acts at once on a new relation, with the URL that was meant for the one before.
      if (localName === 'link') for (const [dependent] of dependents) dom.removeAttribute(element, dependent);
      apply(element, name, given, true);
      for (const [dependent, value] of dependents) apply(element, dependent, value, false);
    },
    removed(element, name, node) {
      if (!isRuledName(name)) return;
      if (node) dom.setAttributeValue(node, authored(element, name, dom.attributeValue(node)));
      dom.removeAttribute(element, companionName(name));
      for (const dependent of dependentAttributes(dom.localName(element), name, dom.namespaceURI(element) ?? '')) {
        const value = get(element, dependent);
        if (value !== null) apply(element, dependent, value, false);
      }
    },
    patch(element) {
      const rules = rulesForElement(dom.localName(element), dom.namespaceURI(element) ?? '');
      for (const name of dom.getAttributeNames(element)) {
        if (!rules.has(name) && !isEventHandlerName(name)) continue;
        if (dom.hasAttribute(element, companionName(name))) continue;
        const value = dom.getAttribute(element, name);
        if (value !== null && !mayHoldRewrites(value)) apply(element, name, value, false);
      }
    },
    companionNames: (element) => dom.getAttributeNames(element).filter((name) => name.startsWith(companionPrefix)),
  };
}
