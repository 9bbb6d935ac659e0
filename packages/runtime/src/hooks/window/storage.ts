/**
 * @module `localStorage`, `sessionStorage` and the methods of `Storage.prototype`.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import type { FromServiceWorker } from '../../messages.js';
import { apply, nativeGetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from '../universal/storage-partition.js';
import { createStorageLookAlike, lookAlikes, StorageItems, type NativeStorageOperations } from './storage-area.js';

const shownAreas = new WeakMap<Storage, Storage>();

/** The page's view of a native area, or null when this realm has not shown it. */
export function shownStorage(area: Storage | null): Storage | null {
  return area ? (shownAreas.get(area) ?? null) : null;
}

export function interceptStorage(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const partition = storagePartition(realm);
  const prototype = global.Storage.prototype;
  const native = captureOperations(prototype);

  clearWhenTold(realm, native);
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    interceptAccessor(realm, global, name, {
      get: (nativeGetter) =>
        function (this: Window) {
          const area = nativeGetter(this) as Storage;
          if (realm.urls.origin() === 'null') {
            const message = `Failed to read the '${name}' property from 'Window': The document is sandboxed and lacks the 'allow-same-origin' flag.`;
            throw new realm.natives.DOMException(message, 'SecurityError');
          }
          let shown = shownAreas.get(area);
          if (!shown) {
            const items = new StorageItems(area, partition, native);
            shown = createStorageLookAlike(items, prototype);
            lookAlikes.set(shown, items);
            shownAreas.set(area, shown);
          }
          return shown;
        },
    });
  }

  const method = (name: string, arity: number, run: (items: StorageItems, args: string[]) => unknown) =>
    interceptMethod(
      realm,
      prototype,
      name,
      (nativeMethod) =>
        function (this: object, ...args: unknown[]) {
          const items = lookAlikes.get(this);
          // Too few arguments: the native method words the error, if it is called on a native area.
          if (!items || args.length < arity) return apply(nativeMethod, items?.area ?? this, args) as unknown;
          return run(items, args as string[]);
        },
    );

  method('getItem', 1, (items, [key]) => items.get(`${key}`));
  method('setItem', 2, (items, [key, value]) => items.set(`${key}`, `${value}`));
  method('removeItem', 1, (items, [key]) => items.remove(`${key}`));
  method('clear', 0, (items) => items.clear());
  method('key', 1, (items, [index]) => items.keys()[Number(index) >>> 0] ?? null);
  interceptAccessor(realm, prototype, 'length', {
    get: (nativeGetter) =>
      function (this: object) {
        return lookAlikes.get(this)?.keys().length ?? nativeGetter(this);
      },
  });
}

/** Clear-Site-Data: the worker has seen it. */
function clearWhenTold(realm: Realm, native: NativeStorageOperations): void {
  const global = realm.global as Window;
  const container = global.navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  const areas = ['localStorage', 'sessionStorage'].map((name) => nativeGetter<Storage>(global, name));
  realm.natives.addEventListener(container, 'message', (event: MessageEvent) => {
    const message = event.data as FromServiceWorker | null;
    if (message?.culvert !== 'clear-storage') return;
    event.stopImmediatePropagation();
    for (const area of areas.map((get) => get(global))) {
      for (let index = native.length(area); index-- > 0;) {
        const key = native.key(area, index);
        if (key?.startsWith(message.prefix)) native.removeItem(area, key);
      }
    }
  });
}

function captureOperations(prototype: Storage): NativeStorageOperations {
  const { getItem, setItem, removeItem, key } = prototype;
  const length = Object.getOwnPropertyDescriptor(prototype, 'length')!.get!;
  return {
    getItem: (area, name) => apply(getItem, area, [name]),
    setItem: (area, name, value) => apply(setItem, area, [name, value]),
    removeItem: (area, name) => apply(removeItem, area, [name]),
    key: (area, index) => apply(key, area, [index]),
    length: (area) => apply(length, area, []) as number,
  };
}
