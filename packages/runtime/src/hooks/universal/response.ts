/**
 * @module `Response` as `fetch()` gives it. What a service worker makes has the type `default` (`basic` in Chromium); the page
 * sees the type that it would have had, and nothing of an opaque one, which the worker sends without body and headers.
 *
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response
 */
import { interceptAccessor } from '../../interception/index.js';
import { nativeGetter, NativeURL } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { opaqueStatusText } from '../../response-marks.js';

export function interceptResponse(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  const { prototype } = global.Response;
  const nativeType = nativeGetter<ResponseType>(prototype, 'type');
  const nativeUrl = nativeGetter<string>(prototype, 'url');
  const nativeStatusText = nativeGetter<string>(prototype, 'statusText');

  /** Only what came from the worker has a URL; a page can make a Response with any status text. */
  const isOpaque = (response: unknown) =>
    nativeStatusText(response) === opaqueStatusText && nativeUrl(response) !== '' && isPlain(nativeType(response));

  const typeOf = (response: unknown): ResponseType => {
    const type = nativeType(response);
    const url = nativeUrl(response);
    if (!isPlain(type) || url === '') return type;
    if (isOpaque(response)) return 'opaque';
    const realUrl = realm.urls.fromBrowser(url);
    if (!/^https?:/.test(realUrl)) return 'basic';
    return new NativeURL(realUrl).origin === realm.urls.origin() ? 'basic' : 'cors';
  };

  interceptAccessor(realm, prototype, 'type', {
    get: () =>
      function () {
        return typeOf(this);
      },
  });
  interceptAccessor(realm, prototype, 'url', {
    get: (native) =>
      function () {
        const url = native(this) as string;
        return isOpaque(this) ? '' : url === '' ? url : realm.urls.fromBrowser(url);
      },
  });
  const shown: Record<string, unknown> = { status: 0, ok: false, statusText: '', redirected: false };
  for (const [name, value] of Object.entries(shown)) {
    interceptAccessor(realm, prototype, name, {
      get: (native) =>
        function () {
          const own = native(this) as unknown;
          return isOpaque(this) ? value : own;
        },
    });
  }
}

function isPlain(type: ResponseType): boolean {
  return type === 'default' || type === 'basic';
}
