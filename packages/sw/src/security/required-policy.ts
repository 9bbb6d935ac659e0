/**
 * @module
 * Embedded enforcement: what `<iframe csp>` requires of a framed document, and whether the document agrees to it.
 *
 * @see https://w3c.github.io/webappsec-cspee/
 */
import type { HeaderPair } from '@culvert/bare-client';
import { parsePolicies, parsePolicy } from '@culvert/rewriter';
import { headerValue, headerValues } from '../headers/header-list.js';
import { originOf } from '../site.js';
import { subsumesPolicies } from './subsume-policy.js';

/** The inverse of `encodeRequiredPolicy`. @param header the value of `Sec-Required-CSP`. @returns the policy as written; null without one */
export function decodeRequiredPolicy(header: string | null): string | null {
  const encoded = /^culvert-required (\S+)$/.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // Made by nobody but the page, in the place of ours.
    return null;
  }
}

/** What a request for a framed document brings. */
export interface FramedRequest {
  /** `Sec-Required-CSP`, as the browser has sent it. */
  header: string | null;
  /** What is required of the document around it. */
  outer: string | undefined;
  remoteUrl: string;
}

/** Section 4.2: an element's own requirement counts where it is as strict as the one around it. `null` for none. */
export function requiredPolicyOf({ header, outer, remoteUrl }: FramedRequest): string | null {
  const own = decodeRequiredPolicy(header);
  if (outer === undefined) return own;
  return own !== null && subsumesPolicies(parsePolicy(outer), [parsePolicy(own)], remoteUrl) ? own : outer;
}

/** Section 4.3. @returns what is to be done with the document: take the policy up, leave it to its own, or not show it */
export function judgeRequiredPolicy(
  required: string,
  remote: readonly HeaderPair[],
  remoteUrl: string,
  embedderUrl: string | undefined,
): 'enforced' | 'subsumed' | 'refused' {
  if (!/^https?:/.test(remoteUrl)) return 'enforced';
  const allowed = headerValue(remote, 'allow-csp-from')?.trim();
  if (allowed === '*') return 'enforced';
  if (allowed !== undefined && embedderUrl !== undefined && URL.canParse(allowed)) {
    const origin = originOf(allowed);
    if (origin !== 'null' && origin === originOf(embedderUrl)) return 'enforced';
  }
  const returned = headerValues(remote, 'content-security-policy').flatMap(parsePolicies);
  return subsumesPolicies(parsePolicy(required), returned, remoteUrl) ? 'subsumed' : 'refused';
}
