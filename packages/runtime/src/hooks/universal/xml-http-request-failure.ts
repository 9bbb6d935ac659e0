/**
 * @module An `XMLHttpRequest` whose body breaks off. Chromium takes a worker's body that fails for one that was given up, and fires
 * `abort`, which pages do not listen for; from a site it would be `error`. Only `abort()` aborts.
 *
 * @see https://xhr.spec.whatwg.org/#handle-errors
 */
import { interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, construct, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptXmlHttpRequestFailure(realm: Realm): void {
  const { XMLHttpRequest, EventTarget, Event, ProgressEvent } = realm.global as Window & typeof globalThis;
  if (!XMLHttpRequest) return;
  const dispatchEvent = nativeMethod<boolean>(EventTarget.prototype, 'dispatchEvent');
  const stopImmediatePropagation = nativeMethod(Event.prototype, 'stopImmediatePropagation');
  const aborting = new WeakSet<object>();
  interceptMethod(
    realm,
    XMLHttpRequest.prototype,
    'abort',
    (native) =>
      function (this: XMLHttpRequest, ...args: unknown[]) {
        aborting.add(this);
        apply(native, this, args);
        aborting.delete(this);
      },
  );
  interceptConstructor(realm, realm.global, 'XMLHttpRequest', {
    construct: (native) => (args, newTarget) => {
      const request = construct(native, args, newTarget) as XMLHttpRequest;
      // The first listener of all: no other hears of the event.
      realm.natives.addEventListener(request, 'abort', (event: Event) => {
        if (!event.isTrusted || aborting.has(request)) return;
        stopImmediatePropagation(event);
        dispatchEvent(request, construct(ProgressEvent, ['error']));
      });
      return request;
    },
  });
}
