/**
 * @module Performance entries: found by their real URL, and without a trace of the worker that answered.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, arraySlice } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptPerformanceUrls(realm: Realm): void {
  const { global } = realm;
  for (const holder of ['Performance', 'PerformanceObserverEntryList']) {
    const prototype = global[holder]?.prototype as object | undefined;
    if (!prototype) continue;
    interceptMethod(
      realm,
      prototype,
      'getEntriesByName',
      (native) =>
        function (...args) {
          const entries = apply(native, this, args) as PerformanceEntry[];
          if (args.length === 0) return entries;
          const name = `${args[0] as string}`;
          const route = realm.urls.toBrowser(name, 'document');
          if (route === name) return entries;
          const routed = apply(native, this, [route, ...arraySlice(args, 1)]) as PerformanceEntry[];
          return routed.length === 0 ? entries : [...routed, ...entries];
        },
    );
  }
  interceptAccessor(realm, (global.PerformanceResourceTiming?.prototype ?? {}) as object, 'workerStart', {
    get: (native) =>
      function () {
        native(this);
        return 0;
      },
  });
}
