/**
 * @module
 * A request by way of the HTTP cache.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
import type { HeaderPair } from '@culvert/bare-client';
import { fitsIfRange, respondWithRange } from '../../cache/byte-range.js';
import type { CacheEntry } from '../../cache/http-cache.js';
import { freshnessOf, isStorable, updatedHeaders, validators } from '../../cache/freshness.js';
import { ServiceWorkerError } from '../../errors.js';
import type { RemoteResponse } from '../body/whole-body.js';
import { notStored, type TranslatedRequest } from '../fetch-context.js';

export interface CacheableAnswer {
  remote: RemoteResponse;
  /** Where it is stored, if it was there already. */
  entry: CacheEntry | null;
  /** The same of what is on its way there; `null` in the end if it was not kept. */
  storing: Promise<CacheEntry | null>;
}

/** Sends with these headers, whatever the cache says. */
export type Send = (headers: HeaderPair[]) => Promise<RemoteResponse>;

/** A page that sets one of these asks for itself. */
const conditional = ['if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-match', 'if-range', 'range'];

/** @throws ServiceWorkerError SW_NOT_CACHED */
export async function fetchCached(context: TranslatedRequest, send: Send): Promise<CacheableAnswer> {
  const { request, requestHeaders, services, topLevelSite, remoteUrl } = context;
  const { cache } = services;
  const key = cache.keyOf(topLevelSite, remoteUrl);
  const ranged = await findRange(context, key);
  if (ranged) return ranged;
  const isConditional = conditional.some((name) => request.headers.has(name));
  const mode: RequestCache = isConditional ? 'no-store' : request.cache;
  if (request.method !== 'GET' || mode === 'no-store') {
    const remote = await send(requestHeaders);
    // RFC 9111 section 4.4.
    const isUnsafe = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(request.method);
    if (isUnsafe && remote.status < 400) context.event.waitUntil(cache.delete(key));
    return { remote, entry: null, storing: notStored };
  }

  const found = mode === 'reload' ? null : await cache.find(key, requestHeaders);
  if (found) {
    const freshness = freshnessOf(found.entry, Date.now());
    const isUsable =
      mode === 'force-cache' || mode === 'only-if-cached' || (mode === 'default' && freshness !== 'stale');
    if (isUsable) {
      if (mode === 'default' && freshness === 'stale-while-revalidate') {
        context.event.waitUntil(refresh(context, key, found.entry, send));
      }
      return { remote: cache.respond(found), entry: found.entry, storing: notStored };
    }
  }
  if (mode === 'only-if-cached') {
    throw new ServiceWorkerError('SW_NOT_CACHED', `Failed to fetch ${remoteUrl}: it is not cached.`);
  }
  const asked = found ? validators(found.entry.headers) : [];
  const requestTime = Date.now();
  const remote = await send([...requestHeaders, ...asked]);
  if (found && asked.length > 0 && remote.status === 304) {
    const entry: CacheEntry = {
      ...found.entry,
      headers: updatedHeaders(found.entry.headers, remote.rawHeaders),
      requestTime,
      responseTime: Date.now(),
    };
    await remote.body?.cancel();
    const copy = { entry, body: found.body.clone() };
    context.event.waitUntil(cache.update({ entry, body: found.body }, entry).then(() => cache.written()));
    const answer = cache.respond(copy);
    // Cookies of the 304 count, though it is not what is stored.
    const cookies = remote.rawHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie');
    answer.rawHeaders.push(...cookies);
    return { remote: answer, entry, storing: notStored };
  }
  return { ...keep(context, key, remote, requestTime), entry: null };
}

/** A range of what is stored whole and fresh. @returns null where the site is to be asked */
async function findRange(context: TranslatedRequest, key: string): Promise<CacheableAnswer | null> {
  const { request, requestHeaders, services } = context;
  const range = request.headers.get('range');
  const isPlain = conditional.every((name) => /range$/.test(name) || !request.headers.has(name));
  const usesCache = request.cache === 'default' || request.cache === 'force-cache';
  if (range === null || request.method !== 'GET' || !isPlain || !usesCache) return null;
  const found = await services.cache.find(key, requestHeaders);
  if (!found) return null;
  const isFresh = request.cache === 'force-cache' || freshnessOf(found.entry, Date.now()) === 'fresh';
  if (!isFresh || !fitsIfRange(request.headers.get('if-range'), found.entry.headers)) return null;
  const remote = await respondWithRange(found, range);
  return remote && { remote, entry: null, storing: notStored };
}

/** The answer, with a copy of it on its way into the cache if it may be kept. */
function keep(
  context: TranslatedRequest,
  key: string,
  remote: RemoteResponse,
  requestTime: number,
): Pick<CacheableAnswer, 'remote' | 'storing'> {
  const { services, event, requestHeaders } = context;
  const { status, statusText, rawHeaders } = remote;
  const answer = { status, statusText, headers: rawHeaders, requestTime, responseTime: Date.now() };
  if (!isStorable(answer)) {
    // What is stored is older than an answer that may not be.
    if (status < 500) event.waitUntil(services.cache.delete(key));
    return { remote, storing: notStored };
  }
  const { wholeBody } = remote;
  const [forPage, forCache] = wholeBody ? [null, wholeBody] : (remote.body?.tee() ?? [null, null]);
  const storing = services.cache.put(key, answer, requestHeaders, forCache);
  event.waitUntil(storing.then(() => services.cache.written()));
  const copy = forPage ? new Response(forPage, { status, statusText }) : remote;
  return { remote: Object.assign(copy, { rawHeaders, finalUrl: remote.finalUrl }), storing };
}

/** In the background; nobody waits for it, and nobody is told if it fails. */
async function refresh(context: TranslatedRequest, key: string, entry: CacheEntry, send: Send): Promise<void> {
  const requestTime = Date.now();
  try {
    const remote = await send([...context.requestHeaders, ...validators(entry.headers)]);
    if (remote.status !== 304) {
      await keep(context, key, remote, requestTime).remote.body?.cancel();
      return;
    }
    const found = await context.services.cache.find(key, context.requestHeaders);
    const headers = updatedHeaders(entry.headers, remote.rawHeaders);
    if (found)
      await context.services.cache.update(found, { ...found.entry, headers, requestTime, responseTime: Date.now() });
  } catch {
    // The site or the Bare server is out of reach: the stored answer stays as old as it is.
  }
}
