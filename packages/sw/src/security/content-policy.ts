/**
 * @module
 * The content security policies of a client, for what the browser cannot judge by itself: what has a route, or is no request of
 * its own.
 *
 * @see https://w3c.github.io/webappsec-csp/#fetch-integration
 */
import type { FromServiceWorker } from '@culvert/runtime';
import { effectiveDirective, matchesSources, parsePolicy, type MatchedDirective } from '@culvert/rewriter';
import type { ClientRecord } from '../clients/client-registry.js';

export interface Violation {
  /** For the client: a `securitypolicyviolation` event is due. */
  message: FromServiceWorker;
  /** Why, for the console. */
  reason: string;
}

/** @returns null where all policies admit it */
export function findViolation(
  record: Pick<ClientRecord, 'url' | 'policies'> | null,
  directive: MatchedDirective,
  remoteUrl: string,
  redirectChain: readonly string[] = [],
): Violation | null {
  for (const text of record?.policies ?? []) {
    const effective = effectiveDirective(parsePolicy(text), directive);
    if (!effective || matchesSources(remoteUrl, effective.sources, record!.url, redirectChain.length > 0)) continue;
    return {
      message: {
        culvert: 'policy-violation',
        blockedURI: redirectChain[0] ?? remoteUrl,
        effectiveDirective: directive,
        originalPolicy: text,
        disposition: 'enforce',
      },
      reason: `the policy of ${record!.url} says ${[effective.name, ...effective.sources].join(' ')}.`,
    };
  }
  return null;
}
