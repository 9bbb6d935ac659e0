/**
 * @module
 * Referrer Policy. Documents are given to the browser with `unsafe-url`, so that the worker learns the whole URL of who
 * asks; the site's own policy is applied here, to the `Referer` that leaves.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/
 */

const policies: ReadonlySet<string> = new Set([
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
]);

const defaultPolicy: ReferrerPolicy = 'strict-origin-when-cross-origin';
/** Section 8.4 lets the user agent strip what is longer. */
const maximumLength = 4096;

/** Section 8.1: the last token that is known counts; the empty string if there is none. */
export function parseReferrerPolicy(value: string | null): ReferrerPolicy {
  const tokens = (value ?? '')
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
  return (tokens.findLast((token) => policies.has(token)) ?? '') as ReferrerPolicy;
}

/**
 * The policy in force: what the element or the call asked for, else what the site said of the document. Our own
 * `unsafe-url` cannot be told from one that a page asks for, so it stands for "the document's".
 */
export function effectivePolicy(requested: ReferrerPolicy, ofDocument: ReferrerPolicy | undefined): ReferrerPolicy {
  if (requested !== '' && requested !== 'unsafe-url') return requested;
  return ofDocument || defaultPolicy;
}

/** Section 8.3. @returns the value of `Referer`; empty for none. */
export function determineReferrer(policy: ReferrerPolicy, source: string | null, target: string): string {
  const full = source === null ? '' : stripForReferrer(source);
  if (full === '') return '';
  const origin = `${new URL(full).origin}/`;
  const isSameOrigin = new URL(target).origin === new URL(full).origin;
  const isDowngrade = isTrustworthy(full) && !isTrustworthy(target);
  const url = full.length > maximumLength ? origin : full;

  switch (policy) {
    case 'no-referrer':
      return '';
    case 'origin':
      return origin;
    case 'unsafe-url':
      return url;
    case 'strict-origin':
      return isDowngrade ? '' : origin;
    case 'same-origin':
      return isSameOrigin ? url : '';
    case 'origin-when-cross-origin':
      return isSameOrigin ? url : origin;
    case 'no-referrer-when-downgrade':
      return isDowngrade ? '' : url;
    default:
      if (isSameOrigin) return url;
      return isDowngrade ? '' : origin;
  }
}

/** Section 8.4: without fragment and credentials; nothing for local schemes. */
function stripForReferrer(source: string): string {
  if (!URL.canParse(source)) return '';
  const url = new URL(source);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return '';
  url.username = url.password = url.hash = '';
  return url.href;
}

function isTrustworthy(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || protocol === 'wss:') return true;
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
