/**
 * @module
 * Embedded enforcement: is what a framed document says of itself at least as strict as what its embedder requires?
 *
 * @see https://w3c.github.io/webappsec-cspee/
 */
import { allowsAllInline, type Policy } from '@culvert/rewriter';

/** Section 3.3: the policies of a response, taken together, against the one that is required. */
export function subsumesPolicies(required: Policy, returned: readonly Policy[], selfUrl: string): boolean {
  return [...required].every(([name, values]) => {
    if (name === 'sandbox') return subsumesSandbox(values, returned);
    const lists = returned.flatMap((policy) => {
      const sources = operativeSources(policy, name);
      return sources ? [sources] : [];
    });
    if (lists.length === 0) return !isSourceDirective(name) && !enforcedAlone.has(name);
    return !isSourceDirective(name) || subsumesSources(name, values, lists, selfUrl);
  });
}

/** What speaks in the place of a directive that is not there (CSP section 6.8.3), but for `default-src`. */
const fallbacks: Readonly<Record<string, readonly string[]>> = {
  'frame-src': ['child-src'],
  'worker-src': ['child-src', 'script-src'],
  'script-src-elem': ['script-src'],
  'script-src-attr': ['script-src'],
  'style-src-elem': ['style-src'],
  'style-src-attr': ['style-src'],
};

function operativeSources(policy: Policy, name: string): readonly string[] | undefined {
  const names = [name, ...(fallbacks[name] ?? []), ...(name.includes('-src') ? ['default-src'] : [])];
  return names.map((each) => policy.get(each)).find((sources) => sources !== undefined);
}

/** Directives without sources that a response has to have where they are required. Others do not count. */
const enforcedAlone: ReadonlySet<string> = new Set(['upgrade-insecure-requests', 'block-all-mixed-content']);

function isSourceDirective(name: string): boolean {
  return (
    /-src(?:-elem|-attr)?$/.test(name) || name === 'base-uri' || name === 'form-action' || name === 'frame-ancestors'
  );
}

/** What is allowed must be no more than what the requirement allows. */
function subsumesSandbox(required: readonly string[], returned: readonly Policy[]): boolean {
  const lists = returned.flatMap((policy) => (policy.has('sandbox') ? [policy.get('sandbox')!.map(lower)] : []));
  if (lists.length === 0) return false;
  const allowed = lists.reduce((left, list) => left.filter((token) => list.includes(token)));
  return allowed.every((token) => required.map(lower).includes(token));
}

const lower = (text: string) => text.toLowerCase();

interface Source {
  /** Null for a host of any scheme, as `*` is. */
  scheme: string | null;
  /** Null for a scheme source. A wildcard begins with `.`, and `*` is every host. */
  host: string | null;
  port: string;
  path: string;
}

function subsumesSources(
  name: string,
  required: readonly string[],
  lists: readonly (readonly string[])[],
  selfUrl: string,
): boolean {
  const isOfCode = /^(?:default|script|style)-src/.test(name);
  if (isOfCode && !subsumesKeywords(required, lists)) return false;
  const allowed = required.flatMap((source) => parseSource(source, selfUrl));
  const [first = [], ...others] = lists.map((list) => list.flatMap((source) => parseSource(source, selfUrl)));
  const effective = others.reduce(intersection, first);
  return effective.every((source) => allowed.some((wider) => includesSource(wider, source)));
}

/** Inline code, `eval`, hashes and nonces: what all of the lists allow, the requirement has to allow too. */
function subsumesKeywords(required: readonly string[], lists: readonly (readonly string[])[]): boolean {
  const has = (list: readonly string[], keyword: string) => list.some((source) => lower(source) === keyword);
  for (const keyword of ["'unsafe-eval'", "'unsafe-hashes'", "'wasm-unsafe-eval'"]) {
    if (lists.every((list) => has(list, keyword)) && !has(required, keyword)) return false;
  }
  if (lists.every(allowsAllInline) && !allowsAllInline(required)) return false;
  const isDynamic = has(required, "'strict-dynamic'");
  if (isDynamic && !lists.some((list) => has(list, "'strict-dynamic'"))) return false;
  const nonces = (list: readonly string[]) => list.filter((source) => /^'nonce-/i.test(source));
  const commonNonces = nonces(lists[0]!).filter((nonce) => lists.every((list) => list.includes(nonce)));
  // Any nonce stands for any other: the embedder cannot know those of a response.
  if (commonNonces.length > 0 && nonces(required).length === 0) return false;
  const hashes = lists[0]!.filter(
    (source) => /^'sha\d+-/i.test(source) && lists.every((list) => list.includes(source)),
  );
  return hashes.every((hash) => required.includes(hash) || allowsAllInline(required));
}

const hostSource = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*]+)(?::(\d+|\*))?(\/[^?#]*)?$/i;

/** None for a keyword, and for what is no source. */
function parseSource(source: string, selfUrl: string): Source[] {
  const self = URL.canParse(selfUrl) ? new URL(selfUrl) : null;
  const scheme = self?.protocol.slice(0, -1) ?? null;
  if (source === '*') {
    return ['http', 'ws', ...(scheme === null ? [] : [scheme])].map((each) => ({
      scheme: each,
      host: null,
      port: '*',
      path: '',
    }));
  }
  if (lower(source) === "'self'") {
    return self === null ? [] : [{ scheme, host: self.hostname, port: self.port || defaultPort(scheme), path: '' }];
  }
  const schemeSource = /^([a-z][a-z0-9+.-]*):$/i.exec(source)?.[1];
  if (schemeSource !== undefined) return [{ scheme: lower(schemeSource), host: null, port: '*', path: '' }];
  const match = source.startsWith("'") ? null : hostSource.exec(source);
  if (match === null) return [];
  const own = match[1] === undefined ? scheme : lower(match[1]);
  const host = match[2] === '*' ? '*' : lower(match[2]!).replace(/^\*/, '');
  return [{ scheme: own, host, port: match[3] ?? defaultPort(own), path: match[4] ?? '' }];
}

function defaultPort(scheme: string | null): string {
  return scheme === 'https' || scheme === 'wss' ? '443' : '80';
}

/** https: is a part of http:, as an upgrade is no harm. */
function includesScheme(wider: string | null, scheme: string | null): boolean {
  return (
    wider === null ||
    wider === scheme ||
    (wider === 'http' && scheme === 'https') ||
    (wider === 'ws' && scheme === 'wss')
  );
}

function includesSource(wider: Source, source: Source): boolean {
  if (!includesScheme(wider.scheme, source.scheme)) return false;
  if (wider.host === null) return true;
  if (source.host === null) return false;
  const isHost =
    wider.host === '*' ||
    wider.host === source.host ||
    (wider.host.startsWith('.') && source.host !== '*' && source.host.endsWith(wider.host));
  const isUpgrade = wider.port === '80' && source.port === '443' && wider.scheme !== source.scheme;
  const isPort = wider.port === '*' || wider.port === source.port || isUpgrade;
  const isPath =
    wider.path === '' || wider.path === source.path || (wider.path.endsWith('/') && source.path.startsWith(wider.path));
  return isHost && isPort && isPath;
}

/** Of two sources the narrower, where one is within the other. */
function intersection(left: readonly Source[], right: readonly Source[]): Source[] {
  return left.flatMap((one) =>
    right.flatMap((other) => (includesSource(one, other) ? [other] : includesSource(other, one) ? [one] : [])),
  );
}
