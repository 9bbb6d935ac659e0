/**
 * @module The messages between the runtime, the service worker and the page that shows proxied documents. Types only.
 */
import type { Cookie } from '@culvert/cookies';
import type { ServiceWorkerRequest, ServiceWorkerSnapshot } from './service-workers/messages.js';

export type * from './service-workers/messages.js';

/** Page or worker to service worker. Where a reply is needed, a MessagePort is transferred as `ports[0]`. */
export type ToServiceWorker =
  /**
   * `document.cookie = …`; `url` is the document's. It comes twice, as a message and as the header of a request, as neither is in order
   * with all that the page does next; the worker takes the first. `by` is who counts `index`.
   */
  | { culvert: 'set-cookie'; url: string; cookie: string; by: number; index: number }
  /**
   * Reply on the port: `{ headers: Record<string, string | string[]>, viaWorker: boolean, isBlocked?: boolean }`, the headers of a WebSocket
   * handshake, whether `open-socket` has to follow instead of a tunnel to the Bare server, and whether a policy forbids it.
   */
  | { culvert: 'socket-headers'; url: string; origin: string; documentUrl: string }
  /** The Set-Cookie lines of a WebSocket handshake. */
  | { culvert: 'socket-cookies'; url: string; cookies: string[] }
  /** A WebSocket over the worker's transport. The port stays: `PortSocketMessage` and `PortSocketEvent` go over it. */
  | { culvert: 'open-socket'; url: string; protocols: string[]; headers: Record<string, string | string[]> }
  /** A `<base>` of the document's was not taken, by a policy. */
  | { culvert: 'policy-violated'; url: string }
  /** Nothing but an event, which keeps the worker from being stopped. */
  | { culvert: 'keep-awake' }
  /** What a page asks of its site's service workers, and what they ask; `service-workers/messages.ts` has the replies. */
  | { culvert: 'service-worker'; request: ServiceWorkerRequest }
  /** Acknowledges `cookies`. */
  | { culvert: 'cookies-seen'; id: number };

/** Page to service worker, over the port of a socket. */
export type PortSocketMessage =
  | { type: 'send'; data: string | ArrayBuffer | ArrayBufferView | Blob }
  | { type: 'close'; code: number | undefined; reason: string | undefined }
  | { type: 'ping' };

/** Service worker to page, over the port of a socket. `close` is the last. */
export type PortSocketEvent =
  | { type: 'open'; protocol: string; setCookies: string[]; extensions: string }
  | { type: 'message'; data: string | ArrayBuffer }
  | { type: 'error'; message: string }
  | { type: 'close'; code: number; reason: string; wasClean: boolean }
  | { type: 'pong' };

/** Goes with every message: of which realm it is, and the proof. */
export interface MessageSender {
  url: string;
  topLevelSite: string;
  token: string;
}

/** Service worker to page. */
export type FromServiceWorker =
  /** The worker has kept a load from the page by its policy: a `securitypolicyviolation` event is due. */
  | ({ culvert: 'policy-violation' } & PolicyViolation)
  /** What an origin has stored in the areas that no worker reaches: all items whose keys begin so are to go. */
  | { culvert: 'clear-storage'; prefix: string }
  /** The state of the site's service workers has changed. */
  | { culvert: 'service-workers'; snapshot: ServiceWorkerSnapshot }
  /** The full list that `document.cookie` may see for this client's URL, replacing the old one; must be acknowledged. */
  | { culvert: 'cookies'; id: number; site: string; cookies: Cookie[] };

export interface PolicyViolation {
  blockedURI: string;
  /** The directive that applies, whichever of its fallbacks is there. */
  effectiveDirective: string;
  originalPolicy: string;
  disposition: 'enforce' | 'report';
}

/** Service worker to the windows of its origin that stand outside the scope. */
export type NavigationProgress = {
  culvert: 'navigation';
  clientId: string;
  url: string;
  stage: 'start' | 'headers' | 'done' | 'error';
  status?: number;
  message?: string;
};
