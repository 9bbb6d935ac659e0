/**
 * @module
 * The CORS check of an answer, redirects included; and what is checked of an answer that needs none.
 *
 * @see https://fetch.spec.whatwg.org/#http-fetch step 5
 */
import { corsCheck } from '@culvert/runtime';
import { ServiceWorkerError } from '../../errors.js';
import { originHeader } from '../../headers/fetch-metadata.js';
import { headerValue } from '../../headers/header-list.js';
import { isSameSite } from '../../site.js';
import { hasIntegrityMetadata } from '../body/integrity.js';
import type { AnsweredRequest } from '../fetch-context.js';

/** @throws ServiceWorkerError SW_CORS_REFUSED, SW_NOT_SAME_ORIGIN: to the page a network error. */
export async function checkCors(context: AnsweredRequest): Promise<void> {
  const { tainting, remote, remoteUrl, request, provenance, services, topLevelSite } = context;
  if (tainting === 'opaque') return checkOpaque(context);
  if (tainting !== 'cors') return;
  const origin = originHeader(provenance) ?? 'null';
  const problem = corsCheck(remote.rawHeaders, { origin, credentials: request.credentials });
  if (problem === null) return;
  services.preflights.clear({ origin, url: remoteUrl, topLevelSite });
  await remote.body?.cancel();
  throw new ServiceWorkerError('SW_CORS_REFUSED', `Failed to show ${remoteUrl} to ${origin}: ${problem}.`);
}

/** What comes without CORS can have neither integrity metadata nor a policy of its own against it. */
async function checkOpaque(context: AnsweredRequest): Promise<void> {
  const { remote, remoteUrl, request, initiator } = context;
  const isIsolated = initiator.record?.embedderPolicy === 'require-corp';
  const policy =
    headerValue(remote.rawHeaders, 'cross-origin-resource-policy') ?? (isIsolated ? 'same-origin' : 'cross-origin');
  let error: ServiceWorkerError | null = null;
  if (hasIntegrityMetadata(request.integrity)) {
    const message = `Failed to check the integrity of ${remoteUrl}: it is of another origin and was not asked for with CORS.`;
    error = new ServiceWorkerError('SW_INTEGRITY', message);
  } else if (
    policy === 'same-origin' ||
    (policy === 'same-site' && !isSameSiteForPolicy(initiator.originUrl!, remoteUrl))
  ) {
    const message = `Failed to show ${remoteUrl} to ${initiator.url}: Cross-Origin-Resource-Policy is ${policy}.`;
    error = new ServiceWorkerError('SW_RESOURCE_POLICY', message);
  }
  if (error === null) return;
  await remote.body?.cancel();
  throw error;
}

/** https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check: what is secure may go to an insecure page. */
function isSameSiteForPolicy(pageUrl: string, remoteUrl: string): boolean {
  const isSecureForInsecure = pageUrl.startsWith('http:') && remoteUrl.startsWith('https:');
  return isSameSite(isSecureForInsecure ? pageUrl.replace(/^http:/, 'https:') : pageUrl, remoteUrl);
}
