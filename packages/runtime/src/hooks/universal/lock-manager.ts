/**
 * @module `LockManager` and `Lock.name`: lock names are one site's.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from './storage-partition.js';

export function interceptLockManager(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  if (typeof global.LockManager !== 'function') return;
  const partition = storagePartition(realm);

  interceptMethod(
    realm,
    global.LockManager.prototype,
    'request',
    (native) =>
      function (this: LockManager, ...args: unknown[]) {
        // A name that begins with a hyphen is refused by the native method.
        if (args.length > 1 && !`${args[0] as string}`.startsWith('-')) args[0] = partition.add(`${args[0] as string}`);
        return apply(native, this, args) as unknown;
      },
  );

  interceptMethod(
    realm,
    global.LockManager.prototype,
    'query',
    (native) =>
      async function (this: LockManager, ...args: unknown[]) {
        const snapshot = (await apply(native, this, args)) as LockManagerSnapshot;
        const own = (locks: LockInfo[] = []) =>
          locks.flatMap((lock) => {
            const name = partition.strip(lock.name ?? '');
            return name === null ? [] : [{ ...lock, name }];
          });
        return { ...snapshot, held: own(snapshot.held), pending: own(snapshot.pending) };
      },
  );

  interceptAccessor(realm, global.Lock.prototype, 'name', {
    get: (native) =>
      function (this: Lock) {
        const name = native(this) as string;
        return partition.strip(name) ?? name;
      },
  });
}
