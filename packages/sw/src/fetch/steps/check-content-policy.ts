/**
 * @module
 * The content security policy of who asks, for what the browser sees at a route and so cannot judge: frames, workers,
 * manifests and the like. What keeps its real URL the browser has judged before it came here.
 *
 * @see https://w3c.github.io/webappsec-csp/#fetch-integration
 */
import type { FromServiceWorker } from '@culvert/runtime';
import { effectiveDirective, matchesSources, parsePolicy, type MatchedDirective } from '@culvert/rewriter';
import { ServiceWorkerError } from '../../errors.js';
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

/** @throws ServiceWorkerError SW_CONTENT_POLICY */
export function checkContentPolicy(context: ResolvedRequest): void {
  const { asset, remoteUrl, initiator, redirectChain, event, services, load, isTopLevel } = context;
  const { record } = initiator;
  const directive = asset === null ? undefined : directives[asset];
  if (!directive || !record?.policies?.length) return;
  // A document that goes elsewhere by itself answers to the policy of what is around it, which is not known here.
  if (load === 'document' && (isTopLevel || record.id === (event.replacesClientId || event.clientId))) return;
  for (const text of record.policies) {
    const effective = effectiveDirective(parsePolicy(text), directive);
    if (!effective || matchesSources(remoteUrl, effective.sources, record.url, redirectChain.length > 0)) continue;
    const message: FromServiceWorker = {
      culvert: 'policy-violation',
      blockedURI: redirectChain[0] ?? remoteUrl,
      effectiveDirective: directive,
      originalPolicy: text,
      disposition: 'enforce',
    };
    event.waitUntil(services.clients.post(record.id, message));
    throw new ServiceWorkerError(
      'SW_CONTENT_POLICY',
      `Failed to load ${remoteUrl}: the policy of ${record.url} says ${[effective.name, ...effective.sources].join(' ')}.`,
    );
  }
}
