/**
 * @module `document.URL`, `documentURI`, `referrer` and `domain`.
 */
import { interceptAccessor } from '../../interception/index.js';
import { nativeGetter, NativeURL, stringSlice } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const hostname = nativeGetter<string>(NativeURL.prototype, 'hostname');

export function interceptDocumentUrl(realm: Realm): void {
  const prototype = realm.global.Document.prototype as object;
  const isOwn = (document: unknown) => document === realm.document();
  for (const name of ['URL', 'documentURI']) {
    interceptAccessor(realm, prototype, name, {
      // Documents made by DOMParser and the like have the URL of the one that made them.
      get: (native) =>
        function () {
          return realm.urls.fromBrowser(native(this) as string);
        },
    });
  }
  interceptAccessor(realm, prototype, 'referrer', {
    get: (native) =>
      function () {
        const referrer = native(this) as string;
        return isOwn(this) ? realm.data.referrer : realm.urls.fromBrowser(referrer);
      },
  });
  interceptAccessor(realm, prototype, 'domain', {
    get: (native) =>
      function () {
        native(this);
        return isOwn(this) ? ownHost(realm) : '';
      },
    set: (native) =>
      function (value) {
        if (!isOwn(this)) return native(this, value);
        const domain = `${value}`;
        const host = ownHost(realm);
        // Documents are origin-keyed: a suffix of the host is accepted and changes nothing.
        if (domain === host || (domain !== '' && stringSlice(host, -domain.length - 1) === `.${domain}`)) return;
        throw new realm.natives.DOMException(
          `Failed to set the 'domain' property on 'Document': '${domain}' is not a suffix of '${host}'.`,
          'SecurityError',
        );
      },
  });
}

function ownHost(realm: Realm): string {
  const origin = realm.urls.origin();
  return origin === 'null' ? '' : hostname(new NativeURL(origin));
}
