/**
 * @module The request of a fetch event. `new Request` makes none with the mode `navigate` or a destination: a request here has
 * what can be made, and shows what it is.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { HandledRequest } from '../messages.js';

type Shown = Pick<HandledRequest, 'mode' | 'destination' | 'referrer' | 'cache'> & { isReloadNavigation: boolean };

export interface HandledRequests {
  create(request: HandledRequest): Request;
}

export function handledRequests(realm: Realm): HandledRequests {
  const global = realm.global as typeof globalThis;
  const { Request } = global;
  const shown = new WeakMap<object, Shown>();
  for (const name of ['mode', 'destination', 'referrer', 'cache', 'isReloadNavigation'] as const) {
    interceptAccessor(realm, Request.prototype, name, {
      get: (native) =>
        function (this: object) {
          const own = shown.get(this);
          return own ? own[name] : (native(this) as unknown);
        },
    });
  }
  interceptMethod(
    realm,
    Request.prototype,
    'clone',
    (native) =>
      function (this: object) {
        const clone = apply(native, this, []) as object;
        const own = shown.get(this);
        if (own) shown.set(clone, own);
        return clone;
      },
  );
  return {
    create(given) {
      const { url, method, headers, body, credentials, integrity, keepalive, mode, redirect, cache } = given;
      const request = new Request(url, {
        method,
        headers,
        credentials,
        redirect,
        integrity: mode === 'no-cors' ? '' : integrity,
        keepalive,
        mode: mode === 'navigate' ? 'cors' : mode,
        cache: cache === 'only-if-cached' && mode !== 'same-origin' ? 'default' : cache,
        ...(body && { body }),
      });
      shown.set(request, {
        mode,
        destination: given.destination,
        referrer: given.referrer,
        cache,
        isReloadNavigation: given.isReload,
      });
      return request;
    },
  };
}
