/**
 * @module
 * The content security policy of who asks, for what the browser sees at a route and so cannot judge: frames, workers,
 * manifests and the like. What keeps its real URL the browser has judged before it came here.
 *
 * @see https://w3c.github.io/webappsec-csp/#fetch-integration
 */
import type { MatchedDirective } from '@culvert/rewriter';
import { ServiceWorkerError } from '../../errors.js';
import { blockingViolation, findViolations } from '../../security/content-policy.js';
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
export async function checkContentPolicy(context: ResolvedRequest): Promise<Response | null> {
  const { asset, remoteUrl, initiator, redirectChain, event, services, load, isTopLevel, request } = context;
  const { record } = initiator;
  // A form alone navigates by POST. One that navigates by GET looks like a link from here.
  if (record && load === 'document' && request.method === 'POST') {
    const violations = findViolations(record, 'form-action', remoteUrl, redirectChain);
    event.waitUntil(services.policyReports.tell(record, violations));
    if (blockingViolation(violations)) return new Response(null, { status: 204 });
  }
  const directive = asset === null ? undefined : directives[asset];
  if (!directive || (load === 'document' && isTopLevel)) return null;
  // A frame answers to what is around it, whoever sends it elsewhere.
  const holder = load === 'document' ? await services.clients.find(context.embedder ?? '') : record;
  if (!holder) return null;
  const violations = findViolations(holder, directive, remoteUrl, redirectChain);
  event.waitUntil(services.policyReports.tell(holder, violations));
  const violation = blockingViolation(violations);
  if (!violation) return null;
  throw new ServiceWorkerError('SW_CONTENT_POLICY', `Failed to load ${remoteUrl}: ${violation.reason}`);
}
