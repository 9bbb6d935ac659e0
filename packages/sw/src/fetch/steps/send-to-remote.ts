/**
 * @module
 * Step 4: the request goes out, redirects not followed, by way of the HTTP cache and through the Bare client.
 */
import type { BareResponse, HeaderPair } from '@culvert/bare-client';
import { ServiceWorkerError } from '../../errors.js';
import { withWholeBody, type RemoteResponse } from '../body/whole-body.js';
import type { AnsweredRequest, TranslatedRequest } from '../fetch-context.js';
import { fetchCached } from './fetch-cached.js';

/** For a navigation somebody waits; a `fetch` may be a poll that is meant to take long. */
const navigationTimeout = 120_000;

/** @throws BareError, ServiceWorkerError; the signal's reason if the page gave up. */
export async function sendToRemote(context: TranslatedRequest): Promise<AnsweredRequest> {
  const { request, remoteUrl, services, load } = context;
  if (remoteUrl.startsWith('data:'))
    return {
      ...context,
      remote: await readDataUrl(remoteUrl),
      isMocked: false,
      entry: null,
      storing: Promise.resolve(null),
    };
  const body = await readBody(request);
  const timeLimit = load === 'document' ? startTimeLimit(request.signal, remoteUrl) : null;
  const send = async (headers: HeaderPair[]): Promise<RemoteResponse> => {
    const remote = await services.bare.fetch(remoteUrl, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: timeLimit?.signal ?? request.signal,
      priority: priorityOf(request.destination),
      ...(body && { body }),
    });
    if (remote.status >= 200 && remote.status <= 999) return withWholeBody(withShownStatus(remote), context);
    await remote.body?.cancel();
    const message = `Failed to load ${remoteUrl}: it answered with the status ${remote.status}, which a browser cannot show.`;
    throw new ServiceWorkerError('SW_INVALID_STATUS', message);
  };
  try {
    return { ...context, isMocked: false, ...(await fetchCached(context, send)) };
  } finally {
    // The body may take as long as it likes.
    timeLimit?.stop();
  }
}

/**
 * The browser's own network process lets what a page cannot be shown without go first. To it these are all fetches of a worker, and few
 * connections lead to a Bare server.
 */
function priorityOf(destination: RequestDestination): RequestPriority {
  if (destination === 'image' || destination === 'audio' || destination === 'video') return 'low';
  return destination === 'style' || destination === 'font' || destination === 'document' ? 'high' : 'auto';
}

/** The last that a Response can have. Browsers show a page of any, and sites that want no robots answer with 999. */
const highestStatus = 599;

function withShownStatus(remote: BareResponse): BareResponse {
  if (remote.status <= highestStatus) return remote;
  const { body, statusText, headers, rawHeaders, finalUrl } = remote;
  const shown = new Response(body, { status: highestStatus, statusText, headers });
  return Object.assign(shown, { rawHeaders, finalUrl });
}

/** What a data: URL holds, as if a site had sent it. Nothing leaves the browser. */
async function readDataUrl(url: string): Promise<BareResponse> {
  const response = await fetch(url);
  return Object.assign(response, { rawHeaders: [...response.headers], finalUrl: url });
}

/**
 * Bodies are collected first: a browser streams an upload over HTTP/2 alone. The type is dropped because the header that the
 * page set says it already, with its boundary.
 */
async function readBody(request: Request): Promise<Blob | null> {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const blob = await request.blob();
  return blob.size === 0 ? null : blob.slice(0, blob.size, '');
}

function startTimeLimit(pageSignal: AbortSignal, remoteUrl: string): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const giveUp = () => controller.abort(pageSignal.reason);
  pageSignal.addEventListener('abort', giveUp, { once: true });
  if (pageSignal.aborted) giveUp();
  const timer = setTimeout(() => {
    const message = `Failed to load ${remoteUrl}: nothing came back in ${navigationTimeout / 1000} s.`;
    controller.abort(new ServiceWorkerError('SW_TIMEOUT', message));
  }, navigationTimeout);
  // The page's signal stays connected: it stops the body too.
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
