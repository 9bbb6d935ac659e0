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

/** One policy, without reports: https://w3c.github.io/webappsec-cspee/#csp-attribute */
function isRequiredPolicy(value: string): boolean {
  if (/[^\t\x20-\x7e]|,/.test(value)) return false;
  const policy: Policy = parsePolicy(value);
  return policy.size > 0 && !policy.has('report-uri') && !policy.has('report-to');
}
