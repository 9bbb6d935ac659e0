/**
 * @module `IDBFactory` and `IDBDatabase.name`: databases carry their site's prefix underneath.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from './storage-partition.js';

export function interceptIdbFactory(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  if (typeof global.IDBFactory !== 'function') return;
  const partition = storagePartition(realm);

  for (const name of ['open', 'deleteDatabase'] as const) {
    interceptMethod(
      realm,
      global.IDBFactory.prototype,
      name,
      (native) =>
        function (this: IDBFactory, ...args: unknown[]) {
          if (args.length > 0) args[0] = partition.add(`${args[0] as string}`);
          return apply(native, this, args) as unknown;
        },
    );
  }

  interceptMethod(
    realm,
    global.IDBFactory.prototype,
    'databases',
    (native) =>
      async function (this: IDBFactory, ...args: unknown[]) {
        const all = (await apply(native, this, args)) as IDBDatabaseInfo[];
        return all.flatMap((info) => {
          const name = partition.strip(info.name ?? '');
          return name === null ? [] : [{ ...info, name }];
        });
      },
  );

  interceptAccessor(realm, global.IDBDatabase.prototype, 'name', {
    get: (native) =>
      function (this: IDBDatabase) {
        const name = native(this) as string;
        return partition.strip(name) ?? name;
      },
  });
}
