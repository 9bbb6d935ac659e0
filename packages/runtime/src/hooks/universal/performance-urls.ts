/**
 * @module Performance entries: found by their real URL, and without a trace of the worker that answered.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, arrayFilter, arraySlice, nativeGetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptPerformanceUrls(realm: Realm): void {
  const { global } = realm;
  const entryName = nativeGetter<string>((global.PerformanceEntry?.prototype ?? {}) as object, 'name');
  // The one request that is the runtime's own, and that few documents make.
  const isPages = (entry: PerformanceEntry) => entryName(entry) !== realm.data.runtimeScript;
  for (const holder of ['Performance', 'PerformanceObserverEntryList']) {
    const prototype = global[holder]?.prototype as object | undefined;
    if (!prototype) continue;
    for (const name of ['getEntries', 'getEntriesByType']) {
      interceptMethod(
        realm,
        prototype,
        name,
        (native) =>
          function (...args) {
            const entries = apply(native, this, args) as PerformanceEntry[];
            return realm.shared.rewriters ? arrayFilter(entries, isPages) : entries;
          },
      );
    }
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
