/**
 * @module `WorkerLocation` and `self.origin`: the real URL of the worker.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { NativeURL, nativeGetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const parts = ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

export function interceptWorkerLocation(realm: Realm): void {
  // The interface has no object on the global in any engine; its prototype is the location's.
  const prototype = Object.getPrototypeOf(realm.global.location) as object;
  const nativeHref = nativeGetter<string>(prototype, 'href');
  const nativeHash = nativeGetter<string>(prototype, 'hash');
  const shownUrl = () => {
    const url = realm.urls.documentUrl();
    return url.includes('#') ? url : url + nativeHash(realm.natives.location);
  };

  for (const part of parts) {
    const read = nativeGetter<string>(NativeURL.prototype, part);
    interceptAccessor(realm, prototype, part, {
      get: (native) =>
        function (this: unknown) {
          native(this);
          return read(new NativeURL(shownUrl()));
        },
    });
  }
  interceptMethod(
    realm,
    prototype,
    'toString',
    () =>
      function (this: unknown) {
        nativeHref(this);
        return shownUrl();
      },
  );
  interceptAccessor(realm, realm.global.WorkerGlobalScope.prototype as object, 'origin', {
    get: (native) =>
      function (this: unknown) {
        native(this);
        return realm.urls.origin();
      },
  });
}
