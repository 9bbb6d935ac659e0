/**
 * @module
 * Keeps the copies that documents have of their cookies true. A response that sets a cookie is held back until the
 * documents that can see it know: a script that has awaited `fetch` may read `document.cookie` in the next line.
 */
import type { Cookie } from '@culvert/cookies';
import type { FromServiceWorker } from '@culvert/runtime';
import type { ClientRecord, ClientRegistry } from '../clients/client-registry.js';
import { siteOf } from '../site.js';
import type { CookieStore } from './cookie-store.js';

export interface AnnounceOptions {
  /** A client that knows already. */
  except?: string;
  /** A client that is told even if nothing changed. */
  always?: string;
}

export class CookieBroadcast {
  readonly #clients: ClientRegistry;
  readonly #cookies: CookieStore;
  readonly #timeout: number;
  /** What each client was last told, as a key to compare by. */
  readonly #told = new Map<string, string>();
  /** What has been sent and not acknowledged, however long ago. */
  readonly #unseen = new Map<number, { clientId: string; resolve: () => void }>();
  #lastId = 0;

  /** @param timeout how long an answer waits for a page that is busy, in milliseconds. */
  constructor(clients: ClientRegistry, cookies: CookieStore, timeout = 100) {
    this.#clients = clients;
    this.#cookies = cookies;
    this.#timeout = timeout;
  }

  /** The cookies that `document.cookie` may see in this client. */
  visibleTo(record: Pick<ClientRecord, 'url' | 'topLevelSite'>): Cookie[] {
    if (!/^https?:/.test(record.url)) return [];
    const sameSite = siteOf(record.url) === record.topLevelSite ? 'strict' : 'cross';
    return this.#cookies.jar.cookiesFor(record.url, { http: false, sameSite, partition: record.topLevelSite });
  }

  /** Notes what a new document was given with its boot data. */
  noteInitial(clientId: string, cookies: Cookie[]): void {
    this.#told.set(clientId, keyOf(cookies));
  }

  /** Sends each window whose cookies have changed its new list; settled when all have seen it, or the time is over. */
  async announce({ except, always }: AnnounceOptions = {}): Promise<void> {
    const windows = await this.#clients.proxiedWindows();
    this.#forgetOthers(windows.map(({ client }) => client.id));
    const acknowledgements: Promise<void>[] = [];
    for (const { client, record } of windows) {
      const cookies = this.visibleTo(record);
      const key = keyOf(cookies);
      const known = this.#told.get(client.id);
      this.#told.set(client.id, key);
      // Who set a cookie itself knows it, unless a list that does not have it yet is still on its way there.
      if (client.id === except && !this.#hasUnseen(except)) continue;
      if (key === known && client.id !== always && client.id !== except) continue;
      acknowledgements.push(this.#tell(client, { site: record.topLevelSite, cookies }));
    }
    await Promise.all(acknowledgements);
  }

  acknowledge(id: number): void {
    this.#unseen.get(id)?.resolve();
    this.#unseen.delete(id);
  }

  async #tell(client: Client, content: { site: string; cookies: Cookie[] }): Promise<void> {
    const id = ++this.#lastId;
    const message: FromServiceWorker = { culvert: 'cookies', id, ...content };
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#timeout);
      const settle = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#unseen.set(id, { clientId: client.id, resolve: settle });
      client.postMessage(message);
    });
  }

  #hasUnseen(clientId: string): boolean {
    return [...this.#unseen.values()].some((sent) => sent.clientId === clientId);
  }

  #forgetOthers(live: string[]): void {
    const ids = new Set(live);
    for (const [id, { clientId }] of this.#unseen) if (!ids.has(clientId)) this.#unseen.delete(id);
    // A new document is told of by `noteInitial` before it is a client.
    if (this.#told.size <= live.length * 2 + 100) return;
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id);
  }
}

/** Times of use are not seen by a page. */
function keyOf(cookies: Cookie[]): string {
  return JSON.stringify(cookies.map(({ accessed: _accessed, ...cookie }) => cookie));
}
