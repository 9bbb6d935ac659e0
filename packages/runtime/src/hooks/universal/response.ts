/**
 * @module `Response` as `fetch()` gives it. What a service worker makes has the type `default` (`basic` in Chromium); the page
 * sees the type that it would have had, and nothing of an opaque one, which the worker sends without body and headers.
 *
 * Also `fetch` with `mode: "same-origin"`, which the browser refuses for a real URL: it goes by a route.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response
 */
import { encodeRoute, urlClasses } from '@culvert/rewriter';
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, construct, nativeGetter, NativeURL } from '../../natives.js';
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

  const { Request } = global;
  const mode = nativeGetter<RequestMode>(Request.prototype, 'mode');
  const requestUrl = nativeGetter<string>(Request.prototype, 'url');
  const holder = realm.kind === 'worker' ? (global as unknown as WorkerScope).WorkerGlobalScope.prototype : global;
  interceptMethod(
    realm,
    holder,
    'fetch',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        if (!asksForSameOrigin(args)) return apply(native, this, args) as unknown;
        let request;
        try {
          request = construct(Request, args) as Request;
        } catch {
          // The native function gives the page the error, in its own way.
          return apply(native, this, args) as unknown;
        }
        const url = requestUrl(request);
        if (mode(request) !== 'same-origin' || !isOfPage(url)) return apply(native, this, [request]) as unknown;
        const route = encodeRoute(url, urlClasses.fetch.asset, realm.data.settings);
        const init = request.body ? { __proto__: null, duplex: 'half' } : {};
        return apply(native, this, [construct(Request, [construct(Request, [route, request]), init])]) as unknown;
      },
  );

  function asksForSameOrigin([input, init]: unknown[]): boolean {
    const given = (init as RequestInit | null | undefined)?.mode;
    if (given !== undefined) return given === 'same-origin';
    return input instanceof Request && mode(input) === 'same-origin';
  }

  function isOfPage(url: string): boolean {
    return /^https?:/.test(url) && new NativeURL(url).origin === realm.urls.origin();
  }
}

function isPlain(type: ResponseType): boolean {
  return type === 'default' || type === 'basic';
}

interface WorkerScope {
  WorkerGlobalScope: { prototype: object };
}
