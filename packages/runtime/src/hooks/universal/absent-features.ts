/**
 * @module Hides what the engine has and the site must not find: the table of `absent-features.ts` that is in the boot data.
 */
import { hideProperty, interceptAccessor } from '../../interception/index.js';
import { regExpTest } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** To be installed last: the other hooks need what is hidden here. */
export function hideAbsentFeatures(realm: Realm): void {
  const global = realm.global as Record<string, any>;
  const { absent } = realm.data;
  if (!absent) return;
  const kept = absent.kept === undefined ? null : new RegExp(absent.kept);
  const hide = (target: object, name: string) => {
    if (!kept || !regExpTest(kept, name)) hideProperty(realm, target, name);
  };
  const hideAlike = (target: object, source: string) => {
    const alike = new RegExp(source);
    for (const name of Object.getOwnPropertyNames(target)) if (regExpTest(alike, name)) hide(target, name);
  };
  for (const name of absent.globals) hide(global, name);
  for (const [holder, names] of Object.entries(absent.members)) {
    const prototype = global[holder]?.prototype as object | undefined;
    if (prototype) for (const name of names) hide(prototype, name);
  }
  if (absent.isSecure) return;
  hideAlike(global, absent.families!);
  hideAlike(Object.getPrototypeOf(global.navigator) as object, absent.navigator!);
  const holder = realm.kind === 'window' ? global : (global.WorkerGlobalScope.prototype as object);
  interceptAccessor(realm, holder, 'isSecureContext', {
    get: (native) =>
      function () {
        native(this);
        return false;
      },
  });
}
