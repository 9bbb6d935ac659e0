/**
 * @module What is said about sites' service workers: between a page and our worker, between the worker scope that runs one and
 * our worker, and between a page and such a scope. Types only.
 *
 * A site's service worker runs in a SharedWorker (the "scope") that the pages of its site hold. Our worker keeps the registrations
 * and talks to a scope over a BroadcastChannel that only the two of them know; pages talk to it over its port.
 */

export type WorkerPhase = 'installing' | 'installed' | 'activating' | 'activated' | 'redundant';

export interface WorkerState {
  id: string;
  /** `scriptURL`: the real one. */
  script: string;
  state: WorkerPhase | 'parsed';
  /** Where a page's SharedWorker finds it. */
  host: string;
}

export interface RegistrationState {
  id: string;
  scope: string;
  updateViaCache: ServiceWorkerUpdateViaCache;
  /** It controls the receiver and can be found no more. */
  isUnregistered: boolean;
  installing: WorkerState | null;
  waiting: WorkerState | null;
  active: WorkerState | null;
  /** Its script is to run for the first time: some page has to start it. Not to be seen by scripts. */
  starting: WorkerState | null;
}

/** All of one origin and partition. */
export interface ServiceWorkerSnapshot {
  /** Counts up: of two, the later one holds. */
  order: number;
  registrations: RegistrationState[];
  /** The registration by whose active worker the receiver is controlled. */
  controller: string | null;
  /** The receiver. */
  client: string;
}

export interface ClientDescription {
  id: string;
  url: string;
  type: ClientTypes;
  frameType: 'auxiliary' | 'top-level' | 'nested' | 'none';
  visibilityState: DocumentVisibilityState;
  focused: boolean;
}

/** `version` is a worker's id. */
export type ServiceWorkerRequest =
  | { op: 'state' }
  | {
      op: 'register';
      script: string;
      scope: string;
      type: WorkerType;
      updateViaCache: ServiceWorkerUpdateViaCache;
    }
  | { op: 'update'; registration: string }
  | { op: 'unregister'; registration: string }
  | { op: 'started'; version: string; instance: string; error: string | null; handlesFetch: boolean }
  | { op: 'skip-waiting'; version: string }
  | { op: 'claim'; version: string }
  | { op: 'clients'; version: string; type: ClientTypes; includeUncontrolled: boolean }
  | { op: 'client'; version: string; id: string }
  | { op: 'open-window'; version: string; url: string }
  | { op: 'navigate-client'; version: string; id: string; url: string }
  | { op: 'focus-client'; version: string; id: string };

/** An error becomes the page's; `null` as a reply is that our worker did not answer. */
export type ServiceWorkerReply =
  | { error: { name: string; message: string } }
  | { snapshot: ServiceWorkerSnapshot; registration?: string }
  | { clients: ClientDescription[] }
  | { done: boolean };

export interface HandledRequest {
  url: string;
  method: string;
  headers: [string, string][];
  body: Blob | null;
  mode: RequestMode;
  destination: RequestDestination;
  credentials: RequestCredentials;
  cache: RequestCache;
  redirect: RequestRedirect;
  referrer: string;
  integrity: string;
  keepalive: boolean;
  isReload: boolean;
}

export interface HandledResponse {
  status: number;
  statusText: string;
  headers: [string, string][];
  /** The real URL that it came from; empty for one that the site's worker has made. */
  url: string;
  type: ResponseType;
  hasBody: boolean;
}

/** Our worker to a scope. `instance`: one that ends may overlap with the next of the same worker. */
export type ToWorkerScope =
  /** Answered by the request `started`. */
  | { type: 'ping' }
  | { type: 'close' }
  | { type: 'state'; snapshot: ServiceWorkerSnapshot }
  | { type: 'lifecycle'; instance: string; id: number; event: 'install' | 'activate' }
  | {
      type: 'fetch';
      instance: string;
      id: number;
      request: HandledRequest;
      clientId: string;
      resultingClientId: string;
    };

/** A scope to our worker. `id` is that of the event. */
export type FromWorkerScope =
  | { type: 'done'; id: number; isFulfilled: boolean }
  /** `null`: no listener has answered. */
  | { type: 'response'; id: number; response: HandledResponse | null }
  | { type: 'failure'; id: number; message: string }
  | { type: 'chunk'; id: number; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'end'; id: number };

/** A page to a scope, over the port of its SharedWorker. */
export type PageToScope = { client: ClientDescription; data?: unknown; hasData: boolean; ports?: number };

/** A scope to a page, over the same port. */
export interface ScopeToPage {
  data: unknown;
}

export const scopeChannelName = (version: string): string => `culvert-service-worker|${version}`;
