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
  const hasBodyHeaders = hasBody || options.method === 'HEAD';
  const passed = isCacheable ? rules.pass.whenCached : rules.pass.base;
  for (const wanted of passHeaders.length === 0 ? passed : new Set([...passed, ...passHeaders])) {
    if (hasBodyHeaders || !bodyHeaders.has(wanted)) passHeader(headers, pairs, wanted);
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
  const headers: Record<string, string> = {
    'x-bare-status': String(status),
    'x-bare-status-text': reasonPhrase(statusText),
  };
  const parts: HeaderPair[] = isSplit ? splitHeader('x-bare-headers', json) : [['x-bare-headers', json]];
  for (const [name, value] of parts) headers[name] = value;
  return headers;
}

function readPairs({ rawHeaders }: RemoteResponse): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (!hopByHop.has(name.toLowerCase())) pairs.push([name, rawHeaders[index + 1]!]);
  }
  return pairs;
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
  for (const [name, value] of pairs) {
    // A lenient parser lets values through that Node would refuse to send.
    if (name.length !== wanted.length || name.toLowerCase() !== wanted || !isHeaderValue(value)) continue;
    const present = headers[wanted];
    if (present === undefined) headers[wanted] = value;
    // Two lengths in a message are an attack or a mistake; equal ones are harmless when sent once.
    else if (wanted !== 'content-length') headers[wanted] = [present, value].flat();
  }
}

function reasonPhrase(text: string | undefined): string {
  return (text ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}
