/**
 * The rules of RFC 6265bis: the table of `conformance.test-support.ts`, and those of single algorithms. Sections are of
 * draft-ietf-httpbis-rfc6265bis; the jar sees each line with a second between.
 */
import { describe, expect, it } from 'vitest';
import { cookieCases, titleOf } from './conformance.test-support.js';
import { CookieJar } from './cookie-jar.js';
import { parseCookieDate } from './cookie-date.js';
import { defaultPath, pathMatches } from './path-match.js';
import { domainMatches } from './domain-match.js';

const now = Date.UTC(2026, 0, 1);
const suffixes = new Set(['com', 'test', 'org', 'co.uk', 'github.io']);

/** What `to` gets after the lines were set at `from`. */
function exchange(lines: readonly string[], from: string, to: string): string {
  const jar = new CookieJar({ isPublicSuffix: (domain) => suffixes.has(domain) });
  lines.forEach((line, i) => jar.setCookie(line, from, { http: true, now: now + i * 1000 }));
  return jar.getCookieHeader(to, { sameSite: 'strict', now: now + 3600_000 });
}

it('has at least 250 cases, each of its own', () => {
  expect(cookieCases.length).toBeGreaterThanOrEqual(250);
  expect(new Set(cookieCases.map(titleOf)).size).toBe(cookieCases.length);
});

it.each(cookieCases.map((cookieCase) => [titleOf(cookieCase), cookieCase] as const))('%s', (_title, cookieCase) => {
  const { lines, from, to, sent } = cookieCase;
  expect(
    exchange(
      lines.map((line) => line.replaceAll('YYYY', '2027')),
      from,
      to,
    ),
  ).toBe(sent);
});

describe('domain-match (section 5.1.3)', () => {
  it.each<[host: string, domain: string, expected: boolean]>([
    ['example.com', 'example.com', true],
    ['www.example.com', 'example.com', true],
    ['a.b.example.com', 'example.com', true],
    ['example.com', 'www.example.com', false],
    ['badexample.com', 'example.com', false],
    ['example.com.evil.test', 'example.com', false],
    ['example.org', 'example.com', false],
    ['com', 'com', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '0.0.1', false],
    ['127.0.0.1', '1', false],
    ['[::1]', '[::1]', true],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['www.xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['localhost', 'localhost', true],
    ['a.localhost', 'localhost', true],
  ])('%s matches %s: %s', (host, domain, expected) => expect(domainMatches(host, domain)).toBe(expected));
});

describe('default-path and path-match (section 5.1.4)', () => {
  it.each<[path: string, expected: string]>([
    ['/', '/'],
    ['/a', '/'],
    ['/a/', '/a'],
    ['/a/b', '/a'],
    ['/a/b/', '/a/b'],
    ['//', '/'],
    ['//a', '/'],
    ['', '/'],
    ['a', '/'],
    ['/%2F/x', '/%2F'],
    ['/a/b/c/d', '/a/b/c'],
    ['/a;b/c', '/a;b'],
  ])('the default path at %j is %j', (path, expected) => expect(defaultPath(path)).toBe(expected));

  it.each<[path: string, cookiePath: string, expected: boolean]>([
    ['/', '/', true],
    ['/a', '/', true],
    ['/a', '/a', true],
    ['/a/', '/a', true],
    ['/a/b', '/a', true],
    ['/a/b', '/a/', true],
    ['/ab', '/a', false],
    ['/a', '/a/', false],
    ['/A', '/a', false],
    ['/b', '/a', false],
    ['/', '/a', false],
    ['/a%20b', '/a b', false],
    ['/a//b', '/a/', true],
    ['/a//b', '/a//', true],
    ['/a?b', '/a', false],
  ])('%j matches %j: %s', (path, cookiePath, expected) => expect(pathMatches(path, cookiePath)).toBe(expected));
});

describe('dates (section 5.1.1)', () => {
  const time = Date.UTC(2027, 7, 7, 8, 4, 19);
  it.each<[date: string, expected: number | null]>([
    ['Sat, 07 Aug 2027 08:04:19 GMT', time],
    ['Sat, 07-Aug-2027 08:04:19 GMT', time],
    ['Sat, 07-Aug-27 08:04:19 GMT', time],
    ['Saturday, 07-Aug-27 08:04:19 GMT', time],
    ['Sat Aug  7 08:04:19 2027', time],
    ['7 Aug 2027 8:4:19', time],
    ['07 August 2027 08:04:19', time],
    ['07 AUG 2027 08:04:19', time],
    ['Aug 07 2027 08:04:19', time],
    ['2027 Aug 07 08:04:19', time],
    ['08:04:19 07 Aug 2027', time],
    ['08:04:19 2027 07 Aug', time],
    ['Mon, 07 Aug 2027 08:04:19 PST', time],
    ['07 Aug 2027 08:04:19 +0100', time],
    ['07th Aug 2027 08:04:19', time],
    ['07/Aug/2027/08:04:19', time],
    ['\t07;Aug;2027;08:04:19', time],
    ['07 Aug 2027 08:04:19x', time],
    ['07 Aug 69 00:00:00', Date.UTC(2069, 7, 7)],
    ['07 Aug 70 00:00:00', Date.UTC(1970, 7, 7)],
    ['07 Aug 99 00:00:00', Date.UTC(1999, 7, 7)],
    ['07 Aug 00 00:00:00', Date.UTC(2000, 7, 7)],
    ['29 Feb 2028 00:00:00', Date.UTC(2028, 1, 29)],
    ['01 Jan 1601 00:00:00', Date.UTC(1601, 0, 1)],
    ['31 Dec 9999 23:59:59', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['01 Jan 1600 00:00:00', null],
    ['29 Feb 2027 00:00:00', null],
    ['31 Apr 2027 00:00:00', null],
    ['32 Jan 2027 00:00:00', null],
    ['00 Jan 2027 00:00:00', null],
    ['07 Aug 2027 24:00:00', null],
    ['07 Aug 2027 08:60:00', null],
    ['07 Aug 2027 08:04:60', null],
    ['07 Aug 2027 08:04', null],
    ['07 Aug 2027', null],
    ['07 Foo 2027 08:04:19', null],
    ['Aug 2027 08:04:19', null],
    ['07 Aug 08:04:19', null],
    ['007 Aug 2027 08:04:19', null],
    ['07 Aug 20270 08:04:19', null],
    ['2027-08-07T08:04:19Z', null],
    ['1817712259', null],
    ['', null],
  ])('%j is %s', (date, expected) => expect(parseCookieDate(date)).toBe(expected));
});
