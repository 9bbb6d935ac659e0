/**
 * @module What `fetch()` and `Request` take that the browser would judge by the proxy's origin: a referrer of the page's own
 * origin, and the modes that a real URL, foreign to the browser, may not have.
 *
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
import { encodeRoute, urlClasses } from '@culvert/rewriter';
import { interceptAccessor, interceptConstructor, interceptMethod } from '../../interception/index.js';
import {
  apply,
  arraySlice,
  construct,
  createObject,
  defineProperty,
  nativeGetter,
  NativeURL,
  regExpTest,
} from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptFetch(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  const { Request } = global;
  const isFirefox = regExpTest(/Firefox\//, global.navigator.userAgent);
  const mode = nativeGetter<RequestMode>(Request.prototype, 'mode');
  const redirect = nativeGetter<RequestRedirect>(Request.prototype, 'redirect');
  const requestUrl = nativeGetter<string>(Request.prototype, 'url');

  interceptConstructor(realm, global, 'Request', {
    construct: (native) => (args, newTarget) => construct(native, withRoutedReferrer(args), newTarget) as object,
  });
  for (const name of ['referrer', 'url']) {
    interceptAccessor(realm, Request.prototype, name, {
      get: (native) =>
        function () {
          const url = native(this) as string;
          return /^https?:/.test(url) ? realm.urls.fromBrowser(url) : url;
        },
    });
  }

  const holder = realm.kind === 'worker' ? (global as unknown as WorkerScope).WorkerGlobalScope.prototype : global;
  interceptMethod(
    realm,
    holder,
    'fetch',
    (native) =>
      function (this: unknown, ...given: unknown[]) {
        const args = withoutKeepalive(withRoutedReferrer(given));
        if (!mayNeedRoute(args)) return apply(native, this, args) as unknown;
        let request;
        try {
          request = construct(Request, args) as Request;
        } catch {
          // The native function gives the page the error, in its own way.
          return apply(native, this, args) as unknown;
        }
        const url = requestUrl(request);
        if (!needsRoute(request) || !isOfPage(url)) return apply(native, this, [request]) as unknown;
        const route = encodeRoute(url, urlClasses.fetch.asset, realm.data.settings);
        const init = request.body ? { duplex: 'half' } : {};
        return apply(native, this, [construct(Request, [construct(Request, [route, request]), init])]) as unknown;
      },
  );

  /** The browser takes a referrer of its own origin alone, so it is given the route; others it replaces, as it should. */
  function withRoutedReferrer(args: unknown[]): unknown[] {
    const init = args[1];
    if (typeof init !== 'object' || init === null || !('referrer' in init)) return args;
    const { referrer } = init as { referrer: unknown };
    if (referrer === undefined || `${referrer as string}` === '') return args;
    const url = realm.urls.resolve(`${referrer as string}`);
    if (url === null || !isOfPage(url)) return args;
    const heir = createObject(init) as object;
    defineProperty(heir, 'referrer', { value: realm.urls.toBrowser(url, 'document'), enumerable: true });
    return [args[0], heir, ...arraySlice(args, 2)];
  }

  /** Firefox sends a request with it past the service worker: one that ends with its page is the lesser harm. */
  function withoutKeepalive(args: unknown[]): unknown[] {
    const [input, init] = args as [unknown, object | null | undefined];
    if (!isFirefox || (init ? typeof init : typeof input) !== 'object') return args;
    const heir = createObject(init ?? null) as object;
    defineProperty(heir, 'keepalive', { value: false, enumerable: true });
    return [input, heir, ...arraySlice(args, 2)];
  }

  /** Looks no further than it must: most calls have no such option. */
  function mayNeedRoute([input, init]: unknown[]): boolean {
    const given = init as RequestInit | null | undefined;
    if (given?.mode === 'same-origin' || given?.mode === 'no-cors') return true;
    return input instanceof Request && needsRoute(input);
  }

  function needsRoute(request: unknown): boolean {
    const requestMode = mode(request);
    return requestMode === 'same-origin' || (requestMode === 'no-cors' && redirect(request) !== 'follow');
  }

  function isOfPage(url: string): boolean {
    return /^https?:/.test(url) && new NativeURL(url).origin === realm.urls.origin();
  }
}

interface WorkerScope {
  WorkerGlobalScope: { prototype: object };
}
