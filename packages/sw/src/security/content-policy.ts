/**
 * @module
 * The content security policies of a client, for what the browser cannot judge by itself: what has a route, or is no request of
 * its own.
 *
 * @see https://w3c.github.io/webappsec-csp/#fetch-integration
 */
import type { FromServiceWorker, PolicyViolation } from '@culvert/runtime';
import { effectiveDirective, matchesSources, parsePolicy, type MatchedDirective } from '@culvert/rewriter';
import type { ClientRecord } from '../clients/client-registry.js';

/** What is known of the policies of a document or worker. */
export type PolicyHolder = Pick<ClientRecord, 'url' | 'policies' | 'reportOnlyPolicies'>;

export interface Violation {
  /** For the client: a `securitypolicyviolation` event is due. */
  message: Extract<FromServiceWorker, PolicyViolation>;
  /** Why, for the console. */
  reason: string;
}

/** One for each policy that does not admit it, those that only report included. */
export function findViolations(
  holder: PolicyHolder | null,
  directive: MatchedDirective,
  remoteUrl: string,
  redirectChain: readonly string[] = [],
): Violation[] {
  if (holder === null) return [];
  const violationsOf = (policies: readonly string[] = [], disposition: 'enforce' | 'report') =>
    policies.flatMap((text): Violation[] => {
      const effective = effectiveDirective(parsePolicy(text), directive);
      if (!effective || matchesSources(remoteUrl, effective.sources, holder.url, redirectChain.length > 0)) return [];
      return [
        {
          message: {
            culvert: 'policy-violation',
            blockedURI: redirectChain[0] ?? remoteUrl,
            effectiveDirective: directive,
            originalPolicy: text,
            disposition,
          },
          reason: `the policy of ${holder.url} says ${[effective.name, ...effective.sources].join(' ')}.`,
        },
      ];
    });
  return [...violationsOf(holder.policies, 'enforce'), ...violationsOf(holder.reportOnlyPolicies, 'report')];
}

/** The one for which the load may not be; `null` where the policies only report, or admit it. */
export function blockingViolation(violations: readonly Violation[]): Violation | null {
  return violations.find(({ message }) => message.disposition === 'enforce') ?? null;
}
