/**
 * @module `navigator`: the site's own service workers in the place of ours, and protocol handlers that are checked and then
 * forgotten, because the browser would register the proxy.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { serviceWorkersPart } from '../../late/rewriters-loader.js';
import { serviceWorkerChannel } from '../universal/service-worker-channel.js';
import { apply, NativeURL } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** https://html.spec.whatwg.org/multipage/system-state.html#safelisted-scheme */
const safelistedSchemes = new Set(
  'bitcoin ftp ftps geo im irc ircs magnet mailto matrix mms news nntp openpgp4fpr sftp sip sms smsto ssh tel urn webcal wtai xmpp'.split(
    ' ',
  ),
);

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

function checkHandler(realm: Realm, method: string, scheme: string, url: string): void {
  const fail = (message: string, name: string): never => {
    throw new realm.natives.DOMException(`Failed to execute '${method}' on 'Navigator': ${message}`, name);
  };
  if (!safelistedSchemes.has(scheme) && !/^web\+[a-z]+$/.test(scheme)) {
    const advice = "Please prefix non-allowlisted schemes with the string 'web+'.";
    fail(`The scheme '${scheme}' doesn't belong to the scheme allowlist. ${advice}`, 'SecurityError');
  }
  if (!url.includes('%s')) fail(`The url provided ('${url}') does not contain '%s'.`, 'SyntaxError');
  const resolved =
    realm.urls.resolve(url) ??
    fail(`The custom handler URL created by removing '%s' and prepending '${url}' is invalid.`, 'SyntaxError');
  if (new NativeURL(resolved).origin !== realm.urls.origin()) {
    fail("Can only register custom handler in the document's origin.", 'SecurityError');
  }
}
