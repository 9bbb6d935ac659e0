/**
 * @module The content security policy that we add to every document as a second one, beside the site's.
 */
import type { UrlSettings } from '../url/index.js';

/**
 * Closes what never reaches the service worker, or is blocked before it: a real URL that slips into one of these is a
 * blocked load and not a request from the user's own address. Under an https: proxy, http: subresources would be
 * blocked as mixed content; upgraded, they reach the worker as https: and it maps them back. Under http://localhost
 * nothing is blocked, and an upgrade would only hide what the page asked for.
 */
export function leakGuardPolicy(settings: UrlSettings): string {
  const directives = [
    "object-src 'self'",
    "frame-src 'self' blob: data:",
    // A worker of another origin is refused by the engine itself; the static imports of module workers count as workers.
    "worker-src 'self' blob: http: https:",
    "manifest-src 'self'",
    "form-action 'self'",
  ];
  if (settings.origin.startsWith('https:')) directives.push('upgrade-insecure-requests');
  return directives.join('; ');
}
