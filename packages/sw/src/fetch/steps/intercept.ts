/**
 * @module
 * The steps in which listeners of the embedder look at a request and its answer, and may answer in the place of the site.
 */
import { ServiceWorkerError, errorCode } from '../../errors.js';
import type { RequestDescription } from '../../interception/interception-messages.js';
import type { AnsweredRequest, ResolvedRequest, TranslatedRequest } from '../fetch-context.js';

/** @returns null where nobody listens: then nothing is to be waited for. */
export async function describeRequest(context: ResolvedRequest, withBody: boolean): Promise<RequestDescription> {
  const { request, remoteUrl: url, initiator, requestId, load } = context;
  const hasBody = withBody && request.method !== 'GET' && request.method !== 'HEAD' && !request.bodyUsed;
  const body = hasBody ? await request.clone().blob() : null;
  return {
    requestId,
    url,
    method: request.method,
    headers: [...request.headers],
    body: body && body.size > 0 ? body : null,
    destination: request.destination,
    isNavigation: load === 'document',
    initiatorUrl: initiator.url,
  };
}

/**
 * @returns what a listener answers, as if the site had; null if none does
 * @throws ServiceWorkerError SW_INTERCEPTED
 */
export async function interceptRequest(context: TranslatedRequest): Promise<AnsweredRequest | null> {
  const { interceptors } = context.services;
  await interceptors.ready;
  if (!interceptors.has('request')) return null;
  const remote = await interceptors.request(await describeRequest(context, true));
  if (remote === null) return null;
  if (remote === 'error') throw refused(context);
  // Who may answer in a site's name need not ask it whether its answer may be read.
  return { ...context, tainting: 'basic', remote, entry: null, storing: Promise.resolve(null), isMocked: true };
}

/** @throws ServiceWorkerError SW_INTERCEPTED */
export async function interceptResponse(context: AnsweredRequest): Promise<AnsweredRequest> {
  const { services, remote, isMocked } = context;
  if (!services.interceptors.has('response')) return context;
  const answer = await services.interceptors.response(await describeRequest(context, false), remote, isMocked);
  if (answer === 'error') throw refused(context);
  if (answer === remote) return context;
  const isReplaced = answer.rawHeaders !== remote.rawHeaders;
  return isReplaced
    ? { ...context, tainting: 'basic', remote: answer, entry: null, storing: Promise.resolve(null), isMocked: true }
    : { ...context, remote: answer };
}

/** For `waitUntil`. */
export async function reportFailure(context: ResolvedRequest, error: unknown): Promise<void> {
  const { interceptors } = context.services;
  await interceptors.ready;
  if (!interceptors.has('error')) return;
  const message = error instanceof Error ? error.message : String(error);
  await interceptors.error(await describeRequest(context, false), { message, code: errorCode(error) });
}

function refused({ remoteUrl }: ResolvedRequest): ServiceWorkerError {
  return new ServiceWorkerError('SW_INTERCEPTED', `Failed to load ${remoteUrl}: a listener answered with an error.`);
}
