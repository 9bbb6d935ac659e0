/**
 * @module `fetch` and XMLHttpRequest in frames whose requests never reach the service worker (about:blank, blob:,
 * javascript:): they go through the natives of the nearest realm whose requests do.
 */
import { interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptUncontrolledNetwork(realm: Realm): void {
  // A realm that was booted controlled stays so.
  if (realm.controlled) return;
  const { global } = realm;
  interceptMethod(
    realm,
    global as object,
    'fetch',
    (native) =>
      function (...args) {
        if (realm.controlled || args.length === 0) return apply(native, this, args) as unknown;
        if (typeof args[0] === 'string' || args[0] instanceof global.URL) {
          args[0] = realm.urls.resolve(`${args[0]}`) ?? args[0];
        }
        return apply(realm.networkRealm.natives.fetch, undefined, args) as unknown;
      },
  );
  interceptConstructor(realm, global as object, 'XMLHttpRequest', {
    construct: (native) => (args, newTarget) =>
      construct(realm.controlled ? native : realm.networkRealm.natives.XMLHttpRequest, args, newTarget),
  });
}
