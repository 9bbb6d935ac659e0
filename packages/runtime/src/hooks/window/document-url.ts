/**
 * @module `document.URL`, `documentURI`, `baseURI` and `referrer`.
 */
import { interceptAccessor } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';

export function interceptDocumentUrl(realm: Realm): void {
  const prototype = realm.global.Document.prototype as object;
  const isOwn = (document: unknown) => document === realm.document();
  // Decoding a route costs microseconds; the engine gives the same string until the URL changes.
  let known = '';
  let shown = '';
  const show = (url: string) => {
    if (url !== known) {
      shown = realm.urls.fromBrowser(url);
      known = url;
    }
    return shown;
  };
  for (const name of ['URL', 'documentURI']) {
    interceptAccessor(realm, prototype, name, {
      // Documents made by DOMParser and the like have the URL of the one that made them.
      get: (native) =>
        ({
          get(this: Document) {
            return show(native(this) as string);
          },
        }).get,
    });
  }
  // The base of a document without a browsing context is its URL, where no `<base>` of ours stands.
  interceptAccessor(realm, realm.global.Node.prototype as object, 'baseURI', {
    get: (native) =>
      ({
        get(this: Node) {
          return show(native(this) as string);
        },
      }).get,
  });
  interceptAccessor(realm, prototype, 'referrer', {
    get: (native) =>
      function () {
        const referrer = native(this) as string;
        return isOwn(this) ? realm.data.referrer : realm.urls.fromBrowser(referrer);
      },
  });
}
