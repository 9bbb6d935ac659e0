/**
 * @module
 * The rules of CORS that need headers alone: what may be sent without asking, the check of an answer, what of it is shown.
 * The worker's pipeline applies them, and the runtime to synchronous requests, which no worker sees.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { HeaderPair } from '@culvert/bare-client';
import { parseMimeType } from '@culvert/rewriter';

const safelistedMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

export function isSafelistedMethod(method: string): boolean {
  return safelistedMethods.has(method);
}

/** What browsers add by themselves: never a reason to ask. `Accept` and its like are judged by their value. */
const addedByBrowser =
  /^(?:user-agent|origin|referer|cookie|host|connection|content-length|accept-encoding|upgrade-insecure-requests|dnt|purpose|sec-.*|proxy-.*)$/;

/** Client hints; https://fetch.spec.whatwg.org/#cors-safelisted-request-header in the text that browsers follow. */
const safelistedHints =
  /^(?:device-memory|dpr|downlink|rtt|viewport-width|width): \d+(?:\.\d+)?$|^(?:ect|save-data): [\w-]+$/;

const formTypes: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/** https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte */
const unsafeByte = /[\0-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/;
const maximumValueSize = 128;
const maximumTotalSize = 1024;

function isSafelistedHeader(name: string, value: string): boolean {
  if (value.length > maximumValueSize) return false;
  switch (name) {
    case 'accept':
      return !unsafeByte.test(value);
    case 'accept-language':
    case 'content-language':
      return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
    case 'content-type':
      return !unsafeByte.test(value) && formTypes.has(parseMimeType(value)?.essence ?? '');
    case 'range':
      return /^bytes=\d+-\d*$/.test(value);
    default:
      return safelistedHints.test(`${name}: ${value}`);
  }
}

/**
 * https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 *
 * @returns in lowercase, sorted
 */
export function unsafeHeaderNames(headers: Iterable<[string, string]>): string[] {
  const list = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !addedByBrowser.test(name));
  // The headers that EventSource sets, which is no API that must ask.
  const isEventSource = list.some(([name, value]) => name === 'accept' && value === 'text/event-stream');
  const unsafe = new Set<string>();
  const safelisted: string[] = [];
  let safelistedSize = 0;
  for (const [name, value] of list) {
    if (isSafelistedHeader(name, value)) {
      safelisted.push(name);
      safelistedSize += value.length;
    } else if (!(isEventSource && (name === 'cache-control' || name === 'last-event-id'))) {
      unsafe.add(name);
    }
  }
  if (safelistedSize > maximumTotalSize) for (const name of safelisted) unsafe.add(name);
  return [...unsafe].sort();
}

export interface CorsRequest {
  /** As it was sent in `Origin`. */
  origin: string;
  credentials: RequestCredentials;
}

/** https://fetch.spec.whatwg.org/#concept-cors-check. @returns what is wrong, or `null` */
export function corsCheck(remote: readonly HeaderPair[], { origin, credentials }: CorsRequest): string | null {
  const allowed = headerValue(remote, 'access-control-allow-origin');
  if (allowed === null) return 'the answer has no Access-Control-Allow-Origin';
  if (credentials !== 'include' && allowed === '*') return null;
  if (allowed !== origin) return `Access-Control-Allow-Origin is "${allowed}" and not "${origin}"`;
  if (credentials !== 'include') return null;
  return headerValue(remote, 'access-control-allow-credentials') === 'true'
    ? null
    : 'Access-Control-Allow-Credentials is not "true", and the request has credentials';
}

export interface Preflight extends CorsRequest {
  method: string;
  /** Lowercase, sorted. */
  unsafeNames: readonly string[];
}

export interface PreflightAnswer {
  status: number;
  headers: readonly HeaderPair[];
}

/** What a server has allowed by its answer to a preflight, or what is wrong with that. */
export type PreflightVerdict = { problem: string } | { problem: null; methods: string[]; names: string[] };

/** https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7. */
export function judgePreflight({ status, headers }: PreflightAnswer, preflight: Preflight): PreflightVerdict {
  const { method, unsafeNames, credentials } = preflight;
  const problem = corsCheck(headers, preflight);
  if (problem !== null) return { problem };
  if (status < 200 || status > 299) return { problem: `it answered with the status ${status}` };
  const methods = methodNames(headerValue(headers, 'access-control-allow-methods'));
  const names = headerNames(headerValue(headers, 'access-control-allow-headers'));
  if (methods === null || names === null) return { problem: 'what it allows does not parse' };
  const isWild = credentials !== 'include';
  if (!isSafelistedMethod(method) && !methods.includes(method) && !(isWild && methods.includes('*'))) {
    return { problem: 'it does not allow the method' };
  }
  for (const name of unsafeNames) {
    const isWildAllowed = isWild && name !== 'authorization' && names.includes('*');
    if (!names.includes(name) && !isWildAllowed) return { problem: `it does not allow the header ${name}` };
  }
  return { problem: null, methods, names };
}

const safelistedResponseHeaders: ReadonlySet<string> = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);

/** https://fetch.spec.whatwg.org/#concept-filtered-response-cors: takes away what the page may not read. */
export function filterCorsHeaders(
  headers: Headers,
  remote: readonly HeaderPair[],
  credentials: RequestCredentials,
): void {
  const isExposed = exposure(remote, credentials);
  for (const name of [...headers.keys()]) if (!isExposed(name)) headers.delete(name);
}

/** The same as a question about a name in lowercase. */
export function exposure(remote: readonly HeaderPair[], credentials: RequestCredentials): (name: string) => boolean {
  const exposed = headerNames(headerValue(remote, 'access-control-expose-headers')) ?? [];
  if (credentials !== 'include' && exposed.includes('*')) return () => true;
  return (name) => safelistedResponseHeaders.has(name) || exposed.includes(name);
}

/** https://fetch.spec.whatwg.org/#extract-header-list-values. @returns `null` where the list does not parse */
export function methodNames(value: string | null): string[] | null {
  const names = (value ?? '')
    .split(',')
    .map((name) => name.replace(/^[\t ]+|[\t ]+$/g, ''))
    .filter((name) => name !== '');
  return names.every((name) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) ? names : null;
}

/** The same, in lowercase. */
export function headerNames(value: string | null): string[] | null {
  return methodNames(value)?.map((name) => name.toLowerCase()) ?? null;
}

/** The values of a name joined as the Fetch standard joins them; `null` if there is none. */
function headerValue(headers: readonly HeaderPair[], wanted: string): string | null {
  const values = headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
  return values.length === 0 ? null : values.join(', ');
}
