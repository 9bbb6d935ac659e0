/**
 * @module
 * Who may show a document in a frame: `frame-ancestors`, and `X-Frame-Options` where no policy has it.
 *
 * @see https://html.spec.whatwg.org/multipage/speculative-loading.html#the-x-frame-options-header
 */
import type { HeaderPair } from '@culvert/bare-client';
import { matchesSources, parsePolicies } from '@culvert/rewriter';
import { isSameOrigin } from '../site.js';
import { headerValues } from './header-list.js';

/**
 * @param ancestors the real URLs of the documents around it, the nearest first; empty for a top-level document
 * @returns what forbids it, or `null`
 */
export function framingObstacle(
  remote: readonly HeaderPair[],
  remoteUrl: string,
  ancestors: readonly string[],
): string | null {
  if (ancestors.length === 0) return null;
  const policies = headerValues(remote, 'content-security-policy').flatMap(parsePolicies);
  const lists = policies.flatMap((policy) => {
    const sources = policy.get('frame-ancestors');
    return sources ? [sources] : [];
  });
  for (const sources of lists) {
    const isAllowed = ancestors.every((url) => matchesSources(`${new URL(url).origin}/`, sources, remoteUrl));
    if (!isAllowed) return `frame-ancestors ${sources.join(' ')}`;
  }
  if (lists.length > 0) return null;

  const options = new Set(
    headerValues(remote, 'x-frame-options').flatMap((value) =>
      value.split(',').map((item) => item.trim().toLowerCase()),
    ),
  );
  options.delete('');
  const known = ['deny', 'sameorigin', 'allowall'].filter((option) => options.has(option));
  // Values that contradict each other are as DENY; one that nobody knows is as none.
  if (options.size > 1 && known.length > 0) return 'X-Frame-Options, whose values contradict each other';
  if (options.has('deny')) return 'X-Frame-Options: DENY';
  if (options.has('sameorigin') && !ancestors.every((url) => isSameOrigin(url, remoteUrl))) {
    return 'X-Frame-Options: SAMEORIGIN';
  }
  return null;
}
