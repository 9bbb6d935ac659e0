/**
 * @module
 * The running scopes of sites' service workers: whether one lives, and what it is told. A page of the site holds it; only pages
 * can start one, so this worker waits for it.
 */
import { hostFile } from './site-worker.js';
import type {
  FromWorkerScope,
  HandledRequest,
  HandledResponse,
  ServiceWorkerSnapshot,
  ToWorkerScope,
} from '@culvert/runtime';

const channelName = (version: string): string => `culvert-service-worker|${version}`;
/** How often it is looked whether a scope that owes an answer still lives, in milliseconds. */
const livenessInterval = 250;
/** A page that goes takes its scope along, and the next page brings the next: how often a fetch is sent anew. */
const maxAttempts = 3;
const restartTimeout = 10_000;

export interface StartResult {
  instance: string;
  error: string | null;
  handlesFetch: boolean;
}

interface ScopeChannel {
  channel: BroadcastChannel;
  pending: Map<number, (message: FromWorkerScope | null) => void>;
}

export interface FetchToHandle {
  request: HandledRequest;
  clientId: string;
  resultingClientId: string;
}

export interface HandledFetch {
  head: HandledResponse;
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

export class WorkerScopes {
  readonly #clients: Pick<Clients, 'matchAll'>;
  readonly #channels = new Map<string, ScopeChannel>();
  /** By worker, the scope that has said that it runs, and its client. */
  readonly #live = new Map<string, { clientId: string; result: StartResult }>();
  readonly #failed = new Set<string>();
  readonly #waiting = new Map<string, ((result: StartResult | null) => void)[]>();
  #id = 0;

  constructor(clients: Pick<Clients, 'matchAll'>) {
    this.#clients = clients;
  }

  /** A scope says that its script has run. */
  started(version: string, clientId: string, result: StartResult): void {
    if (result.error === null) {
      this.#live.set(version, { clientId, result });
      this.#failed.delete(version);
    } else {
      this.#failed.add(version);
    }
    for (const settle of this.#waiting.get(version) ?? []) settle(result);
    this.#waiting.delete(version);
  }

  /** It did not start when it last should. */
  hasFailed(version: string): boolean {
    return this.#failed.has(version);
  }

  /** For the page that starts it. */
  async awaitStart(version: string, timeout: number): Promise<void> {
    if (!(await this.whenLive(version, timeout))) this.#failed.add(version);
  }

  /** Is there a SharedWorker of it? */
  async exists(version: string): Promise<boolean> {
    return (await this.#clientIds(version)).length > 0;
  }

  /** @returns null if it does not come in time. */
  async whenLive(version: string, timeout: number): Promise<StartResult | null> {
    const known = this.#live.get(version);
    if (known && (await this.#clientIds(version)).includes(known.clientId)) return known.result;
    this.#live.delete(version);
    const started = new Promise<StartResult | null>((resolve) => {
      this.#waiting.set(version, [...(this.#waiting.get(version) ?? []), resolve]);
      setTimeout(() => resolve(null), timeout);
    });
    // It may run since before this worker was started anew: then it answers.
    this.#post(version, { type: 'ping' });
    return started;
  }

  /** @returns whether all that the listeners waited for was fulfilled */
  async lifecycle(version: string, instance: string, event: 'install' | 'activate'): Promise<boolean> {
    const id = ++this.#id;
    return new Promise<boolean>((resolve) => {
      this.#expect(version, id, (message) => {
        this.#forget(version, id);
        resolve(message?.type === 'done' && message.isFulfilled);
      });
      this.#post(version, { type: 'lifecycle', instance, id, event });
    });
  }

  /** @returns null where no listener answers. @throws where the answer is a network error */
  async fetch(version: string, event: FetchToHandle): Promise<HandledFetch | null> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const live = await this.whenLive(version, restartTimeout);
      if (!live) break;
      const handled = await this.#fetchOnce(version, live.instance, event);
      if (handled !== 'stopped') return handled;
    }
    // No page has started it again: as without one.
    return null;
  }

  #fetchOnce(version: string, instance: string, event: FetchToHandle): Promise<HandledFetch | null | 'stopped'> {
    const id = ++this.#id;
    let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (given) => void (controller = given) });
    return new Promise((resolve, reject) => {
      this.#expect(version, id, (message) => {
        if (message?.type === 'chunk') return controller.enqueue(message.bytes);
        if (message?.type === 'response' && message.response?.hasBody) return resolve({ head: message.response, body });
        this.#forget(version, id);
        if (message === null) {
          resolve('stopped');
          return controller.error(new TypeError("The site's service worker was stopped."));
        }
        switch (message.type) {
          case 'response':
            return resolve(message.response && { head: message.response, body: null });
          case 'end':
            return controller.close();
          case 'failure': {
            const error = new TypeError(`The site's service worker failed to answer: ${message.message}`);
            reject(error);
            return controller.error(error);
          }
        }
      });
      this.#post(version, { type: 'fetch', instance, id, ...event });
    });
  }

  tell(version: string, snapshot: ServiceWorkerSnapshot): void {
    this.#post(version, { type: 'state', snapshot });
  }

  stop(version: string): void {
    this.#post(version, { type: 'close' });
    this.#live.delete(version);
    this.#channels.get(version)?.channel.close();
    this.#channels.delete(version);
  }

  async #clientIds(version: string): Promise<string[]> {
    const clients = await this.#clients.matchAll({ type: 'sharedworker', includeUncontrolled: true });
    return clients.flatMap(({ id, url }) => (url.includes(`/~/${hostFile}?version=${version}&`) ? id : []));
  }

  #post(version: string, message: ToWorkerScope): void {
    this.#channel(version).channel.postMessage(message);
  }

  #channel(version: string): ScopeChannel {
    let known = this.#channels.get(version);
    if (!known) {
      const channel = new BroadcastChannel(channelName(version));
      const pending: ScopeChannel['pending'] = new Map();
      channel.onmessage = ({ data }: MessageEvent<FromWorkerScope>) => pending.get(data.id)?.(data);
      known = { channel, pending };
      this.#channels.set(version, known);
    }
    return known;
  }

  /** A scope that ends before it has answered is told as null. */
  #expect(version: string, id: number, receive: (message: FromWorkerScope | null) => void): void {
    const { pending } = this.#channel(version);
    pending.set(id, receive);
    const clientId = this.#live.get(version)?.clientId ?? '';
    const look = async (): Promise<void> => {
      if (!pending.has(id)) return;
      if ((await this.#clientIds(version)).includes(clientId)) setTimeout(() => void look(), livenessInterval);
      else receive(null);
    };
    setTimeout(() => void look(), livenessInterval);
  }

  #forget(version: string, id: number): void {
    this.#channels.get(version)?.pending.delete(id);
  }
}
