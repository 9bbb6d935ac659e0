/**
 * @module `<iframe csp>`: the policy that an embedder requires. The browser would hold it against policies that were translated,
 * so it is given a directive that it does not know; by `Sec-Required-CSP` the worker learns of it, and judges.
 *
 * @see https://w3c.github.io/webappsec-cspee/
 */
import { parsePolicy, type Policy } from './content-security-policy.js';

const directive = 'culvert-required';

/** The value for the browser; empty for what it would discard. */
export function encodeRequiredPolicy(value: string): string {
  return isRequiredPolicy(value) ? `${directive} ${encodeURIComponent(value)}` : '';
}

/** @param header the value of `Sec-Required-CSP`. @returns the policy as written; null without one */
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

/** One policy, without reports: https://w3c.github.io/webappsec-cspee/#csp-attribute */
function isRequiredPolicy(value: string): boolean {
  if (/[^\t\x20-\x7e]|,/.test(value)) return false;
  const policy: Policy = parsePolicy(value);
  return policy.size > 0 && !policy.has('report-uri') && !policy.has('report-to');
}
