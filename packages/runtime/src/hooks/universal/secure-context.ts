/**
 * @module Hides from a page of an http: site what the engine has in secure contexts alone: `insecure-context.ts`, whose table such a
 * page has in its boot data.
 */
import { hideProperty, interceptAccessor } from '../../interception/index.js';
import { regExpTest } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** To be installed last: the other hooks need what is hidden here. */
export function hideSecureContextFeatures(realm: Realm): void {
  const global = realm.global as Record<string, any>;
  const { insecure } = realm.data;
  if (!insecure) return;
  const kept = insecure.kept === undefined ? null : new RegExp(insecure.kept);
  const hide = (target: object, name: string) => {
    if (!kept || !regExpTest(kept, name)) hideProperty(realm, target, name);
  };
  const hideAlike = (target: object, source: string) => {
    const alike = new RegExp(source);
    for (const name of Object.getOwnPropertyNames(target)) if (regExpTest(alike, name)) hide(target, name);
  };
  hideAlike(global, insecure.families);
  for (const name of insecure.globals) hide(global, name);
  for (const [holder, names] of Object.entries(insecure.members)) {
    const prototype = global[holder]?.prototype as object | undefined;
    if (prototype) for (const name of names) hide(prototype, name);
  }
  hideAlike(Object.getPrototypeOf(global.navigator) as object, insecure.navigator);
  const holder = realm.kind === 'window' ? global : (global.WorkerGlobalScope.prototype as object);
  interceptAccessor(realm, holder, 'isSecureContext', {
    get: (native) =>
      function () {
        native(this);
        return false;
      },
  });
}
