/**
 * @module Performance entries: found by their real URL, and without a trace of the worker that answered.
 */
import { interceptAccessor, interceptConstructor, interceptMethod } from '../../interception/index.js';
import {
  apply,
  arrayFilter,
  arraySlice,
  construct,
  nativeGetter,
  nativeMethod,
  stringStartsWith,
} from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptPerformanceUrls(realm: Realm): void {
  const { global } = realm;
  const entryName = nativeGetter<string>((global.PerformanceEntry?.prototype ?? {}) as object, 'name');
  const { origin, scope } = realm.data.settings;
  /** What the runtime asks for on its own account is no part of the page. */
  const pagesOwn = (entries: PerformanceEntry[]) =>
    arrayFilter(entries, (entry) => {
      const name = entryName(entry);
      return name !== realm.data.runtimeScript && !stringStartsWith(name, `${origin}${scope}~/`);
    });
  for (const holder of ['Performance', 'PerformanceObserverEntryList', 'PerformanceObserver']) {
    const prototype = (global[holder]?.prototype ?? {}) as object;
    for (const name of ['getEntries', 'getEntriesByType', 'takeRecords']) {
      interceptMethod(
        realm,
        prototype,
        name,
        (native) =>
          function (...args) {
            return pagesOwn(apply(native, this, args) as PerformanceEntry[]);
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
  const entriesOf = nativeMethod<PerformanceEntry[]>(
    (global.PerformanceObserverEntryList?.prototype ?? {}) as object,
    'getEntries',
  );
  interceptConstructor(realm, global as object, 'PerformanceObserver', {
    // An observer that sets a cookie each time would call itself for ever.
    construct:
      (native) =>
      ([callback, ...rest], newTarget) => {
        const observe = function (this: unknown, ...args: unknown[]) {
          if (pagesOwn(entriesOf(args[0])).length > 0) apply(callback as () => void, this, args);
        };
        return construct(native, [typeof callback === 'function' ? observe : callback, ...rest], newTarget) as object;
      },
  });
  interceptAccessor(realm, (global.PerformanceResourceTiming?.prototype ?? {}) as object, 'workerStart', {
    get: (native) =>
      function () {
        native(this);
        return 0;
      },
  });
}
