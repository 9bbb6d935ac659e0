/**
 * @module The page's way to the Bare server where WebSockets are blocked: requests to the service worker, which passes them on.
 * What speaks the protocol is loaded when it is first needed, so that no page pays for it that does not.
 */
import { SocketFallback, type HttpSocketModule } from '@culvert/bare-client/socket-fallback';
import type { Realm } from '../../realm/realm.js';

export function socketFallback(realm: Realm): SocketFallback {
  const { origin, scope } = realm.data.settings;
  const directory = `${origin}${scope}~/`;
  return new SocketFallback({
    // The bundler is to leave this to the browser.
    load: () => import(/* @vite-ignore */ `${directory}http-socket.js`) as Promise<HttpSocketModule>,
    socketUrl: () => `${directory}http-socket`,
    fetch: realm.natives.fetch,
  });
}
