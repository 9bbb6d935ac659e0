/**
 * @module The realm's way to the service worker: one-way messages, and the headers of a WebSocket handshake. Windows post
 * to the controller; workers, where engines have no `navigator.serviceWorker`, ask over a route.
 */
import { apply, nativeGetter, nativeJsonStringify, SafeWeakMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import type { SharedState } from '../../realm/shared-state.js';
import type { MessageSender, ToServiceWorker } from '../../messages.js';

export type SocketHeaders = Record<string, string | string[]>;

export interface SocketHandshake {
  headers: SocketHeaders;
  /** Has the worker a transport that sockets have to take too? */
  viaWorker: boolean;
  /** Does a policy of the page forbid it? */
  isBlocked?: boolean | undefined;
}

export interface ServiceWorkerChannel {
  tell(message: ToServiceWorker): void;
  /**
   * Tells it before it gets anything that this document does from now on. A message is in order with messages and navigations, a
   * request with requests: it goes both ways. Settled when the worker has it, or never will.
   */
  tellFirst(message: ToServiceWorker): Promise<unknown>;
  /** @param timeout in milliseconds; zero for none. @returns null without an answer */
  ask(message: ToServiceWorker, timeout?: number): Promise<unknown>;
  /** Cookie, Origin, User-Agent and the rest of the handshake. Without an answer: what can be known here. */
  socketHandshake(socketUrl: string): Promise<SocketHandshake>;
  /** Gives the worker a port for a socket over its transport. @returns false in a realm that cannot post to it */
  openSocket(request: { remote: string; protocols: string[]; headers: SocketHeaders }, port: MessagePort): boolean;
  /** Stores the Set-Cookie lines of a handshake; settles once `document.cookie` shows them, or the worker is silent. */
  storeSocketCookies(socketUrl: string, cookies: string[]): Promise<void>;
}

/** A worker that does not answer must not hold a page's socket for ever. */
const answerTimeout = 5000;

const channels = new WeakMap<object, ServiceWorkerChannel>();

/** Call it at boot first: it captures the container and the natives it needs. */
export function serviceWorkerChannel(realm: Realm): ServiceWorkerChannel {
  let channel = channels.get(realm);
  if (!channel) channels.set(realm, (channel = createChannel(realm)));
  return channel;
}

function createChannel(realm: Realm): ServiceWorkerChannel {
  const global = realm.global as typeof globalThis;
  const { MessageChannel, encodeURIComponent, fetch, setTimeout } = global;
  const readController = controllerReader(realm);
  const postMessage = (global as { ServiceWorker?: typeof ServiceWorker }).ServiceWorker?.prototype.postMessage;
  const { settings } = realm.data;

  /** The data are read anew: the window of an initial about:blank may have become another document's. */
  const signed = (message: ToServiceWorker): ToServiceWorker & { from: MessageSender } => {
    const { url, topLevelSite, token } = realm.data;
    return { ...message, from: { url, topLevelSite, token } };
  };
  const post = (message: ToServiceWorker, transfer: Transferable[]): boolean => {
    const controller = readController();
    if (!controller || !postMessage) return false;
    apply(postMessage, controller, [signed(message), transfer]);
    return true;
  };
  const route = `${settings.origin}${settings.scope}~/message`;
  /** The route answers with the reply that a window would get on its port. */
  const fetchReply = async (message: ToServiceWorker): Promise<unknown> => {
    const init = { method: 'POST', body: nativeJsonStringify(signed(message)) };
    const response = await apply(fetch, global, [route, init]);
    return response.ok ? ((await response.json()) as unknown) : null;
  };
  const ask = (message: ToServiceWorker, timeout = answerTimeout): Promise<unknown> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => {
        port1.close();
        resolve(event.data);
      };
      if (!post(message, [port2])) {
        port1.close();
        // A failed request is no answer: the caller goes on with what it knows.
        fetchReply(message).then(resolve, () => resolve(null));
      }
      if (timeout) apply(setTimeout, global, [() => resolve(null), timeout]);
    });

  return {
    ask,
    tell(message) {
      if (!post(message, [])) void fetchReply(message).catch(() => null);
    },
    async tellFirst(message) {
      // Without a controller there is no worker, and the request would go to the host of the proxy.
      if (!post(message, [])) return;
      const headers = { 'culvert-message': encodeURIComponent(nativeJsonStringify(signed(message))) };
      // Chromium lets requests that are kept alive, and those with a body, overtake others. The message is on its way if this one fails.
      await realm.networkRealm.natives.fetch(route, { headers, keepalive: true }).catch(() => null);
    },
    async storeSocketCookies(url, cookies) {
      await ask({ culvert: 'socket-cookies', url, cookies });
    },
    openSocket: ({ remote, protocols, headers }, port) =>
      post({ culvert: 'open-socket', url: remote, protocols, headers }, [port]),
    async socketHandshake(socketUrl) {
      const origin = realm.urls.origin();
      const reply = await ask({
        culvert: 'socket-headers',
        url: socketUrl,
        origin,
        documentUrl: realm.urls.documentUrl(),
      });
      const { headers, viaWorker, isBlocked } = (reply ?? {}) as Partial<SocketHandshake>;
      return {
        headers: headers ?? { Origin: origin, 'User-Agent': global.navigator.userAgent },
        viaWorker: viaWorker === true,
        isBlocked,
      };
    },
  };
}

interface SharedContainers extends SharedState {
  serviceWorkers?: WeakMap<object, () => ServiceWorker | null>;
}

/**
 * Reads the controller when it is needed, since an update replaces it. Realms that no worker controls (about:blank frames)
 * speak through the nearest one that has a controller; its own container is hidden by then, so it is kept here.
 */
function controllerReader(realm: Realm): () => ServiceWorker | null {
  const containers = ((realm.shared as SharedContainers).serviceWorkers ??= new SafeWeakMap());
  const container = (realm.global as Window).navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const nativeController = container && nativeGetter<ServiceWorker | null>(container, 'controller');
  const read = () => {
    const own = container && nativeController ? nativeController(container) : null;
    return own ?? (realm.networkRealm === realm ? null : (containers.get(realm.networkRealm)?.() ?? null));
  };
  containers.set(realm, read);
  return read;
}
