/**
 * @module
 * A worker without a browser: real steps and a real jar around a Bare client that answers what a test says.
 */
import type { BareFetchInit, BareResponse, HeaderPair } from '@culvert/bare-client';
import type { NavigationProgress } from '@culvert/runtime';
import { SignIns } from '../authentication/authentication.js';
import { HttpCredentials } from '../authentication/http-credentials.js';
import { HttpCache, type HttpCacheOptions, type ResponseStore } from '../cache/http-cache.js';
import { ClientRegistry, type ClientRecord } from '../clients/client-registry.js';
import { RealmTokens } from '../clients/realm-tokens.js';
import { resolveConfig, type ServiceWorkerOptions } from '../config.js';
import { CookieBroadcast } from '../cookies/cookie-broadcast.js';
import { CookieStore } from '../cookies/cookie-store.js';
import type { StoredRegistrations } from '../service-workers/registration-store.js';
import { ServiceWorkers } from '../service-workers/service-workers.js';
import { PolicyReports } from '../security/policy-reports.js';
import { StrictTransport } from '../security/strict-transport.js';
import { SiteStorage, type SiteStorageOptions } from '../storage/site-storage.js';
import type { Persistence } from '../storage/stored-value.js';
import type { FetchEventLike, Services } from './fetch-context.js';
import { Interceptors } from '../interception/interceptors.js';
import { Subscribers, type SubscribersOptions } from '../interception/subscribers.js';
import { EventIds } from './body/event-ids.js';
import { NotedIntegrity } from './body/noted-integrity.js';
import { RewrittenScripts } from './body/rewritten-scripts.js';
import { PreflightCache } from './cors/preflight-cache.js';
import { RedirectChains } from './redirect-chains.js';

export const origin = 'http://localhost:8080';

export function route(remoteUrl: string, asset = 'html'): string {
  return `${origin}/service/${asset}/${encodeURIComponent(remoteUrl)}`;
}

export interface Answer {
  status?: number;
  statusText?: string;
  headers?: HeaderPair[];
  body?: BodyInit | null;
}

export interface Sent {
  url: string;
  init: BareFetchInit;
  headers: HeaderPair[];
}

export function bareResponse({ status = 200, statusText = '', headers = [], body = '' }: Answer): BareResponse {
  const isConstructible = status >= 200 && status <= 599;
  const isNullBody = [204, 205, 304].includes(status);
  const response = new Response(isNullBody ? null : body, { status: isConstructible ? status : 200, statusText });
  if (!isConstructible) Object.defineProperty(response, 'status', { value: status });
  return Object.assign(response, { rawHeaders: headers, finalUrl: '' });
}

export interface FakeClient {
  id: string;
  url: string;
  frameType?: FrameType;
  type?: ClientTypes;
  postMessage?(message: unknown): void;
}

export interface TestWorker {
  services: Services;
  sent: Sent[];
  progress: Omit<NavigationProgress, 'culvert'>[];
  subscribers: Subscribers;
  /** The open clients; a test changes them. */
  clients: FakeClient[];
}

export interface TestWorkerOptions extends Partial<ServiceWorkerOptions> {
  answer?: Answer | ((sent: Sent) => Answer | Promise<Answer>);
  clients?: FakeClient[];
  /** What an earlier run of the worker remembered of clients. */
  records?: Persistence<ClientRecord[]>;
  cache?: Partial<HttpCacheOptions>;
  subscribers?: Partial<SubscribersOptions>;
  siteStorage?: Partial<SiteStorageOptions>;
  registrations?: Persistence<StoredRegistrations>;
}

const noPersistence = { load: async () => undefined, save: async () => {} };

/** A Cache that a test can look into. */
export function memoryStore(entries = new Map<string, Response>()): ResponseStore {
  return {
    match: async (key) => entries.get(key)?.clone(),
    put: async (key, response) => void entries.set(key, response),
    delete: async (key) => entries.delete(key),
  };
}

export function createTestWorker({ answer = {}, clients = [], ...options }: TestWorkerOptions = {}): TestWorker {
  const runtimeSource = 'function culvert(data){boot(data)}';
  const rewritersSource = 'function rewriters(){parsers}';
  const serviceWorkersSource = 'function serviceWorkers(){}';
  const config = resolveConfig(
    { runtimeSource, rewritersSource, serviceWorkersSource, build: 'test', ...options },
    `${origin}/culvert.sw.js`,
  );
  const open: FakeClient[] = clients.map((client) => ({
    frameType: 'top-level',
    type: 'window',
    postMessage: () => {},
    ...client,
  }));
  const fakeClients = {
    get: async (id: string) => open.find((client) => client.id === id),
    matchAll: async ({ type, includeUncontrolled = false }: ClientQueryOptions) =>
      open.filter(
        (client) => client.type === type && (includeUncontrolled || client.url.startsWith(`${origin}/service/`)),
      ),
  } as unknown as Clients;
  const sent: Sent[] = [];
  const progress: Omit<NavigationProgress, 'culvert'>[] = [];
  const registry = new ClientRegistry(fakeClients, config.settings, options.records ?? noPersistence);
  const cookies = new CookieStore({
    persistence: noPersistence,
    partitioning: config.thirdPartyCookies === 'partitioned' ? 'all' : 'attribute',
    delay: 0,
  });
  const credentials = new HttpCredentials(noPersistence, { delay: 0 });
  const subscribers = new Subscribers({
    get: async () => undefined,
    persistence: noPersistence,
    scope: config.settings.scope,
    delay: 0,
    ...options.subscribers,
  });
  const services: Services = {
    config,
    transports: { usesTransport: async () => false, socketChannel: async () => null },
    bare: {
      fetch: async (url, init) => {
        const request = { url, init, headers: (init.headers ?? []) as HeaderPair[] };
        sent.push(request);
        init.signal?.throwIfAborted();
        return bareResponse(await (typeof answer === 'function' ? answer(request) : answer));
      },
    },
    cookies,
    credentials,
    signIns: new SignIns(credentials),
    broadcast: new CookieBroadcast(registry, cookies, 20),
    clients: registry,
    redirects: new RedirectChains(),
    tokens: new RealmTokens(noPersistence, { delay: 0 }),
    preflights: new PreflightCache(),
    cache: new HttpCache({
      open: async () => memoryStore(),
      usage: noPersistence,
      delay: 0,
      writeDelay: 0,
      ...options.cache,
    }),
    integrity: new NotedIntegrity(),
    eventIds: new EventIds(),
    rewrittenScripts: new RewrittenScripts(),
    siteStorage: new SiteStorage({
      databases: { deleteDatabase: () => ({}) as IDBOpenDBRequest },
      caches: { keys: async () => [], delete: async () => false },
      clients: registry,
      ...options.siteStorage,
    }),
    interceptors: new Interceptors(config.on, subscribers),
    strictTransport: new StrictTransport(noPersistence, { delay: 0 }),
    policyReports: new PolicyReports(() => services),
    serviceWorkers: new ServiceWorkers({
      clients: fakeClients,
      registry,
      directory: `${origin}/service/~/`,
      persistence: options.registrations ?? noPersistence,
      openScripts: async () => ({ ...memoryStore(), keys: async () => [] }) as never,
      services: () => services,
    }),
    progress: async (message) => void progress.push(message),
    browser: { userAgent: 'Test/1.0', languages: ['en-GB', 'de'] },
  };
  return { services, sent, progress, subscribers, clients: open };
}

export interface RequestOptions extends RequestInit {
  destination?: RequestDestination;
  /** `Request` refuses to be made with `navigate`, and forgets foreign referrers. */
  mode?: RequestMode;
  clientId?: string;
  resultingClientId?: string;
}

export interface TestEvent extends FetchEventLike {
  work: Promise<unknown>[];
}

export function fetchEvent(url: string, options: RequestOptions = {}): TestEvent {
  const { destination = '', mode = 'no-cors', referrer = '', clientId = '', resultingClientId = '', ...init } = options;
  // A request with `only-if-cached` can be made for an own origin alone, of which there is none here.
  const { cache = 'default', ...constructible } = init;
  const request = new Request(url, constructible);
  const overridden = { destination, mode, referrer, cache, credentials: init.credentials ?? 'include' };
  for (const [name, value] of Object.entries(overridden)) Object.defineProperty(request, name, { value });
  const work: Promise<unknown>[] = [];
  return { request, clientId, resultingClientId, work, waitUntil: (promise) => void work.push(promise) };
}

export function navigation(remoteUrl: string, options: RequestOptions = {}): TestEvent {
  return fetchEvent(route(remoteUrl), {
    mode: 'navigate',
    destination: 'document',
    resultingClientId: 'new',
    ...options,
  });
}

export function headerOf(sent: Sent | undefined, name: string): string | undefined {
  return sent?.headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}
