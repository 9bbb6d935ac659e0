/**
 * @module
 * Before step 4: the site's own service worker, if one controls who asks, may answer in the place of the site.
 *
 * @see https://w3c.github.io/ServiceWorker/#handle-fetch
 */
import type { BareResponse } from '@culvert/bare-client';
import type { HandledRequest } from '@culvert/runtime';
import { ServiceWorkerError } from '../../errors.js';
import type { SiteRegistration } from '../../service-workers/site-worker.js';
import { wakingPage } from '../../service-workers/waking-page.js';
import type { AnsweredRequest, TranslatedRequest } from '../fetch-context.js';

/** For a page that loads to start its worker, in milliseconds; then the network answers. */
const startTimeout = 10_000;

/** @returns a Response to give as it is; `null` if the network is to answer. @throws ServiceWorkerError SW_SITE_WORKER_FAILED */
export async function askServiceWorker(context: TranslatedRequest): Promise<AnsweredRequest | Response | null> {
  const { serviceWorkers } = context.services;
  await serviceWorkers.store.ready;
  if (serviceWorkers.store.isEmpty) return null;
  const version = context.initiator.record?.serviceWorker;
  if (version !== undefined) return context.load === 'script' ? ownScript(context, version) : null;
  const registration = await controllingRegistration(context);
  const worker = registration?.active;
  if (!registration || !worker) return null;

  const { event, request, load, remoteUrl, topLevelSite, isTopLevel, ancestors, services } = context;
  const isNavigation = load === 'document';
  if (worker.handlesFetch && isNavigation && !(await serviceWorkers.scopes.exists(worker.id))) {
    if (request.method === 'GET' && !serviceWorkers.scopes.hasFailed(worker.id)) {
      const id = event.resultingClientId;
      event.waitUntil(
        services.clients.remember({ id, url: remoteUrl, topLevelSite, isTopLevel, ancestors, referrerPolicy: '' }),
      );
      return wakingPage(registration, worker, serviceWorkers.directory);
    }
  }
  if (isNavigation || load === 'worker' || load === 'sharedworker') {
    serviceWorkers.store.control(event.resultingClientId, registration);
    event.waitUntil(serviceWorkers.store.save());
    event.waitUntil(serviceWorkers.jobs.softUpdate(registration, (work) => event.waitUntil(work)));
  }
  if (!worker.handlesFetch || !(await serviceWorkers.scopes.whenLive(worker.id, startTimeout))) return null;
  await serviceWorkers.jobs.whenActivated(worker.id);
  return dispatch(context, worker.id);
}

/** https://w3c.github.io/ServiceWorker/#importscripts: a worker that is installed runs what it was installed with. */
async function ownScript(context: TranslatedRequest, version: string): Promise<AnsweredRequest | null> {
  const { serviceWorkers } = context.services;
  const kept = await serviceWorkers.scripts.find(version, context.remoteUrl);
  if (kept) return answered(context, kept);
  const phase = serviceWorkers.store.byWorker(version)?.worker.phase;
  if (phase === 'parsed' || phase === 'installing') return null;
  throw new ServiceWorkerError(
    'SW_SITE_WORKER_FAILED',
    `Failed to import ${context.remoteUrl}: the service worker has not imported it when it was installed.`,
  );
}

/** What a service worker imports while it is installed is kept with it. */
export async function keepServiceWorkerScript(context: AnsweredRequest): Promise<void> {
  const { initiator, load, remote, remoteUrl, services } = context;
  const version = initiator.record?.serviceWorker;
  if (version === undefined || load !== 'script' || !remote.ok) return;
  const bytes = new Uint8Array(await remote.clone().arrayBuffer());
  await services.serviceWorkers.scripts.put(version, remoteUrl, bytes, remote.headers.get('content-type') ?? '');
}

async function controllingRegistration(context: TranslatedRequest): Promise<SiteRegistration | null> {
  const { services, event, load, remoteUrl, topLevelSite } = context;
  const { store, jobs } = services.serviceWorkers;
  if (load !== 'document' && load !== 'worker' && load !== 'sharedworker') return store.controllerOf(event.clientId);
  const registration = store.match(remoteUrl, topLevelSite);
  // With no page left that the old worker controls, the new one takes its place.
  if (registration?.waiting && !(await store.isControlling(registration))) {
    event.waitUntil(jobs.activate(registration));
  }
  return registration;
}

async function dispatch(context: TranslatedRequest, version: string): Promise<AnsweredRequest | null> {
  const { services, event, request } = context;
  const { clientId, resultingClientId } = event;
  const isNavigation = context.load === 'document';
  const handled = await describeRequest(context);
  let answer: Awaited<ReturnType<typeof services.serviceWorkers.scopes.fetch>>;
  try {
    answer = await services.serviceWorkers.scopes.fetch(version, {
      request: handled,
      clientId: isNavigation ? '' : clientId,
      resultingClientId,
    });
  } catch (error) {
    throw new ServiceWorkerError('SW_SITE_WORKER_FAILED', `Failed to load ${context.remoteUrl}: ${String(error)}`, {
      cause: error,
    });
  }
  if (!answer) return null;
  const { status, statusText, headers, url, type } = answer.head;
  // The worker has only seen that it is a redirect: whoever asked is to follow it.
  if (type === 'opaqueredirect') return null;
  if (type === 'opaque') {
    if (request.mode === 'no-cors' && answer.body === null) return null;
    if (request.mode !== 'no-cors') {
      const message = `Failed to load ${context.remoteUrl}: its service worker has answered with an opaque response to a request with CORS.`;
      throw new ServiceWorkerError('SW_SITE_WORKER_FAILED', message);
    }
  }
  const response = new Response(answer.body, { status: type === 'opaque' ? 200 : status, statusText, headers });
  return answered(context, Object.assign(response, { rawHeaders: headers, finalUrl: url || context.remoteUrl }));
}

function answered(context: TranslatedRequest, remote: BareResponse): AnsweredRequest {
  return { ...context, tainting: 'basic', isMocked: false, remote, entry: null, storing: Promise.resolve(null) };
}

async function describeRequest({
  request,
  remoteUrl,
  load,
  isTopLevel,
  referrer,
}: TranslatedRequest): Promise<HandledRequest> {
  const { method, headers, mode, credentials, cache, redirect, integrity, keepalive } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return {
    url: remoteUrl,
    method,
    headers: [...headers],
    body: hasBody ? await request.clone().blob() : null,
    mode,
    destination: load === 'document' && isTopLevel ? 'document' : request.destination,
    credentials,
    cache,
    redirect: load === 'document' ? 'manual' : redirect,
    referrer,
    integrity,
    keepalive,
    isReload: cache === 'no-cache' && load === 'document',
  };
}
