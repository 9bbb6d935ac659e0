/**
 * @module
 * RFC 9111 without a store: what may be kept, for how long it is fresh, and how it is asked for again. A private cache, as a
 * browser's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111
 */
import type { HeaderPair } from '@culvert/bare-client';
import { headerValue } from '../headers/header-list.js';

export type CacheDirectives = ReadonlyMap<string, string | null>;

/** Section 5.2: names in lowercase. Of a directive that is there twice the first counts. */
export function parseCacheControl(value: string | null): CacheDirectives {
  const directives = new Map<string, string | null>();
  for (const match of (value ?? '').matchAll(/([^\s,;="]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?/g)) {
    const name = match[1]!.toLowerCase();
    if (!directives.has(name)) directives.set(name, match[2] ?? match[3] ?? null);
  }
  return directives;
}

export interface StoredAnswer {
  status: number;
  headers: readonly HeaderPair[];
  /** When it was asked for and when it came, in milliseconds. */
  requestTime: number;
  responseTime: number;
}

/** Statuses that may be kept without an explicit lifetime (RFC 9110 section 15.1), 206 left out. */
const heuristicallyCacheable: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);
const understood: ReadonlySet<number> = new Set([...heuristicallyCacheable, 302, 303, 307]);

/** Section 3. Chrome's rule besides: what could neither be used nor asked for again is not worth the room. */
export function isStorable({ status, headers }: Pick<StoredAnswer, 'status' | 'headers'>): boolean {
  if (!understood.has(status)) return false;
  const control = parseCacheControl(headerValue(headers, 'cache-control'));
  if (control.has('no-store')) return false;
  if ((headerValue(headers, 'vary') ?? '').split(',').some((name) => name.trim() === '*')) return false;
  if (headerValue(headers, 'content-range') !== null) return false;
  const isExplicit = control.has('max-age') || headerValue(headers, 'expires') !== null || control.has('immutable');
  if (isExplicit) return true;
  const hasValidator = headerValue(headers, 'etag') !== null || headerValue(headers, 'last-modified') !== null;
  return heuristicallyCacheable.has(status) && hasValidator;
}

const seconds = (value: string | null | undefined): number | null =>
  value !== null && value !== undefined && /^\d+$/.test(value) ? Number(value) : null;

const date = (value: string | null): number | null => {
  const time = value === null ? NaN : Date.parse(value);
  return Number.isNaN(time) ? null : time;
};

/** Section 4.2.1, in milliseconds. */
export function freshnessLifetime({ status, headers, responseTime }: StoredAnswer): number {
  const control = parseCacheControl(headerValue(headers, 'cache-control'));
  if (control.has('no-cache')) return 0;
  if (control.has('max-age')) return (seconds(control.get('max-age')) ?? 0) * 1000;
  const base = date(headerValue(headers, 'date')) ?? responseTime;
  const expires = headerValue(headers, 'expires');
  // What is no date, "0" above all, lies in the past.
  if (expires !== null) return Math.max(0, (date(expires) ?? 0) - base);
  if (control.has('immutable')) return immutableLifetime;
  if (/\bno-cache\b/i.test(headerValue(headers, 'pragma') ?? '')) return 0;
  // Section 4.2.2: a tenth of the time since the last change.
  const modified = date(headerValue(headers, 'last-modified'));
  if (status === 301 || status === 308 || status === 410) return immutableLifetime;
  return modified === null || !heuristicallyCacheable.has(status) ? 0 : Math.max(0, (base - modified) / 10);
}

const immutableLifetime = 365 * 24 * 60 * 60 * 1000;

/** Section 4.2.3, in milliseconds. */
export function currentAge({ headers, requestTime, responseTime }: StoredAnswer, now: number): number {
  const apparent = Math.max(0, responseTime - (date(headerValue(headers, 'date')) ?? responseTime));
  const corrected = (seconds(headerValue(headers, 'age')) ?? 0) * 1000 + (responseTime - requestTime);
  return Math.max(apparent, corrected) + (now - responseTime);
}

export type Freshness = 'fresh' | 'stale-while-revalidate' | 'stale';

export function freshnessOf(stored: StoredAnswer, now: number): Freshness {
  const staleness = currentAge(stored, now) - freshnessLifetime(stored);
  if (staleness < 0) return 'fresh';
  const control = parseCacheControl(headerValue(stored.headers, 'cache-control'));
  if (control.has('must-revalidate') || control.has('no-cache')) return 'stale';
  const allowed = seconds(control.get('stale-while-revalidate'));
  return allowed !== null && staleness < allowed * 1000 ? 'stale-while-revalidate' : 'stale';
}

/** Section 4.3.1. */
export function validators(headers: readonly HeaderPair[]): HeaderPair[] {
  const etag = headerValue(headers, 'etag');
  const modified = headerValue(headers, 'last-modified');
  return [
    ...(etag === null ? [] : [['If-None-Match', etag] as HeaderPair]),
    ...(modified === null ? [] : [['If-Modified-Since', modified] as HeaderPair]),
  ];
}

/** Section 3.2: of a 304 these describe the answer itself and not what is stored. */
const notUpdated = /^(?:content-length|content-encoding|content-range|transfer-encoding|connection|set-cookie)$/i;

export function updatedHeaders(stored: readonly HeaderPair[], fresh: readonly HeaderPair[]): HeaderPair[] {
  const news = fresh.filter(([name]) => !notUpdated.test(name));
  const replaced = new Set(news.map(([name]) => name.toLowerCase()));
  return [...stored.filter(([name]) => !replaced.has(name.toLowerCase())), ...news];
}

/** Section 4.1: the headers of the request that the answer depends on. */
export function varyValues(answer: readonly HeaderPair[], request: readonly HeaderPair[]): Record<string, string> {
  const names = (headerValue(answer, 'vary') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const values: Record<string, string> = {};
  for (const name of names) if (name !== '') values[name] = (headerValue(request, name) ?? '').replace(/\s+/g, '');
  return values;
}

export function variesAlike(values: Readonly<Record<string, string>>, request: readonly HeaderPair[]): boolean {
  return Object.entries(values).every(
    ([name, value]) => (headerValue(request, name) ?? '').replace(/\s+/g, '') === value,
  );
}
