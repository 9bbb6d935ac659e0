/**
 * @module Content Security Policy: its grammar, the matching of URLs, and the translation of a site's policy into one that
 * the browser can enforce on a document of ours.
 *
 * Subresources keep their real URLs, so the browser matches host sources by itself. What goes by a route (frames, workers,
 * manifests, …) it cannot match: those directives become our own, and the worker matches them.
 *
 * @see https://w3c.github.io/webappsec-csp/
 */
import { sha2, type Sha2Bits } from '../text/sha2.js';
import { encodeRoute, urlClasses, type UrlClass, type UrlSettings } from '../url/index.js';

/** Directive names in lowercase; of several of one name the first counts (section 2.2.1). */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** The policies of a header's value: a list, joined by commas. */
export function parsePolicies(value: string): Policy[] {
  return value
    .split(',')
    .map(parsePolicy)
    .filter((policy) => policy.size > 0);
}

export function parsePolicy(text: string): Policy {
  const policy = new Map<string, readonly string[]>();
  for (const directive of text.split(';')) {
    const [name, ...values] = directive.split(/[\t\n\f\r ]+/).filter((token) => token !== '');
    if (name === undefined || /[^\x21-\x7e]/.test(name)) continue;
    const lower = name.toLowerCase();
    if (!policy.has(lower)) policy.set(lower, values);
  }
  return policy;
}

export function serializePolicy(policy: Policy): string {
  return [...policy].map(([name, values]) => [name, ...values].join(' ')).join('; ');
}

/** Section 6.8.3: which directives speak for a kind of load, the first that is there decides. */
const fallbacks = {
  'frame-src': ['frame-src', 'child-src', 'default-src'],
  'worker-src': ['worker-src', 'child-src', 'script-src', 'default-src'],
  'manifest-src': ['manifest-src', 'default-src'],
  'object-src': ['object-src', 'default-src'],
  'media-src': ['media-src', 'default-src'],
  'img-src': ['img-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
  'form-action': ['form-action'],
  'base-uri': ['base-uri'],
} as const;

export type MatchedDirective = keyof typeof fallbacks;

/** The directive in force and its sources; `null` where the policy does not speak of it. */
export function effectiveDirective(
  policy: Policy,
  directive: MatchedDirective,
): { name: string; sources: readonly string[] } | null {
  for (const name of fallbacks[directive]) {
    const sources = policy.get(name);
    if (sources) return { name, sources };
  }
  return null;
}

/** Does a policy, as written, admit a URL? One that does not speak of the directive does. */
export function admitsUrl(policy: string, directive: MatchedDirective, url: string, selfUrl: string): boolean {
  const effective = effectiveDirective(parsePolicy(policy), directive);
  return effective === null || matchesSources(url, effective.sources, selfUrl);
}

/**
 * Section 6.7.2.8, "does url match source list".
 *
 * @param selfUrl what `'self'` stands for
 * @param isRedirected after a redirect paths are not compared, so that they cannot be probed
 */
export function matchesSources(
  url: string,
  sources: readonly string[],
  selfUrl: string,
  isRedirected = false,
): boolean {
  if (!URL.canParse(url)) return false;
  const target = new URL(url);
  const self = URL.canParse(selfUrl) ? new URL(selfUrl) : null;
  return sources.some((source) => matchesSource(target, source, self, isRedirected));
}

const hostSource =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i;

function matchesSource(url: URL, source: string, self: URL | null, isRedirected: boolean): boolean {
  if (source === '*') return /^(?:https?|wss?):$/.test(url.protocol) || url.protocol === self?.protocol;
  if (/^'self'$/i.test(source)) {
    if (self === null || self.origin === 'null') return false;
    return matchesHost(url, self.protocol.slice(0, -1), self.hostname, self.port, self);
  }
  const scheme = /^([a-z][a-z0-9+.-]*):$/i.exec(source)?.[1];
  if (scheme !== undefined) return matchesScheme(scheme.toLowerCase(), url.protocol.slice(0, -1));
  const host = hostSource.exec(source);
  if (host === null) return false;
  const [, sourceScheme, hostname, port, path] = host;
  if (!matchesHost(url, sourceScheme?.toLowerCase() ?? null, hostname!.toLowerCase(), port ?? '', self)) return false;
  return isRedirected || path === undefined || matchesPath(url.pathname, path);
}

/** Section 6.7.2.9: an upgrade is no harm. */
function matchesScheme(source: string, scheme: string): boolean {
  if (source === scheme) return true;
  if (source === 'http') return scheme === 'https' || scheme === 'ws' || scheme === 'wss';
  if (source === 'ws') return scheme === 'wss' || scheme === 'http' || scheme === 'https';
  if (source === 'wss') return scheme === 'https';
  return source === 'https' && scheme === 'wss';
}

function matchesHost(url: URL, scheme: string | null, host: string, port: string, self: URL | null): boolean {
  const sourceScheme = scheme ?? self?.protocol.slice(0, -1) ?? null;
  if (sourceScheme !== null && !matchesScheme(sourceScheme, url.protocol.slice(0, -1))) return false;
  if (host.startsWith('*.') ? !url.hostname.endsWith(host.slice(1)) : host !== '*' && host !== url.hostname)
    return false;
  if (port === '*') return true;
  const defaultPort = /^(?:https|wss):$/.test(url.protocol) ? '443' : '80';
  const actual = url.port || defaultPort;
  if (port === '') {
    return actual === defaultPort;
  }
  return port === actual || (port === '80' && actual === '443' && /^(?:https|wss):$/.test(url.protocol));
}

function matchesPath(path: string, source: string): boolean {
  if (source === '/' && path === '') return true;
  const wanted = source.split('/').map(decode);
  const actual = path.split('/').map(decode);
  if (wanted.length > actual.length) return false;
  const isPrefix = source.endsWith('/');
  if (!isPrefix && wanted.length !== actual.length) return false;
  const compared = isPrefix ? wanted.slice(0, -1) : wanted;
  return compared.every((segment, i) => segment === actual[i]);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No percent-encoding: it stands for itself.
    return segment;
  }
}

export interface PolicyTranslation {
  /** What `'self'` means. */
  documentUrl: string;
  settings: UrlSettings;
  /** Admits our own inline scripts; none are admitted without it. */
  nonce: string;
  /** Where the page's sockets and synchronous requests really go. */
  bareServer: string;
  /** The file that the runtime takes its parsers from when a page needs them. */
  runtimeScript?: string;
  /** Where the browser is to send its reports, for the worker to send them on; none are made without it. */
  reportUrl?: string;
}

/** Enforced by the worker or the runtime, or not about what the browser does here. */
const withheld: ReadonlySet<string> = new Set([
  'frame-src',
  'child-src',
  'worker-src',
  'manifest-src',
  'object-src',
  'fenced-frame-src',
  'base-uri',
  'frame-ancestors',
  'navigate-to',
  'plugin-types',
  'prefetch-src',
  'report-uri',
  'report-to',
  'block-all-mixed-content',
]);

/** The classes whose routes a directive has to let pass, because the worker judges what is behind them. */
const routedClasses: Readonly<Record<string, readonly UrlClass[]>> = {
  'default-src': Object.keys(urlClasses) as UrlClass[],
  'script-src': ['script', 'module'],
  'script-src-elem': ['script', 'module'],
  'style-src': ['stylesheet'],
  'style-src-elem': ['stylesheet'],
  'img-src': ['image', 'icon', 'svg-reference'],
  'media-src': ['media', 'track'],
  'font-src': ['font'],
  'connect-src': ['fetch'],
};

/** The policy as the browser is to enforce it; empty if nothing is left for it. */
export function translatePolicy(policy: Policy, translation: PolicyTranslation): string {
  const translated = new Map<string, readonly string[]>();
  for (const [name, values] of policy) {
    if (withheld.has(name)) continue;
    if (name === 'sandbox') translated.set(name, withToken(values, 'allow-same-origin'));
    // The runtime gives a form another route than these where the policy does not admit its action.
    else if (name === 'form-action') translated.set(name, documentRoutes(translation));
    else if (name === 'trusted-types') translated.set(name, withOurTrustedTypes(values));
    else
      translated.set(
        name,
        name.endsWith('-src') || name.includes('-src-') ? sourcesOf(name, values, translation) : values,
      );
  }
  // Without these, default-src would judge by the proxy's URLs what the worker judges by the real ones.
  if (policy.has('default-src') || policy.has('child-src') || policy.has('script-src') || policy.has('worker-src')) {
    translated.set('worker-src', ["'self'", ...localSchemes(policy, 'worker-src', ['blob:', 'data:'], translation)]);
  }
  if (policy.has('default-src') || policy.has('child-src') || policy.has('frame-src')) {
    translated.set('frame-src', ["'self'", ...localSchemes(policy, 'frame-src', ['blob:', 'data:'], translation)]);
  }
  if (policy.has('default-src')) {
    translated.set('manifest-src', ["'self'"]);
    translated.set('object-src', ["'self'"]);
  }
  const isReported = policy.has('report-uri') || policy.has('report-to');
  if (isReported && translation.reportUrl !== undefined && translated.size > 0) {
    translated.set('report-uri', [translation.reportUrl]);
  }
  return serializePolicy(translated);
}

function documentRoutes({ settings }: PolicyTranslation): readonly string[] {
  return [routePrefix('document', settings), routePrefix('sandboxed-frame', settings)];
}

function withToken(values: readonly string[], token: string): readonly string[] {
  return values.some((value) => value.toLowerCase() === token) ? values : [...values, token];
}

/** The runtime's policy, which gives a rewritten text the trust that its original had. */
function withOurTrustedTypes(values: readonly string[]): readonly string[] {
  if (values.includes('*')) return values;
  return [...values.filter((value) => value.toLowerCase() !== "'none'"), 'culvert'];
}

/** blob: and data: never reach the worker. */
function localSchemes(
  policy: Policy,
  directive: MatchedDirective,
  schemes: readonly string[],
  { documentUrl }: PolicyTranslation,
): string[] {
  const effective = effectiveDirective(policy, directive);
  if (!effective) return [...schemes];
  return schemes.filter((scheme) => matchesSources(`${scheme}x`, effective.sources, documentUrl));
}

function sourcesOf(name: string, values: readonly string[], translation: PolicyTranslation): readonly string[] {
  const { documentUrl, settings, nonce, bareServer, runtimeScript } = translation;
  const selfOrigin = new URL(documentUrl).origin;
  const sources = values.flatMap((value) => {
    const lower = value.toLowerCase();
    if (lower === "'none'") return [];
    if (lower === "'self'") return selfOrigin === 'null' ? [] : [selfOrigin];
    return [qualified(value, documentUrl)];
  });
  const routes = (routedClasses[name] ?? []).map((urlClass) => routePrefix(urlClass, settings));
  const added = [...new Set(routes)];
  if (settings.answerUrl !== undefined) added.push(settings.answerUrl);
  if (name === 'connect-src' || name === 'default-src') {
    added.push(`${settings.origin}${settings.scope}~/`, ...socketSources(bareServer));
    if (runtimeScript !== undefined) added.push(runtimeScript);
  }
  if (/^(?:default-src|script-src|script-src-elem)$/.test(name)) {
    added.push(`${settings.origin}${settings.scope}~/`);
    // A nonce would take the effect of 'unsafe-inline' away; where that has one, ours runs by it too.
    if (!allowsAllInline(values)) added.push(`'nonce-${nonce}'`);
  }
  const all = [...sources, ...added];
  return all.length === 0 ? ["'none'"] : all;
}

/** Without a scheme a host is matched with the document's, which for the browser is the proxy's. */
function qualified(source: string, documentUrl: string): string {
  if (source === '*' || !hostSource.test(source) || source.includes('://') || /^[a-z][a-z0-9+.-]*:$/i.test(source)) {
    return source;
  }
  return `${new URL(documentUrl).protocol}//${source}`;
}

function socketSources(bareServer: string): string[] {
  return [bareServer, bareServer.replace(/^http/, 'ws')];
}

function routePrefix(urlClass: UrlClass, settings: UrlSettings): string {
  return encodeRoute('', urlClasses[urlClass].asset, settings);
}

/** Section 6.7.3.2, "does a source list allow all inline behavior". */
export function allowsAllInline(sources: readonly string[]): boolean {
  const isNarrowed = sources.some((source) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/i.test(source));
  return !isNarrowed && sources.some((source) => source.toLowerCase() === "'unsafe-inline'");
}

/** Does one of the policies need it, and does each that speaks of scripts name the hash of this text? (Section 6.7.3.3) */
export function admitsByHash(policies: readonly Policy[], scriptText: string): boolean {
  const lists = policies.flatMap((policy) => {
    const sources = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
    return sources && !allowsAllInline(sources) ? [sources] : [];
  });
  // Of the element's text as a parser gives it.
  const text = scriptText.replace(/\r\n?/g, '\n');
  return lists.length > 0 && lists.every((sources) => sources.some((source) => isHashOf(source, text)));
}

function isHashOf(source: string, text: string): boolean {
  const match = /^'sha(256|384|512)-([A-Za-z0-9+/_-]+={0,2})'$/i.exec(source);
  if (!match) return false;
  return sha2(text, Number(match[1]) as Sha2Bits) === match[2]!.replaceAll('-', '+').replaceAll('_', '/');
}
