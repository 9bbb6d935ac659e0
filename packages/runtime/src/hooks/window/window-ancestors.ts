/**
 * @module `parent`, `opener`, `frameElement` and `origin`: the window tree ends where the proxied documents end.
 */
import { interceptAccessor } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';
import { isSameOriginDomain } from '../../realm/same-origin.js';
import { enterWindow } from '../../realm/child-frame.js';

export function interceptWindowAncestors(realm: Realm): void {
  const global = realm.global as object;
  interceptAccessor(realm, global, 'parent', {
    get: (native) =>
      function () {
        // The native answers first, for its brand check and for a window of another realm.
        native(this);
        return realm.tree.parentOf(this ?? global);
      },
  });
  interceptAccessor(realm, global, 'opener', {
    get: (native) =>
      function () {
        const opener = native(this) as unknown;
        if (!realm.tree.isWindow(opener)) return opener;
        if (!realm.tree.realmOf(opener)) return null;
        enterWindow(realm, opener);
        return opener;
      },
  });
  interceptAccessor(realm, global, 'frameElement', {
    get: (native) =>
      function () {
        const window = (this ?? global) as object;
        const parent = realm.tree.parentOf(window) as object | null;
        if (parent === null || parent === window) return null;
        const outer = realm.tree.realmOf(parent);
        return outer && isSameOriginDomain(outer, realm) ? (native(this) as unknown) : null;
      },
  });
  interceptAccessor(realm, global, 'origin', {
    get: (native) =>
      function () {
        native(this);
        return realm.urls.origin();
      },
  });
}
