/**
 * @module Events and entries that carry the document's URL: each shows the real one.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const urlGetters: readonly (readonly [interfaceName: string, ...properties: string[]])[] = [
  ['HashChangeEvent', 'oldURL', 'newURL'],
  ['NavigationDestination', 'url'],
  ['NavigationHistoryEntry', 'url'],
  ['PerformanceEntry', 'name'],
  ['SecurityPolicyViolationEvent', 'documentURI', 'sourceFile', 'blockedURI', 'referrer'],
  ['ErrorEvent', 'filename'],
];

const withNameInJson = ['PerformanceEntry', 'PerformanceResourceTiming', 'PerformanceNavigationTiming'] as const;

export function interceptUrlBearingEvents(realm: Realm): void {
  for (const [name, ...properties] of urlGetters) {
    const prototype = realm.global[name]?.prototype as object | undefined;
    if (!prototype) continue;
    for (const property of properties) {
      interceptAccessor(realm, prototype, property, {
        get: (native) =>
          function () {
            const url = native(this) as string | null;
            return url === null ? null : realm.urls.fromBrowser(url);
          },
      });
    }
  }
  for (const name of withNameInJson) {
    const prototype = realm.global[name]?.prototype as object | undefined;
    if (!prototype) continue;
    interceptMethod(
      realm,
      prototype,
      'toJSON',
      (native) =>
        function (...args) {
          const json = apply(native, this, args) as { name?: unknown };
          if (typeof json.name === 'string') json.name = realm.urls.fromBrowser(json.name);
          return json;
        },
    );
  }
}
