/**
 * @module `navigator`: the site's own service workers in the place of ours, and protocol handlers that are checked and then
 * forgotten, because the browser would register the proxy.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { rewriters, serviceWorkersPart } from '../../late/rewriters-loader.js';
import { serviceWorkerChannel } from '../universal/service-worker-channel.js';
import { apply } from '../../natives.js';
import { originOf } from '../../realm/create-realm.js';
import type { Realm } from '../../realm/realm.js';

export function interceptNavigator(realm: Realm): void {
  const prototype = realm.global.Navigator.prototype as object;
  interceptServiceWorkers(realm, prototype);

  for (const name of ['registerProtocolHandler', 'unregisterProtocolHandler'] as const) {
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (this: Navigator, ...args: unknown[]) {
          if (args.length < 2) return apply(native, this, args) as unknown;
          checkHandler(realm, name, `${args[0] as string}`.toLowerCase(), `${args[1] as string}`);
          return undefined;
        },
    );
  }
}

/** The container stays the engine's; what its members do is loaded when a page first asks for it. */
function interceptServiceWorkers(realm: Realm, prototype: object): void {
  const channel = serviceWorkerChannel(realm);
  let isInstalled = false;
  interceptAccessor(realm, prototype, 'serviceWorker', {
    get: (native) =>
      function () {
        const container = native(this) as object;
        if (realm.sandbox !== null)
          throw new realm.natives.DOMException('Service worker is disabled.', 'SecurityError');
        // A blank window's own, which knows nothing of ours; a document that is loaded into it has its own.
        if (!realm.controlled) return undefined;
        if (!isInstalled) {
          isInstalled = true;
          serviceWorkersPart(realm).installContainer(realm, channel, container);
        }
        return container;
      },
  });
  const begin = () => {
    if (realm.data.serviceWorkers && realm.sandbox === null) void realm.global.navigator.serviceWorker;
  };
  realm.onReboot.push(begin);
  begin();
}

/** What is wrong with a handler is for the late part to say: few pages register one. */
function checkHandler(realm: Realm, method: string, scheme: string, url: string): void {
  const resolved = realm.urls.resolve(url);
  const isOwn = resolved !== null && originOf(resolved) === realm.urls.origin();
  const problem = rewriters().protocolHandlerProblem(scheme, url, resolved !== null, isOwn);
  if (problem === null) return;
  const [message, name] = problem;
  throw new realm.natives.DOMException(`Failed to execute '${method}' on 'Navigator': ${message}`, name);
}
