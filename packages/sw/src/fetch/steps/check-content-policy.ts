/**
 * @module
 * The content security policy of who asks, for what the browser sees at a route and so cannot judge: frames, workers,
 * manifests and the like. What keeps its real URL the browser has judged before it came here.
 *
 * @see https://w3c.github.io/webappsec-csp/#fetch-integration
 */
import type { MatchedDirective } from '@culvert/rewriter';
import { ServiceWorkerError } from '../../errors.js';
import { findViolation } from '../../security/content-policy.js';
import type { ResolvedRequest } from '../fetch-context.js';

/** By the asset of the route. Scripts and styles depend on more than a URL and are left to the browser. */
const directives: Readonly<Record<string, MatchedDirective>> = {
  html: 'frame-src',
  worker: 'worker-src',
  sharedworker: 'worker-src',
  manifest: 'manifest-src',
  object: 'object-src',
  track: 'media-src',
  media: 'media-src',
  img: 'img-src',
  icon: 'img-src',
  svg: 'img-src',
  xhr: 'connect-src',
};

/**
 * @returns an answer that leaves the page where it is, for a form that may not be sent; else null
 * @throws ServiceWorkerError SW_CONTENT_POLICY
 */
export function checkContentPolicy(context: ResolvedRequest): Response | null {
  const { asset, remoteUrl, initiator, redirectChain, event, services, load, isTopLevel, request } = context;
  const { record } = initiator;
  if (!record?.policies?.length) return null;
  // A form alone navigates by POST. One that navigates by GET looks like a link from here.
  if (load === 'document' && request.method === 'POST') {
    const violation = findViolation(record, 'form-action', remoteUrl, redirectChain);
    if (violation) {
      event.waitUntil(services.clients.post(record.id, violation.message));
      return new Response(null, { status: 204 });
    }
  }
  const directive = asset === null ? undefined : directives[asset];
  if (!directive) return null;
  // A document that goes elsewhere by itself answers to the policy of what is around it, which is not known here.
  if (load === 'document' && (isTopLevel || record.id === (event.replacesClientId || event.clientId))) return null;
  const violation = findViolation(record, directive, remoteUrl, redirectChain);
  if (!violation) return null;
  event.waitUntil(services.clients.post(record.id, violation.message));
  throw new ServiceWorkerError('SW_CONTENT_POLICY', `Failed to load ${remoteUrl}: ${violation.reason}`);
}
