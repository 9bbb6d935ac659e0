import type { HeaderPair } from '@culvert/bare-client';
import { expect, it } from 'vitest';
import {
  currentAge,
  freshnessLifetime,
  freshnessOf,
  isStorable,
  parseCacheControl,
  updatedHeaders,
  variesAlike,
  varyValues,
} from './freshness.js';

const now = Date.UTC(2026, 0, 1);
const httpDate = (offset: number) => new Date(now + offset * 1000).toUTCString();
const list = (headers: Record<string, string>): HeaderPair[] => Object.entries(headers);
const stored = (headers: Record<string, string>, status = 200) => ({
  status,
  headers: list(headers),
  requestTime: now,
  responseTime: now,
});

it('reads Cache-Control with quotes, blanks and unknown directives', () => {
  const control = parseCacheControl('Max-Age = "10", private, max-age=20, x="a,b", no-store');
  expect([...control]).toEqual([
    ['max-age', '10'],
    ['private', null],
    ['x', 'a,b'],
    ['no-store', null],
  ]);
});

it.each<[headers: Record<string, string>, status: number, expected: boolean]>([
  [{ 'Cache-Control': 'max-age=10' }, 200, true],
  [{ 'Cache-Control': 'max-age=10, no-store' }, 200, false],
  [{ 'Cache-Control': 'private' }, 200, false],
  [{ ETag: '"1"' }, 200, true],
  [{ 'Last-Modified': httpDate(-10) }, 404, true],
  [{ ETag: '"1"' }, 302, false],
  [{ 'Cache-Control': 'max-age=10' }, 302, true],
  [{ 'Cache-Control': 'max-age=10' }, 500, false],
  [{ 'Cache-Control': 'max-age=10' }, 206, false],
  [{ 'Cache-Control': 'max-age=10', Vary: 'Accept, *' }, 200, false],
  [{ Expires: httpDate(10) }, 200, true],
])('stores %j with the status %d: %s', (headers, status, expected) => {
  expect(isStorable({ headers: list(headers), status })).toBe(expected);
});

it.each<[headers: Record<string, string>, seconds: number]>([
  [{ 'Cache-Control': 'max-age=10', Expires: httpDate(99) }, 10],
  [{ 'Cache-Control': 'no-cache, max-age=10' }, 0],
  [{ 'Cache-Control': 'max-age=x' }, 0],
  [{ Expires: httpDate(20), Date: httpDate(0) }, 20],
  [{ Expires: httpDate(20) }, 20],
  [{ Expires: '0' }, 0],
  [{ 'Last-Modified': httpDate(-100), Date: httpDate(0) }, 10],
  [{ 'Last-Modified': httpDate(-100), Pragma: 'no-cache' }, 0],
  [{ ETag: '"1"' }, 0],
])('takes %j as fresh for %d s', (headers, seconds) => {
  expect(freshnessLifetime(stored(headers))).toBe(seconds * 1000);
});

it('counts the age from Date, Age and the time in the cache', () => {
  expect(currentAge(stored({ Age: '5' }), now + 1000)).toBe(6000);
  expect(currentAge(stored({ Date: httpDate(-7), Age: '5' }), now + 1000)).toBe(8000);
  expect(currentAge({ ...stored({ Age: '5' }), requestTime: now - 2000 }, now)).toBe(7000);
});

it.each<[control: string, age: number, expected: string]>([
  ['max-age=10', 9, 'fresh'],
  ['max-age=10', 10, 'stale'],
  ['max-age=10, stale-while-revalidate=5', 14, 'stale-while-revalidate'],
  ['max-age=10, stale-while-revalidate=5', 15, 'stale'],
  ['max-age=10, stale-while-revalidate=5, must-revalidate', 14, 'stale'],
  ['immutable', 1000, 'fresh'],
])('takes "%s" after %d s as %s', (control, age, expected) => {
  expect(freshnessOf(stored({ 'Cache-Control': control }), now + age * 1000)).toBe(expected);
});

it('takes new headers from a 304, but not what describes its own body', () => {
  const before = list({ ETag: '"1"', 'Cache-Control': 'max-age=1', 'Content-Length': '10' });
  const after = updatedHeaders(
    before,
    list({ 'cache-control': 'max-age=9', 'content-length': '0', 'Set-Cookie': 'a' }),
  );
  expect(Object.fromEntries(after)).toEqual({ ETag: '"1"', 'Content-Length': '10', 'cache-control': 'max-age=9' });
});

it('compares what an answer varies by', () => {
  const values = varyValues(list({ Vary: 'Accept, X-Own' }), list({ accept: 'a, b' }));
  expect(variesAlike(values, list({ Accept: 'a,b' }))).toBe(true);
  expect(variesAlike(values, list({ Accept: 'a,b', 'x-own': '1' }))).toBe(false);
});
