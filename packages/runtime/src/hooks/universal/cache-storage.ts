/**
 * @module `CacheStorage`: caches carry their site's prefix underneath. The entries need nothing: their keys are real URLs.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from './storage-partition.js';

export function interceptCacheStorage(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  if (typeof global.CacheStorage !== 'function') return;
  const partition = storagePartition(realm);
  const prototype = global.CacheStorage.prototype;
  const { keys: nativeKeys } = prototype;

  const ownNames = async (caches: CacheStorage): Promise<string[]> => {
    const shared = await (apply(nativeKeys, caches, []) as Promise<string[]>);
    return shared.flatMap((name) => partition.strip(name) ?? []);
  };

  for (const name of ['open', 'has', 'delete'] as const) {
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (this: CacheStorage, ...args: unknown[]) {
          if (args.length > 0) args[0] = partition.add(`${args[0] as string}`);
          return apply(native, this, args) as unknown;
        },
    );
  }

  interceptMethod(
    realm,
    prototype,
    'keys',
    () =>
      function (this: CacheStorage) {
        return ownNames(this);
      },
  );

  interceptMethod(
    realm,
    prototype,
    'match',
    (native) =>
      async function (this: CacheStorage, ...args: unknown[]) {
        const [given, options] = args as [RequestInfo, MultiCacheQueryOptions | undefined];
        const request = typeof given === 'string' ? (realm.urls.resolve(given) ?? given) : given;
        const match = (cacheName: string) =>
          apply(native, this, [request, { ...options, cacheName: partition.add(cacheName) }]) as Promise<
            Response | undefined
          >;
        if (args.length === 0) return apply(native, this, args) as unknown;
        if (options?.cacheName !== undefined) return match(`${options.cacheName}`);
        // In order of creation, as the native search over all caches.
        for (const cacheName of await ownNames(this)) {
          const response = await match(cacheName);
          if (response) return response;
        }
        return undefined;
      },
  );
}
