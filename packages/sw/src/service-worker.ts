/**
 * @module
 * The listeners of the service worker, and what they are wired to.
 */
import { SignIns } from './authentication/authentication.js';
import { HttpCredentials } from './authentication/http-credentials.js';
import { HttpCache } from './cache/http-cache.js';
import { ClientChannel } from './clients/client-channel.js';
import { ClientRegistry } from './clients/client-registry.js';
import { HttpSocketBridge } from './clients/http-socket-bridge.js';
import { RealmTokens } from './clients/realm-tokens.js';
import { createProgressReporter } from './clients/navigation-progress.js';
import { resolveConfig, type ServiceWorkerOptions } from './config.js';
import { isSameBrowserSession, type SessionMarkStore } from './cookies/browser-session.js';
import { CookieBroadcast } from './cookies/cookie-broadcast.js';
import { CookieStore } from './cookies/cookie-store.js';
import type { Services } from './fetch/fetch-context.js';
import { EventIds } from './fetch/body/event-ids.js';
import { NotedIntegrity } from './fetch/body/noted-integrity.js';
import { RewrittenScripts } from './fetch/body/rewritten-scripts.js';
import { PreflightCache } from './fetch/cors/preflight-cache.js';
import { RedirectChains } from './fetch/redirect-chains.js';
import { isSubscriptionRequest } from './interception/interception-messages.js';
import { Interceptors } from './interception/interceptors.js';
import { Subscribers } from './interception/subscribers.js';
import { Router } from './routing/router.js';
import { ownFilesRoute } from './routing/routes/own-files.js';
import { proxiedResourceRoute } from './routing/routes/proxied-resource.js';
import { ServiceWorkers } from './service-workers/service-workers.js';
import { runtimeRequestRoute } from './routing/routes/runtime-request.js';
import { PolicyReports } from './security/policy-reports.js';
import { StrictTransport } from './security/strict-transport.js';
import { indexedDbPersistence } from './storage/stored-value.js';
import { answerTransportRequest } from './transports/answer-transport-request.js';
import { isTransportRequest } from './transports/transport-message.js';
import { SiteStorage } from './storage/site-storage.js';
import { TransportSwitch } from './transports/transport-switch.js';
import { version, type VersionAnswer, type VersionQuestion } from './version.js';

/**
 * Makes the running worker the proxy. Must be called while its script is first evaluated.
 *
 * @example
 * importScripts('/culvert.runtime.js');
 * const { culvertRuntime } = self;
 * startServiceWorker({
 *   runtimeSource: culvertRuntime.toString(),
 *   rewritersSource: culvertRuntime.rewriters.toString(),
 *   serviceWorkersSource: culvertRuntime.serviceWorkers.toString(),
 * });
 */
export function startServiceWorker(options: ServiceWorkerOptions): void {
  const worker = self as unknown as ServiceWorkerGlobalScope;
  const { pathname: scope } = new URL(worker.registration.scope);
  const config = resolveConfig({ scope, ...options }, worker.location.href, worker.navigator.userAgent);
  const clients = new ClientRegistry(worker.clients, config.settings, indexedDbPersistence('clients'));
  let sameSession: Promise<boolean> | undefined;
  const isSameSession = () =>
    (sameSession ??= isSameBrowserSession((worker as { cookieStore?: SessionMarkStore }).cookieStore));
  const credentials = new HttpCredentials(indexedDbPersistence('http-credentials'), { delay: 0, isSameSession });
  const cookies = new CookieStore({
    persistence: indexedDbPersistence('cookies'),
    partitioning: config.thirdPartyCookies === 'partitioned' ? 'all' : 'attribute',
    isSameSession,
  });
  const broadcast = new CookieBroadcast(clients, cookies);
  const transports = new TransportSwitch(config, indexedDbPersistence('transport'));
  const subscribers = new Subscribers({
    get: (id) => worker.clients.get(id),
    persistence: indexedDbPersistence('subscriptions'),
    scope,
    limits: config.interceptionLimits,
    delay: 0,
  });
  const services: Services = {
    config,
    bare: transports,
    transports,
    cookies,
    credentials,
    signIns: new SignIns(credentials),
    broadcast,
    clients,
    redirects: new RedirectChains(),
    tokens: new RealmTokens(indexedDbPersistence('realm-key'), { delay: 0 }),
    preflights: new PreflightCache(),
    cache: new HttpCache({
      open: () => worker.caches.open('culvert-http'),
      usage: indexedDbPersistence('http-cache'),
      limits: config.cacheLimits,
      delay: 1000,
    }),
    integrity: new NotedIntegrity(),
    eventIds: new EventIds(),
    rewrittenScripts: new RewrittenScripts(),
    siteStorage: new SiteStorage({ databases: databasesOf(worker), caches: worker.caches, clients }),
    interceptors: new Interceptors(config.on, subscribers),
    strictTransport: new StrictTransport(indexedDbPersistence('strict-transport')),
    policyReports: new PolicyReports(() => services),
    serviceWorkers: new ServiceWorkers({
      clients: worker.clients,
      registry: clients,
      directory: `${config.settings.origin}${config.settings.scope}~/`,
      persistence: indexedDbPersistence('service-workers'),
      openScripts: () => worker.caches.open('culvert-service-workers'),
      services: () => services,
    }),
    progress: createProgressReporter(clients),
    browser: worker.navigator,
  };
  const channel = new ClientChannel(services);
  const router = new Router([
    ownFilesRoute(services, channel, new HttpSocketBridge(config, clients)),
    runtimeRequestRoute(services),
    proxiedResourceRoute(services),
  ]);

  worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
  worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
  worker.addEventListener('fetch', (event) => {
    const response = router.route(event);
    if (response) event.respondWith(response);
  });
  worker.addEventListener('message', (event) => {
    if (isVersionQuestion(event.data))
      event.ports[0]?.postMessage({ culvert: 'version', version } satisfies VersionAnswer);
    else if (isTransportRequest(event.data)) event.waitUntil(answerTransportRequest(event, transports, scope));
    else if (isSubscriptionRequest(event.data)) event.waitUntil(subscribers.subscribe(event));
    else event.waitUntil(channel.receive(event));
  });
}

/** The property throws where the user has turned site data off: then there is nothing to clear, and the rest goes on in memory. */
function databasesOf(worker: ServiceWorkerGlobalScope): IDBFactory | null {
  try {
    return worker.indexedDB;
  } catch (error) {
    console.warn('culvert: IndexedDB is off, so that cookies and the like last as long as the worker runs:', error);
    return null;
  }
}

function isVersionQuestion(data: unknown): data is VersionQuestion {
  return (data as Partial<VersionQuestion> | null)?.culvert === 'version';
}
