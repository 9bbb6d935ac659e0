/**
 * @module
 * Where a site wants to be told of violations of its policies.
 *
 * @see https://w3c.github.io/webappsec-csp/#directives-reporting
 * @see https://w3c.github.io/reporting/#header
 */
import type { HeaderPair } from '@culvert/bare-client';
import { isSecureUrl } from '@culvert/cookies';
import type { Policy } from '@culvert/rewriter';
import { headerValue, headerValues } from '../headers/header-list.js';

export interface ReportTarget {
  url: string;
  /** `report-uri` and `report-to` have bodies of different shapes. */
  kind: 'report-uri' | 'report-to';
}

/** Names and absolute URLs. */
export type ReportingEndpoints = Readonly<Record<string, string>>;

/** Of `Reporting-Endpoints`, and of `Report-To` before it. As in browsers, they have to be secure. */
export function parseReportingEndpoints(remote: readonly HeaderPair[], documentUrl: string): ReportingEndpoints {
  if (!isSecureUrl(new URL(documentUrl))) return {};
  const found = [
    ...groupsOf(headerValues(remote, 'report-to').join(',')),
    // A dictionary (RFC 8941 section 3.2): of several of a name the last counts.
    ...(headerValue(remote, 'reporting-endpoints') ?? '').matchAll(/([a-z*][a-z0-9_.*-]*)\s*=\s*"((?:[^"\\]|\\.)*)"/g),
  ].flatMap(([, name, url]) => {
    const target = resolveTarget(url!.replace(/\\(.)/g, '$1'), documentUrl);
    return target !== null && isSecureUrl(new URL(target)) ? [[name!, target] as const] : [];
  });
  return Object.fromEntries(found);
}

/** Groups of the older header, JSON without the brackets around it: as [, name, url], the first endpoint of each. */
function groupsOf(value: string): (readonly [string, string, string])[] {
  if (value === '') return [];
  try {
    const groups = JSON.parse(`[${value}]`) as { group?: unknown; endpoints?: { url?: unknown }[] }[];
    return groups.flatMap(({ group = 'default', endpoints }) => {
      const url = endpoints?.[0]?.url;
      return typeof group === 'string' && typeof url === 'string' ? [['', group, url] as const] : [];
    });
  } catch {
    // No JSON, or of another shape: as in browsers, no header.
    return [];
  }
}

/** CSP section 5.3, steps 3.3 and 3.4: with `report-to` there, `report-uri` does not count. */
export function reportTargets(policy: Policy, documentUrl: string, endpoints: ReportingEndpoints): ReportTarget[] {
  const names = policy.get('report-to');
  if (names) {
    const url = names[0] !== undefined && Object.hasOwn(endpoints, names[0]) ? endpoints[names[0]] : undefined;
    return url === undefined ? [] : [{ url, kind: 'report-to' }];
  }
  return (policy.get('report-uri') ?? []).flatMap((token): ReportTarget[] => {
    const url = resolveTarget(token, documentUrl);
    return url === null ? [] : [{ url, kind: 'report-uri' }];
  });
}

function resolveTarget(url: string, documentUrl: string): string | null {
  if (!URL.canParse(url, documentUrl)) return null;
  const target = new URL(url, documentUrl);
  target.hash = '';
  return target.protocol === 'http:' || target.protocol === 'https:' ? target.href : null;
}
