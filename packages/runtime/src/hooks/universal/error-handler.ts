/**
 * @module `onerror` of windows and workers: its second argument is the URL of a script, which the engine takes from the event
 * where no getter of ours is asked. https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm
 *
 * However a handler was set (as a property, by an attribute of the body), it is there when an error is reported: the first listener
 * of the event puts a function in its place that translates.
 */
import { interceptAccessor } from '../../interception/index.js';
import { apply, findDescriptor, nativeGetter, nativeSetter, SafeWeakMap } from '../../natives.js';
import { listenFirst } from '../../realm/first-listener.js';
import type { Realm } from '../../realm/realm.js';

type Handler = (this: unknown, ...args: unknown[]) => unknown;

export function interceptErrorHandler(realm: Realm): void {
  const { global } = realm;
  const read = nativeGetter<unknown>(global, 'onerror');
  const write = nativeSetter<unknown>(global, 'onerror');
  const authored = new SafeWeakMap<object, Handler>();

  const translating = (handler: Handler): Handler => {
    const translator: Handler = function (...args) {
      if (typeof args[1] === 'string') args[1] = realm.urls.fromBrowser(args[1]);
      return apply(handler, this, args);
    };
    authored.set(translator, handler);
    return translator;
  };
  listenFirst(realm, 'error', () => {
    const handler = read(global);
    if (typeof handler === 'function' && !authored.has(handler)) write(global, translating(handler as Handler));
  });

  for (const name of ['', 'WorkerGlobalScope', 'HTMLBodyElement', 'HTMLFrameSetElement']) {
    const holder = (name === '' ? global : global[name]?.prototype) as object | undefined;
    if (!holder || !findDescriptor(holder, 'onerror')) continue;
    interceptAccessor(realm, holder, 'onerror', {
      get: (native) =>
        function () {
          const handler: unknown = native(this);
          return typeof handler === 'function' ? (authored.get(handler) ?? handler) : handler;
        },
    });
  }
}
