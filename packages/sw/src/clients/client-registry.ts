/**
 * @module
 * Who the worker's clients really are. A client's URL decodes to its real one; what a URL does not tell (the top-level
 * site, the site's referrer policy) is remembered from the response that made the client.
 */
import { decodeRoute, type UrlSettings } from '@culvert/rewriter';
import type { FromServiceWorker } from '@culvert/runtime';
import type { ReportingEndpoints } from '../security/report-endpoints.js';
import { parseHostUrl } from '../service-workers/site-worker.js';
import { siteOf } from '../site.js';
import { StoredValue, type Persistence } from '../storage/stored-value.js';

export type EmbedderPolicy = 'require-corp' | 'credentialless';

export interface ClientRecord {
  readonly id: string;
  /** The real URL that the document or worker was created with, without fragment. */
  readonly url: string;
  readonly topLevelSite: string;
  /** Is it what the user has opened, and not a frame of a proxied page? */
  readonly isTopLevel: boolean;
  /** The real URLs of the documents around it, the nearest first. */
  readonly ancestors?: readonly string[];
  /** The site's own; empty for the default. */
  readonly referrerPolicy: ReferrerPolicy;
  /** Its Cross-Origin-Embedder-Policy; absent for `unsafe-none`. */
  readonly embedderPolicy?: EmbedderPolicy;
  /** The site's content security policies for it, one each, as written. */
  readonly policies?: readonly string[];
  /** Those that only report. */
  readonly reportOnlyPolicies?: readonly string[];
  /** Is its origin opaque, by a policy of its own or the frame around it? */
  readonly isOpaque?: true;
  /** Is its frame sandboxed so, and all that it will show? */
  readonly isInSandbox?: true;
  /** What `<iframe csp>` requires of it and of all in it. */
  readonly requiredPolicy?: string;
  /** What `report-to` names. */
  readonly reportingEndpoints?: ReportingEndpoints;
  /** The document that a frame stands in, where it is known. */
  readonly embedder?: string;
  /** Of the scope that runs a site's service worker: which one. */
  readonly serviceWorker?: string;
  /** Of a document, where it is not UTF-8. */
  readonly encoding?: string;
}

export interface ProxiedWindow {
  client: WindowClient;
  record: ClientRecord;
}

const maximumRecords = 1000;
/** Milliseconds for the browser to tell of a client. Firefox never answers for a worker that waits in a synchronous request. */
const answerLimit = 500;

export class ClientRegistry {
  readonly #clients: Clients;
  readonly #settings: UrlSettings;
  readonly #records = new Map<string, ClientRecord>();
  readonly #stored: StoredValue<ClientRecord[]>;
  readonly #ready: Promise<void>;

  constructor(clients: Clients, settings: UrlSettings, persistence: Persistence<ClientRecord[]>) {
    this.#clients = clients;
    this.#settings = settings;
    this.#stored = new StoredValue(persistence, () => [...this.#records.values()]);
    this.#ready = this.#stored.load().then((records = []) => {
      for (const record of records) if (!this.#records.has(record.id)) this.#records.set(record.id, record);
    });
  }

  /** The promise is for `waitUntil`. */
  remember(record: ClientRecord): Promise<void> {
    this.#records.delete(record.id);
    this.#records.set(record.id, record);
    // Ids of closed clients never come back, and nobody says when they close: the oldest goes.
    if (this.#records.size > maximumRecords) this.#records.delete(this.#records.keys().next().value!);
    return this.#stored.save();
  }

  /** For a policy that the markup of a document holds. */
  addPolicy(id: string, policy: string): Promise<void> {
    const record = this.#records.get(id);
    return record ? this.remember({ ...record, policies: [...(record.policies ?? []), policy] }) : Promise.resolve();
  }

  noteEncoding(id: string, encoding: string): Promise<void> {
    const record = this.#records.get(id);
    return record && encoding !== 'utf-8' ? this.remember({ ...record, encoding }) : Promise.resolve();
  }

  /** Is there more than a client's URL to know it by? */
  isRemembered(id: string): boolean {
    return this.#records.has(id);
  }

  /** `null` where there is no such client, or it is none of a proxied site (a blob: worker, a srcdoc frame). */
  async find(id: string): Promise<ClientRecord | null> {
    if (id === '') return null;
    await this.#ready;
    const known = this.#records.get(id);
    if (known) return known;
    const client = await Promise.race([this.#clients.get(id), nothingAfter(answerLimit)]);
    return client ? this.#describe(client) : null;
  }

  async post(id: string, message: FromServiceWorker): Promise<void> {
    (await this.#clients.get(id))?.postMessage(message);
  }

  /** The windows that show proxied documents. */
  async proxiedWindows(): Promise<ProxiedWindow[]> {
    await this.#ready;
    const clients = await this.#clients.matchAll({ type: 'window' });
    return clients.flatMap((client) => {
      const record = this.#describe(client);
      return record ? [{ client, record }] : [];
    });
  }

  /** The windows of this origin that are no proxied documents: pages that embed the proxy. */
  async hostWindows(): Promise<WindowClient[]> {
    const clients = await this.#clients.matchAll({ type: 'window', includeUncontrolled: true });
    const scope = this.#settings.origin + this.#settings.scope;
    return clients.filter((client) => /^https?:/.test(client.url) && !client.url.startsWith(scope));
  }

  /** From its URL alone if nothing is remembered of it. */
  #describe(client: Client): ClientRecord | null {
    const known = this.#records.get(client.id);
    if (known) return known;
    const host = parseHostUrl(client.url, `${this.#settings.origin}${this.#settings.scope}~/`);
    if (host) {
      const { url, topLevelSite, version } = host;
      return { id: client.id, url, topLevelSite, isTopLevel: false, referrerPolicy: '', serviceWorker: version };
    }
    const route = decodeRoute(client.url, this.#settings);
    if (!route) return null;
    const url = withoutFragment(route.remoteUrl);
    const isTopLevel = client.frameType !== 'nested';
    return { id: client.id, url, topLevelSite: siteOf(url), isTopLevel, referrerPolicy: '' };
  }
}

function nothingAfter(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

export function withoutFragment(url: string): string {
  const hash = url.indexOf('#');
  return hash === -1 ? url : url.slice(0, hash);
}
