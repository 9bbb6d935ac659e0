/**
 * @module `history.pushState` and `replaceState`: real URLs in, routes underneath.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, NativeURL } from '../../natives.js';
import { listenFirst } from '../../realm/first-listener.js';
import { originOf } from '../../realm/create-realm.js';
import { updateBaseElement } from '../../realm/base-element.js';
import { isHttpUrl, toNavigationUrl } from '../../global-scope/navigate.js';
import type { Realm } from '../../realm/realm.js';

export function interceptHistory(realm: Realm): void {
  const prototype = realm.global.History.prototype as object;
  for (const name of ['pushState', 'replaceState'] as const) {
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (...args) {
          if (args.length > 2 && args[2] !== null && args[2] !== undefined) {
            args[2] = routeFor(realm, name, `${args[2]}`);
          }
          const result = apply(native, this, args) as unknown;
          updateBaseElement(realm);
          return result;
        },
    );
  }
  // Before any listener of the page's reads a relative URL.
  for (const type of ['popstate', 'hashchange']) listenFirst(realm, type, () => updateBaseElement(realm));
}

/** https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten */
function mayStandFor(url: string, current: string): boolean {
  if (!isHttpUrl(url) || originOf(url) !== originOf(current)) return false;
  const [next, before] = [new NativeURL(url), new NativeURL(current)];
  return userOf(next) === userOf(before) && passwordOf(next) === passwordOf(before);
}

const userOf = nativeGetter<string>(NativeURL.prototype, 'username');
const passwordOf = nativeGetter<string>(NativeURL.prototype, 'password');

function routeFor(realm: Realm, method: string, url: string): string {
  const resolved = realm.urls.resolve(url);
  const current = realm.urls.documentUrl();
  // An empty URL is the document's own, not its base's.
  if (url === '' || resolved === current) return '';
  if (!isHttpUrl(current) && resolved === realm.urls.baseUrl()) return '';
  if (resolved === null || !mayStandFor(resolved, current)) {
    throw new realm.natives.DOMException(
      `Failed to execute '${method}' on 'History': A history state object with URL '${resolved ?? url}' cannot be created in a document with origin '${realm.urls.origin()}' and URL '${current}'.`,
      'SecurityError',
    );
  }
  return toNavigationUrl(realm, resolved, realm);
}
