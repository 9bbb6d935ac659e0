/**
 * @module `StorageEvent`: the page hears of its own site's items only, under their own keys, the real URL and the area it
 * knows. A listener that is registered before any of the page's stops the rest.
 */
import { interceptAccessor, interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from '../universal/storage-partition.js';
import { clearMarker, lookAlikes } from './storage-area.js';
import { shownStorage } from './storage.js';

export function interceptStorageEvent(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const partition = storagePartition(realm);
  const prototype = global.StorageEvent.prototype;
  const nativeKey = Object.getOwnPropertyDescriptor(prototype, 'key')!.get!;
  const nativeNewValue = Object.getOwnPropertyDescriptor(prototype, 'newValue')!.get!;
  const nativeArea = Object.getOwnPropertyDescriptor(prototype, 'storageArea')!.get!;
  /** Events that stand for a whole `clear()`: their key and values read null. */
  const clears = new WeakSet<object>();
  /** Removals still to come that a `clear()` has announced. */
  const announcedRemovals = new WeakMap<object, number>();

  const isForPage = (event: Event): boolean => {
    const key = apply(nativeKey, event, []) as string | null;
    const area = apply(nativeArea, event, []) as Storage | null;
    if (key === null || !area) return true;
    const newValue = apply(nativeNewValue, event, []) as string | null;
    if (key === clearMarker(partition)) {
      if (newValue === null) return false;
      announcedRemovals.set(area, Number(newValue));
      clears.add(event);
      return true;
    }
    if (partition.strip(key) === null) return false;
    const announced = announcedRemovals.get(area) ?? 0;
    if (announced > 0 && newValue === null) {
      announcedRemovals.set(area, announced - 1);
      return false;
    }
    return true;
  };
  const listen = () =>
    realm.natives.addEventListener(
      global,
      'storage',
      (event: Event) => {
        // Events that the page makes itself are its own affair.
        if (event.isTrusted && !isForPage(event)) event.stopImmediatePropagation();
      },
      true,
    );
  listen();
  realm.onDocumentOpen.push(listen);

  interceptAccessor(realm, prototype, 'key', {
    get: (native) =>
      function (this: StorageEvent) {
        const key = native(this) as string | null;
        if (clears.has(this)) return null;
        return key === null ? null : (partition.strip(key) ?? key);
      },
  });
  for (const name of ['oldValue', 'newValue'] as const) {
    interceptAccessor(realm, prototype, name, {
      get: (native) =>
        function (this: StorageEvent) {
          const value = native(this) as string | null;
          return clears.has(this) ? null : value;
        },
    });
  }
  interceptAccessor(realm, prototype, 'url', {
    get: (native) =>
      function (this: StorageEvent) {
        return realm.urls.fromBrowser(native(this) as string);
      },
  });
  interceptAccessor(realm, prototype, 'storageArea', {
    get: (native) =>
      function (this: StorageEvent) {
        const area = native(this) as Storage | null;
        if (!area || !this.isTrusted) return shownStorage(area) ?? area;
        // An event can come before the page has looked at the area.
        void global.localStorage;
        void global.sessionStorage;
        return shownStorage(area);
      },
  });

  interceptMethod(
    realm,
    prototype,
    'initStorageEvent',
    (native) =>
      function (this: StorageEvent, ...args: unknown[]) {
        const items = args[7] ? lookAlikes.get(args[7]) : undefined;
        if (items) args[7] = items.area;
        return apply(native, this, args) as unknown;
      },
  );

  interceptConstructor(realm, global, 'StorageEvent', {
    construct: (native) => (args, newTarget) => {
      const init = args[1] as StorageEventInit | null | undefined;
      const items = init && typeof init === 'object' && init.storageArea ? lookAlikes.get(init.storageArea) : undefined;
      // The engine takes native areas only.
      const translated = items ? [args[0], { ...init, storageArea: items.area }, ...args.slice(2)] : args;
      return construct(native, translated, newTarget) as object;
    },
  });
}
