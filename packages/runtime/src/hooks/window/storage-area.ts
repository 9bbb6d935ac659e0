/**
 * @module A `Storage` look-alike that shows one site's items of a shared native area. It owns the legacy platform object
 * behaviour of Web IDL (named properties, enumeration, deletion); who sees it and the prototype's methods are `storage.ts`.
 */
import type { StoragePartition } from '../universal/storage-partition.js';

/** The operations of `Storage.prototype` on a native area, captured at boot. */
export interface NativeStorageOperations {
  getItem(area: Storage, key: string): string | null;
  setItem(area: Storage, key: string, value: string): void;
  removeItem(area: Storage, key: string): void;
  length(area: Storage): number;
  key(area: Storage, index: number): string | null;
}

/** One site's items of one native area. Keys are in the native area's order. */
export class StorageItems {
  constructor(
    readonly area: Storage,
    private readonly partition: StoragePartition,
    private readonly native: NativeStorageOperations,
  ) {}

  keys(): string[] {
    const keys: string[] = [];
    const length = this.native.length(this.area);
    for (let index = 0; index < length; index += 1) {
      const sharedKey = this.native.key(this.area, index);
      const key = sharedKey === null ? null : this.partition.strip(sharedKey);
      if (key !== null) keys.push(key);
    }
    return keys;
  }

  get(key: string): string | null {
    return this.native.getItem(this.area, this.partition.add(key));
  }

  set(key: string, value: string): void {
    this.native.setItem(this.area, this.partition.add(key), value);
  }

  remove(key: string): void {
    this.native.removeItem(this.area, this.partition.add(key));
  }

  /**
   * Removes this site's items. Other documents are told of each removal alone, so a record of their number goes ahead:
   * by it `storage-event.ts` shows them the one event without a key that `clear()` is.
   */
  clear(): void {
    const keys = this.keys();
    if (keys.length === 0) return;
    const marker = clearMarker(this.partition);
    this.native.removeItem(this.area, marker);
    this.native.setItem(this.area, marker, String(keys.length));
    for (const key of keys) this.remove(key);
    this.native.removeItem(this.area, marker);
  }
}

/** The shared key that announces a `clear()`. It is outside the prefix, so no site can make or see it. */
export function clearMarker(partition: StoragePartition): string {
  return `cv-clear|${partition.prefix}`;
}

/** The exotic object: named properties are items, unless the prototype chain has a property of that name. */
export function createStorageLookAlike(items: StorageItems, prototype: object): Storage {
  const isItem = (key: PropertyKey): key is string =>
    typeof key === 'string' && !(key in prototype) && items.get(key) !== null;
  return new Proxy(Object.create(prototype) as Storage, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in prototype)) {
        const value = items.get(key);
        if (value !== null) return value;
      }
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver) {
      if (typeof key !== 'string') return Reflect.set(target, key, value, target);
      // An object that merely inherits from the area keeps its own properties.
      if (items !== lookAlikes.get(receiver as object)) return Reflect.set(target, key, value, receiver);
      items.set(key, `${value as string}`);
      return true;
    },
    has: (target, key) => isItem(key) || Reflect.has(target, key),
    deleteProperty(target, key) {
      if (!isItem(key)) return Reflect.deleteProperty(target, key);
      items.remove(key);
      return true;
    },
    ownKeys: (target) => [
      ...items.keys().filter((key) => !(key in prototype)),
      ...Reflect.ownKeys(target).filter((key) => typeof key === 'symbol'),
    ],
    getOwnPropertyDescriptor(target, key) {
      if (!isItem(key)) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: items.get(key), writable: true, enumerable: true, configurable: true };
    },
    defineProperty(target, key, descriptor) {
      if (typeof key !== 'string') return Reflect.defineProperty(target, key, descriptor);
      if ('get' in descriptor || 'set' in descriptor) return false;
      items.set(key, `${descriptor.value as string}`);
      return true;
    },
    preventExtensions: () => false,
  });
}

/** The items behind a look-alike, for the methods of the prototype and for `StorageEvent`. */
export const lookAlikes = new WeakMap<object, StorageItems>();
