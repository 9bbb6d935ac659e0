/**
 * @module `location.ancestorOrigins`: the real origins of the proxied ancestors.
 */
import { interceptAccessor, interceptMethod } from '../interception/index.js';
import { apply, createObject, defineProperty, SafeWeakMap } from '../natives.js';
import type { Realm } from '../realm/realm.js';

/** Lists that stand for an engine's DOMStringList, whose prototype's members are asked about them. */
const lists = new SafeWeakMap<object, string[]>();
const listOf = new SafeWeakMap<Realm, object>();

/** One object for a document, as natively. */
export function createAncestorOrigins(realm: Realm): object {
  const known = listOf.get(realm);
  if (known) return known;
  const origins = ancestorOrigins(realm);
  const list = createObject(realm.global.DOMStringList.prototype as object) as object;
  for (let index = 0; index < origins.length; index++) {
    defineProperty(list, `${index}`, { value: origins[index], writable: false, enumerable: true, configurable: true });
  }
  lists.set(list, origins);
  listOf.set(realm, list);
  return list;
}

function ancestorOrigins(realm: Realm): string[] {
  const origins: string[] = [];
  let window = realm.global;
  for (;;) {
    const parent = realm.tree.parentOf(window);
    if (parent === null || parent === window) return origins;
    origins[origins.length] = realm.tree.realmOf(parent)?.urls.origin() ?? 'null';
    window = parent;
  }
}

export function interceptDOMStringList(realm: Realm): void {
  const prototype = realm.global.DOMStringList?.prototype as object | undefined;
  if (!prototype) return;
  interceptAccessor(realm, prototype, 'length', {
    get: (native) =>
      function () {
        return lists.get(this as object)?.length ?? native(this);
      },
  });
  interceptMethod(
    realm,
    prototype,
    'item',
    (native) =>
      function (...args) {
        const origins = lists.get(this as object);
        return origins && args.length > 0 ? (origins[args[0] >>> 0] ?? null) : apply(native, this, args);
      },
  );
  interceptMethod(
    realm,
    prototype,
    'contains',
    (native) =>
      function (...args) {
        const origins = lists.get(this as object);
        if (!origins || args.length === 0) return apply(native, this, args);
        const wanted = `${args[0]}`;
        for (let index = 0; index < origins.length; index++) if (origins[index] === wanted) return true;
        return false;
      },
  );
}
