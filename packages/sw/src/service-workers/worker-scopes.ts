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
const livenessInterval = 1000;

interface ScopeChannel {
  channel: BroadcastChannel;
  pending: Map<number, (message: FromWorkerScope) => void>;
}

export interface StartResult {
  error: string | null;
  handlesFetch: boolean;
}

export class WorkerScopes {
  readonly #clients: Pick<Clients, 'matchAll'>;
  readonly #channels = new Map<string, ScopeChannel>();
  readonly #live = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #waiting = new Map<string, ((result: StartResult | null) => void)[]>();
  #id = 0;

  constructor(clients: Pick<Clients, 'matchAll'>) {
    this.#clients = clients;
  }

  /** A scope says that its script has run. */
  started(version: string, result: StartResult): void {
    if (result.error === null) this.#live.add(version);
    else this.#failed.add(version);
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
    const clients = await this.#clients.matchAll({ type: 'sharedworker', includeUncontrolled: true });
    const found = clients.some(({ url }) => url.includes(`/~/${hostFile}?version=${version}&`));
    if (!found) this.#live.delete(version);
    return found;
  }

  /** @returns null if it does not come in time. */
  async whenLive(version: string, timeout: number): Promise<StartResult | null> {
    if ((await this.exists(version)) && this.#live.has(version)) return { error: null, handlesFetch: true };
    const started = new Promise<StartResult | null>((resolve) => {
      this.#waiting.set(version, [...(this.#waiting.get(version) ?? []), resolve]);
      setTimeout(() => resolve(null), timeout);
    });
    // It may run since before this worker was started anew: then it answers.
    this.#post(version, { type: 'ping' });
    return started;
  }

  async lifecycle(version: string, event: 'install' | 'activate'): Promise<boolean> {
    const id = ++this.#id;
    return new Promise<boolean>((resolve) => {
      this.#expect(version, id, (message) => {
        this.#forget(version, id);
        resolve(message.type === 'done' && message.isFulfilled);
      });
      this.#post(version, { type: 'lifecycle', id, event });
    });
  }

  /** @returns null where no listener answers. @throws where the answer is a network error */
  async fetch(
    version: string,
    event: { request: HandledRequest; clientId: string; resultingClientId: string },
  ): Promise<{ head: HandledResponse; body: ReadableStream<Uint8Array<ArrayBuffer>> | null } | null> {
    const id = ++this.#id;
    let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (given) => void (controller = given) });
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        this.#forget(version, id);
        reject(error);
        controller.error(error);
      };
      this.#expect(version, id, (message) => {
        switch (message.type) {
          case 'response': {
            const { response } = message;
            if (!response?.hasBody) this.#forget(version, id);
            return resolve(response && { head: response, body: response.hasBody ? body : null });
          }
          case 'chunk':
            return controller.enqueue(message.bytes);
          case 'end':
            this.#forget(version, id);
            return controller.close();
          case 'failure':
            return fail(new TypeError(`The site's service worker failed to answer: ${message.message}`));
        }
      });
      this.#post(version, { type: 'fetch', id, ...event });
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

  #post(version: string, message: ToWorkerScope): void {
    this.#channel(version).channel.postMessage(message);
  }

  #channel(version: string): ScopeChannel {
    let known = this.#channels.get(version);
    if (!known) {
      const channel = new BroadcastChannel(channelName(version));
      const pending: ScopeChannel['pending'] = new Map();
      channel.onmessage = ({ data }: MessageEvent<FromWorkerScope>) => {
        if (data.type === 'pong') this.started(version, { error: null, handlesFetch: true });
        else pending.get(data.id)?.(data);
      };
      known = { channel, pending };
      this.#channels.set(version, known);
    }
    return known;
  }

  /** A scope that ends before it has answered fails what it owes. */
  #expect(version: string, id: number, receive: (message: FromWorkerScope) => void): void {
    const { pending } = this.#channel(version);
    pending.set(id, receive);
    const look = async (): Promise<void> => {
      if (!pending.has(id)) return;
      if (await this.exists(version)) setTimeout(() => void look(), livenessInterval);
      else receive({ type: 'failure', id, message: 'it was stopped' });
    };
    setTimeout(() => void look(), livenessInterval);
  }

  #forget(version: string, id: number): void {
    this.#channels.get(version)?.pending.delete(id);
  }
}
