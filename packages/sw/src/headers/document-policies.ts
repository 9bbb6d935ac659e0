/**
 * @module
 * The content security policies that a document or worker gets: the site's own, translated, each beside our leak guard.
 */
import type { HeaderPair } from '@culvert/bare-client';
import {
  parsePolicies,
  serializePolicy,
  translatePolicy,
  type Policy,
  type PolicyTranslation,
} from '@culvert/rewriter';
import { headerValues } from './header-list.js';

type Disposition = 'enforce' | 'report';

export interface DocumentSecurity {
  /** Admits our own inline scripts. */
  readonly nonce: string;
  /** The policies in force, as written, for what the worker enforces itself. */
  readonly enforced: readonly string[];
  /** Those that only report. */
  readonly reportOnly: readonly string[];
  /** The tokens of `sandbox` in a policy that makes the origin opaque; `null` without one. */
  readonly sandbox: string | null;
  /** What the browser gets of each, those that only report included; empty where it gets nothing of it. */
  readonly translations: readonly { enforced: string; authored: string; isReportOnly: boolean }[];
  readonly translation: PolicyTranslation;
}

export function documentSecurity(
  remote: readonly HeaderPair[],
  translation: Omit<PolicyTranslation, 'nonce'>,
  reportUrlOf?: (disposition: Disposition, place: number) => string,
): DocumentSecurity {
  const nonce = createNonce();
  const full = { ...translation, nonce };
  const enforced = policiesOf(remote, 'content-security-policy');
  const reported = policiesOf(remote, 'content-security-policy-report-only');
  const translate = (policies: Policy[], isReportOnly: boolean) =>
    policies.map((policy, place) => {
      const reportUrl = reportUrlOf?.(isReportOnly ? 'report' : 'enforce', place);
      const enforced = translatePolicy(policy, { ...full, ...(reportUrl !== undefined && { reportUrl }) });
      return { enforced, authored: serializePolicy(policy), isReportOnly };
    });
  return {
    nonce,
    enforced: enforced.map(serializePolicy),
    sandbox: opaqueSandbox(enforced),
    reportOnly: reported.map(serializePolicy),
    translations: [...translate(enforced, false), ...translate(reported, true)].filter(
      ({ enforced, authored }) => enforced !== '' || /\bbase-uri\b/.test(authored),
    ),
    translation: full,
  };
}

function opaqueSandbox(policies: readonly Policy[]): string | null {
  for (const policy of policies) {
    const tokens = policy.get('sandbox');
    if (tokens && !tokens.some((token) => token.toLowerCase() === 'allow-same-origin')) return tokens.join(' ');
  }
  return null;
}

function policiesOf(remote: readonly HeaderPair[], name: string): Policy[] {
  return headerValues(remote, name).flatMap(parsePolicies);
}

function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
}
