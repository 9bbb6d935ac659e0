/**
 * @module `clients`: the pages of the site as its service worker sees them, by real URLs.
 *
 * @see https://w3c.github.io/ServiceWorker/#clients-interface
 */
import type { Realm } from '../../realm/realm.js';
import type { ClientDescription, ServiceWorkerReply, ServiceWorkerRequest } from '../messages.js';
import { defineInterface, internal, requireInternal } from './define-interface.js';

export type AskWorker = (request: ServiceWorkerRequest) => Promise<Exclude<ServiceWorkerReply, { error: unknown }>>;

export interface ScopeClients {
  readonly clients: object;
  create(description: ClientDescription): object;
}

export function createClients(
  realm: Realm,
  version: string,
  ask: AskWorker,
  post: (clientId: string, data: unknown, transfer: Transferable[]) => void,
): ScopeClients {
  const global = realm.global as typeof globalThis;
  const { TypeError } = global;
  const descriptions = new WeakMap<object, ClientDescription>();
  const describe = (client: object): ClientDescription => {
    const description = descriptions.get(client);
    if (!description) throw new TypeError('Illegal invocation');
    return description;
  };

  class Client {
    constructor(token: unknown, description?: ClientDescription) {
      requireInternal(realm, token);
      descriptions.set(this, description!);
    }
    get url(): string {
      return describe(this).url;
    }
    get frameType(): string {
      return describe(this).frameType;
    }
    get id(): string {
      return describe(this).id;
    }
    get type(): string {
      return describe(this).type;
    }
    postMessage(data: unknown, options?: Transferable[] | StructuredSerializeOptions): void {
      const transfer = options && Symbol.iterator in options ? [...options] : (options?.transfer ?? []);
      post(describe(this).id, data, transfer);
    }
  }

  class WindowClient extends Client {
    get visibilityState(): string {
      return describe(this).visibilityState;
    }
    get focused(): boolean {
      return describe(this).focused;
    }
    get ancestorOrigins(): readonly string[] {
      return Object.freeze([]);
    }
    async focus(): Promise<object> {
      const reply = await ask({ op: 'focus-client', version, id: describe(this).id });
      return first(reply) ?? this;
    }
    async navigate(url: string): Promise<object | null> {
      const resolved = realm.urls.resolve(`${url}`);
      if (resolved === null)
        throw new TypeError(`Failed to execute 'navigate' on 'WindowClient': '${url}' is not a valid URL.`);
      return first(await ask({ op: 'navigate-client', version, id: describe(this).id, url: resolved }));
    }
  }

  const create = (description: ClientDescription): object =>
    new (description.type === 'window' ? WindowClient : Client)(internal, description);
  const first = (reply: Awaited<ReturnType<AskWorker>>): object | null =>
    'clients' in reply && reply.clients[0] ? create(reply.clients[0]) : null;

  class Clients {
    constructor(token?: unknown) {
      requireInternal(realm, token);
    }
    async get(id: string): Promise<object | undefined> {
      return first(await ask({ op: 'client', version, id: `${id}` })) ?? undefined;
    }
    async matchAll(options: ClientQueryOptions = {}): Promise<readonly object[]> {
      const { type = 'window', includeUncontrolled = false } = options;
      const reply = await ask({ op: 'clients', version, type, includeUncontrolled: Boolean(includeUncontrolled) });
      return Object.freeze('clients' in reply ? reply.clients.map(create) : []);
    }
    async openWindow(url: string): Promise<object | null> {
      const resolved = realm.urls.resolve(`${url}`);
      if (resolved === null)
        throw new TypeError(`Failed to execute 'openWindow' on 'Clients': '${url}' is not a valid URL.`);
      return first(await ask({ op: 'open-window', version, url: resolved }));
    }
    async claim(): Promise<void> {
      await ask({ op: 'claim', version });
    }
  }
  for (const [name, definition] of Object.entries({ Client, WindowClient, Clients }))
    defineInterface(realm, name, definition);
  return { clients: new Clients(internal), create };
}
