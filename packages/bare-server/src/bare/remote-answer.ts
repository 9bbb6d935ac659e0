/**
 * @module
 * A remote's answer as a Bare answer: status and headers inside X-Bare headers, a few passed outside, the body untouched.
 */
import { isHeaderValue, serializeBareHeaders, splitHeader, type HeaderPair } from '@culvert/bare-protocol';
import type { RemoteResponse } from '../remote/remote-request.js';
import { sharingHeaders } from './answer.js';
import type { VersionRules } from './header-lists.js';

export interface AnswerOptions {
  method: string;
  rules: VersionRules;
  hasCache: boolean;
  passHeaders: readonly string[];
  passStatus: readonly number[];
  /** The request to us had If-None-Match or If-Modified-Since: the browser's cache asks, and it understands a 304. */
  isConditional: boolean;
  /** Names of the X-Bare headers of the request, which the answer depends on. */
  bareHeaderNames: readonly string[];
}

export interface BareAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  hasBody: boolean;
}

/** Hop-by-hop headers say nothing about the remote's message; Node has already undone what they describe. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'trailer']);
/** What describes a body that is not there. */
const bodyHeaders = new Set(['content-encoding', 'content-length']);
const bodilessStatuses = new Set([101, 204, 205, 304]);

export function createBareAnswer(remote: RemoteResponse, options: AnswerOptions): BareAnswer {
  const { rules, hasCache, passHeaders, passStatus, isConditional } = options;
  const remoteStatus = remote.statusCode ?? 502;
  const pairs = readPairs(remote);
  const isRevalidation = remoteStatus === 304 && isConditional && (hasCache || passStatus.includes(304));
  const status = isRevalidation || passStatus.includes(remoteStatus) ? remoteStatus : 200;
  const hasBody = options.method !== 'HEAD' && !bodilessStatuses.has(remoteStatus) && !bodilessStatuses.has(status);

  const headers: Record<string, string | string[]> = { ...sharingHeaders };
  // A 304 that is passed on as 200 has no body to keep: caching it would serve an empty page later.
  const isCacheable = hasCache && (remoteStatus !== 304 || isRevalidation);
  const passed = [...rules.pass.base, ...(isCacheable ? rules.pass.withCache : []), ...passHeaders];
  for (const wanted of new Set(passed)) {
    if (bodyHeaders.has(wanted) && !hasBody && options.method !== 'HEAD') continue;
    passHeader(headers, pairs, wanted);
  }
  if (!hasBody && options.method !== 'HEAD' && status === 200) headers['content-length'] = '0';
  // Without this a browser might keep an answer by its Last-Modified, and give it to a request for another URL.
  if (!isCacheable && !passHeaders.includes('cache-control')) headers['cache-control'] = 'no-store';
  if (hasCache) headers['vary'] = [...options.bareHeaderNames, 'accept-encoding', 'accept-language'].join(', ');

  // The browser merges a 304's headers into the answer it has kept, whose X-Bare-Status has to stay 200.
  if (!isRevalidation) {
    Object.assign(headers, describeRemote(remoteStatus, remote.statusMessage, pairs, rules.hasSplitHeaders));
  }
  return { status, headers, hasBody };
}

/** The X-Bare headers of an answer. */
export function describeRemote(
  status: number,
  statusText: string | undefined,
  pairs: readonly HeaderPair[],
  isSplit: boolean,
): Record<string, string> {
  const json = serializeBareHeaders(pairs);
  const parts: HeaderPair[] = isSplit ? splitHeader('x-bare-headers', json) : [['x-bare-headers', json]];
  return {
    'x-bare-status': String(status),
    'x-bare-status-text': reasonPhrase(statusText),
    ...Object.fromEntries(parts),
  };
}

function readPairs({ rawHeaders }: RemoteResponse): HeaderPair[] {
  return toPairs(rawHeaders).filter(([name]) => !hopByHop.has(name.toLowerCase()));
}

/** Node's alternating names and values as pairs. */
export function toPairs(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index]!, rawHeaders[index + 1]!]);
  }
  return pairs;
}

function passHeader(headers: Record<string, string | string[]>, pairs: readonly HeaderPair[], wanted: string): void {
  const values: string[] = [];
  for (const [name, value] of pairs) {
    // A lenient parser lets values through that Node would refuse to send.
    if (name.toLowerCase() === wanted && isHeaderValue(value)) values.push(value);
  }
  if (values.length === 0) return;
  // Two lengths in a message are an attack or a mistake; equal ones are harmless when sent once.
  headers[wanted] = values.length === 1 || wanted === 'content-length' ? values[0]! : values;
}

function reasonPhrase(text: string | undefined): string {
  return (text ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}
