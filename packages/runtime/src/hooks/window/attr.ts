/**
 * @module `Attr` nodes and `NamedNodeMap`: their values are the author's, and the companions are not in the map.
 */
import { companionPrefix } from '@culvert/rewriter';
import { authoredAttributes, isRuledName, tableName } from '../../dom/authored-attributes.js';
import { domNatives } from '../../dom/dom-natives.js';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptAttr(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  const attributes = authoredAttributes(realm);

  for (const [holder, property] of [
    [global.Attr.prototype, 'value'],
    [global.Node.prototype, 'nodeValue'],
    [global.Node.prototype, 'textContent'],
  ] as const) {
    interceptAccessor(realm, holder, property, {
      get: (native) =>
        ({
          get(this: Node) {
            const value = native(this) as string | null;
            if (value === null || dom.nodeType(this) !== 2) return value;
            const owner = dom.attributeOwner(this);
            return owner ? attributes.authored(owner, dom.attributeName(this), value) : value;
          },
        }).get,
      set: (native) =>
        ({
          set(this: Node, value: unknown) {
            if (dom.nodeType(this) !== 2) return native(this, value);
            const owner = dom.attributeOwner(this);
            const name = owner && tableName(dom.attributeNamespace(this), dom.attributeLocalName(this));
            if (!owner || !name || !isRuledName(name)) return native(this, value);
            attributes.set(owner, name, value ?? '');
          },
        }).set,
    });
  }

  interceptNamedNodeMap(realm);
}

/** Maps of elements with companions are shown through a Proxy; its prototype's members find the real one here. */
function interceptNamedNodeMap(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  const attributes = authoredAttributes(realm);
  const shown = new WeakMap<object, object>();
  const realMaps = new WeakMap<object, NamedNodeMap>();
  const isCompanion = (attribute: Attr) => dom.attributeName(attribute).startsWith(companionPrefix);

  const visible = (map: NamedNodeMap): Attr[] => {
    const list: Attr[] = [];
    const count = dom.attributeCount(map);
    for (let index = 0; index < count; index += 1) {
      const attribute = dom.attributeAt(map, index)!;
      if (!isCompanion(attribute)) list.push(attribute);
    }
    return list;
  };

  const find = (map: NamedNodeMap, args: unknown[]): Attr | null => {
    const wanted = `${args[args.length - 1] as string}`.toLowerCase();
    return visible(map).find((attribute) => dom.attributeLocalName(attribute).toLowerCase() === wanted) ?? null;
  };
  const rewriteAttached = (attribute: Attr): void => {
    const owner = dom.attributeOwner(attribute);
    const name = tableName(dom.attributeNamespace(attribute), dom.attributeLocalName(attribute));
    if (owner && name !== null && isRuledName(name)) attributes.set(owner, name, dom.attributeValue(attribute));
  };

  interceptAccessor(realm, global.Element.prototype, 'attributes', {
    get: (native) =>
      function (this: Element) {
        const map = native(this) as NamedNodeMap;
        const known = shown.get(map);
        if (known) return known;
        if (visible(map).length === dom.attributeCount(map)) return map;
        const proxy = new Proxy(map, {
          get(target, key, receiver) {
            const index = arrayIndex(key);
            if (index !== null) return visible(target)[index];
            if (typeof key === 'string' && key.startsWith(companionPrefix)) return undefined;
            const value: unknown = Reflect.get(target, key, key in global.NamedNodeMap.prototype ? receiver : target);
            return value;
          },
          has(target, key) {
            const index = arrayIndex(key);
            if (index !== null) return index < visible(target).length;
            return !(typeof key === 'string' && key.startsWith(companionPrefix)) && Reflect.has(target, key);
          },
          ownKeys(target) {
            const list = visible(target);
            return [
              ...list.map((_attribute, index) => String(index)),
              ...Reflect.ownKeys(target).filter(
                (key) => arrayIndex(key) === null && !(typeof key === 'string' && key.startsWith(companionPrefix)),
              ),
            ];
          },
          getOwnPropertyDescriptor(target, key) {
            const index = arrayIndex(key);
            if (index === null) return Reflect.getOwnPropertyDescriptor(target, key);
            const value = visible(target)[index];
            return value && { value, writable: false, enumerable: true, configurable: true };
          },
        });
        shown.set(map, proxy);
        realMaps.set(proxy, map);
        return proxy;
      },
  });

  const prototype = global.NamedNodeMap.prototype;
  interceptAccessor(realm, prototype, 'length', {
    get: (native) =>
      function (this: NamedNodeMap) {
        const map = realMaps.get(this);
        return map ? visible(map).length : native(this);
      },
  });
  interceptMethod(
    realm,
    prototype,
    'item',
    (native) =>
      function (this: NamedNodeMap, ...args: unknown[]) {
        const map = realMaps.get(this);
        if (!map || args.length === 0) return apply(native, map ?? this, args) as unknown;
        return visible(map)[Number(args[0]) >>> 0] ?? null;
      },
  );
  for (const method of [
    'getNamedItem',
    'getNamedItemNS',
    'setNamedItem',
    'setNamedItemNS',
    'removeNamedItem',
    'removeNamedItemNS',
  ]) {
    interceptMethod(
      realm,
      prototype,
      method,
      (native) =>
        function (this: NamedNodeMap, ...args: unknown[]) {
          const map = realMaps.get(this) ?? this;
          const removed = method.startsWith('remove') ? find(map, args) : null;
          const owner = removed && dom.attributeOwner(removed);
          const result = apply(native, map, args) as Attr | null;
          if (owner) attributes.removed(owner, dom.attributeName(removed), removed);
          if (method.startsWith('set')) rewriteAttached(args[0] as Attr);
          return method.startsWith('get') && result && isCompanion(result) ? null : result;
        },
    );
  }
}

function arrayIndex(key: PropertyKey): number | null {
  return typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : null;
}
