/**
 * @module `BroadcastChannel`: a channel is one site's. Where the message says it came from is `MessageEvent`'s affair.
 */
import { interceptAccessor, interceptConstructor } from '../../interception/index.js';
import { construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from './storage-partition.js';

export function interceptBroadcastChannel(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  if (typeof global.BroadcastChannel !== 'function') return;
  const partition = storagePartition(realm);

  interceptConstructor(realm, global, 'BroadcastChannel', {
    construct: (native) => (args, newTarget) => {
      const translated = args.length > 0 ? [partition.add(`${args[0] as string}`)] : args;
      return construct(native, translated, newTarget) as object;
    },
  });

  interceptAccessor(realm, global.BroadcastChannel.prototype, 'name', {
    get: (native) =>
      function (this: BroadcastChannel) {
        const name = native(this) as string;
        return partition.strip(name) ?? name;
      },
  });
}
