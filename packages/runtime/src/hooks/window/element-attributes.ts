/**
 * @module The attribute methods of `Element`: for names in the rewriter's table the page reads and writes what it means,
 * and companions do not exist. Any other name goes straight to the native method.
 */
import { companionPrefix } from '@culvert/rewriter';
import {
  authoredAttributes,
  isRuledName,
  htmlNamespace,
  mayBeRuled,
  tableName,
} from '../../dom/authored-attributes.js';
import { domNatives } from '../../dom/dom-natives.js';
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptElementAttributes(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  const attributes = authoredAttributes(realm);
  const prototype = global.Element.prototype;

  /** As the native methods fold the name: HTML elements in HTML documents take any case. */
  const fold = (element: Element, name: unknown): string => {
    const text = `${name as string}`;
    return dom.namespaceURI(element) === htmlNamespace ? text.toLowerCase() : text;
  };
  const nameInTable = (namespace: unknown, localName: unknown): string | null =>
    tableName(
      namespace === '' || namespace === undefined ? null : (namespace as string | null),
      `${localName as string}`,
    );
  const intercept = (
    name: string,
    arity: number,
    make: (native: (...args: never[]) => unknown) => (element: Element, args: unknown[]) => unknown,
  ) =>
    interceptMethod(realm, prototype, name, (native) => {
      const body = make(native);
      return function (this: Element, ...args: unknown[]) {
        return args.length < arity ? (apply(native, this, args) as unknown) : body(this, args);
      };
    });

  // These two pages call in loops: nothing stands between them and the native, and a name that is a string is looked up as it is.
  interceptMethod(
    realm,
    prototype,
    'getAttribute',
    (native) =>
      ({
        getAttribute(this: Element, ...args: unknown[]) {
          const value = apply(native, this, args) as string | null;
          if (value === null) return null;
          const given = args[0];
          if (!mayBeRuled(typeof given === 'string' ? given : `${given as string}`)) return value;
          const name = fold(this, given);
          if (!isRuledName(name)) return value;
          return name.startsWith(companionPrefix) ? null : attributes.authored(this, name, value);
        },
      }).getAttribute,
  );
  interceptMethod(
    realm,
    prototype,
    'setAttribute',
    (native) =>
      ({
        setAttribute(this: Element, ...args: unknown[]) {
          const given = args[0];
          if (args.length < 2 || !mayBeRuled(typeof given === 'string' ? given : `${given as string}`)) {
            return apply(native, this, args) as unknown;
          }
          const name = fold(this, given);
          // Names that the table knows are valid names, so nothing is lost of the native method's own checks.
          if (!isRuledName(name) || !attributes.concerns(this, name)) return apply(native, this, args) as unknown;
          attributes.set(this, name, args[1]);
          return undefined;
        },
      }).setAttribute,
  );
  intercept('getAttributeNS', 2, (native) => (element, args) => {
    const value = apply(native, element, args as never) as string | null;
    const name = value === null ? null : nameInTable(args[0], args[1]);
    if (value === null || name === null || !isRuledName(name)) return value;
    return name.startsWith(companionPrefix) ? null : attributes.authored(element, name, value);
  });
  intercept('hasAttribute', 1, (native) => (element, args) => {
    const has = apply(native, element, args as never) as boolean;
    return has && !fold(element, args[0]).startsWith(companionPrefix);
  });
  intercept('hasAttributeNS', 2, (native) => (element, args) => {
    const has = apply(native, element, args as never) as boolean;
    return has && !`${args[1] as string}`.startsWith(companionPrefix);
  });
  intercept('getAttributeNames', 0, (native) => (element, args) => {
    const names = apply(native, element, args as never) as string[];
    return names.some((name) => name.startsWith(companionPrefix))
      ? names.filter((name) => !name.startsWith(companionPrefix))
      : names;
  });

  intercept('setAttributeNS', 3, (native) => (element, args) => {
    const qualified = `${args[1] as string}`;
    const name = nameInTable(args[0], qualified.slice(qualified.indexOf(':') + 1));
    if (name === null || !isRuledName(name)) return apply(native, element, args as never);
    // First the native method: it checks the name against the namespace.
    if (qualified !== name) apply(native, element, args as never);
    attributes.set(element, name, args[2]);
    return undefined;
  });
  intercept('toggleAttribute', 1, (native) => (element, args) => {
    const result = apply(native, element, args as never) as boolean;
    if (!result) attributes.removed(element, fold(element, args[0]));
    return result;
  });
  intercept('removeAttribute', 1, (native) => (element, args) => {
    if (!mayBeRuled(`${args[0] as string}`)) return apply(native, element, args as never);
    const name = fold(element, args[0]);
    if (name.startsWith(companionPrefix)) return undefined;
    apply(native, element, args as never);
    attributes.removed(element, name);
    return undefined;
  });
  intercept('removeAttributeNS', 2, (native) => (element, args) => {
    const name = nameInTable(args[0], args[1]);
    if (name?.startsWith(companionPrefix)) return undefined;
    apply(native, element, args as never);
    if (name !== null) attributes.removed(element, name);
    return undefined;
  });
  for (const method of ['setAttributeNode', 'setAttributeNodeNS']) {
    intercept(method, 1, (native) => (element, args) => {
      const attribute = args[0] as Attr | null;
      const isFree = typeof attribute === 'object' && attribute !== null && dom.attributeOwner(attribute) === null;
      const name = isFree ? tableName(dom.attributeNamespace(attribute), dom.attributeLocalName(attribute)) : null;
      if (!isFree || name === null || !isRuledName(name)) return apply(native, element, args as never);
      // The browser acts on it as soon as it is attached: it has to have the browser's value by then.
      const before = dom.getAttribute(element, name);
      attributes.set(element, name, dom.attributeValue(attribute));
      dom.setAttributeValue(attribute, dom.getAttribute(element, name) ?? '');
      const previous = apply(native, element, args as never) as Attr | null;
      if (before === null || previous === null) return null;
      dom.setAttributeValue(previous, before);
      return previous;
    });
  }
  intercept('removeAttributeNode', 1, (native) => (element, args) => {
    const removed = apply(native, element, args as never);
    attributes.removed(element, dom.attributeName(args[0]), args[0] as Attr);
    return removed;
  });
  for (const method of ['getAttributeNode', 'getAttributeNodeNS']) {
    intercept(method, 1, (native) => (element, args) => {
      const attribute = apply(native, element, args as never) as Attr | null;
      return attribute && dom.attributeName(attribute).startsWith(companionPrefix) ? null : attribute;
    });
  }
}
