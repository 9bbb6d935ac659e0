/**
 * @module The messages between the runtime, the service worker and the page that shows proxied documents. Types only.
 */
import type { Cookie } from '@culvert/cookies';

/** Page or worker to service worker. Where a reply is needed, a MessagePort is transferred as `ports[0]`. */
export type ToServiceWorker =
  /** `document.cookie = …`; `url` is the document's. */
  | { culvert: 'set-cookie'; url: string; cookie: string }
  /** Reply on the port: `{ headers: Record<string, string | string[]> }`, the headers of a WebSocket handshake. */
  | { culvert: 'socket-headers'; url: string; origin: string; documentUrl: string }
  /** The Set-Cookie lines of a WebSocket handshake. */
  | { culvert: 'socket-cookies'; url: string; cookies: string[] }
  /** Acknowledges `cookies`. */
  | { culvert: 'cookies-seen'; id: number };

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
