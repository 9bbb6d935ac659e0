import { expect, it } from 'vitest';
import { domainMatches, isIpAddress } from './domain-match.js';
import { defaultPath, pathMatches } from './path-match.js';
import { isSecureUrl } from './secure-url.js';
import { allowsCreation, allowsSending } from './same-site.js';
import type { SameSiteContext, SameSiteMode } from './cookie.js';

it.each<[host: string, domain: string, expected: boolean]>([
  ['example.com', 'example.com', true],
  ['a.example.com', 'example.com', true],
  ['a.b.example.com', 'example.com', true],
  ['badexample.com', 'example.com', false],
  ['example.com', 'a.example.com', false],
  ['example.com', '', false],
  ['example.com', 'com.', false],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '0.0.1', false],
  ['[::1]', '[::1]', true],
])('domain-match of host %s and domain %s is %s', (host, domain, expected) => {
  expect(domainMatches(host, domain)).toBe(expected);
});

it('tells addresses from names', () => {
  expect(['1.2.3.4', '[::1]', 'example.com', '1.2.3.4.test'].map(isIpAddress)).toEqual([true, true, false, false]);
});

it.each([
  ['/', '/'],
  ['/a', '/'],
  ['/a/', '/a'],
  ['/a/b', '/a'],
  ['/a/b/', '/a/b'],
  ['', '/'],
  ['a/b', '/'],
])('the default path of %j is %s', (pathname, expected) => {
  expect(defaultPath(pathname)).toBe(expected);
});

it.each<[request: string, cookie: string, expected: boolean]>([
  ['/', '/', true],
  ['/a', '/', true],
  ['/a', '/a', true],
  ['/a/', '/a', true],
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/a/', false],
  ['/a/b', '/a/', true],
  ['/A', '/a', false],
])('path-match of request %s and cookie %s is %s', (request, cookie, expected) => {
  expect(pathMatches(request, cookie)).toBe(expected);
});

it.each<[url: string, expected: boolean]>([
  ['https://example.com/', true],
  ['wss://example.com/', true],
  ['http://example.com/', false],
  ['http://localhost:8080/', true],
  ['http://a.localhost/', true],
  ['http://127.8.9.1/', true],
  ['http://[::1]/', true],
  ['http://notlocalhost/', false],
  ['http://localhost.example/', false],
])('%s counts as secure: %s', (url, expected) => {
  expect(isSecureUrl(new URL(url))).toBe(expected);
});

const now = 1_000_000_000;
it.each<[context: SameSiteContext, sent: SameSiteMode[]]>([
  ['strict', ['strict', 'lax', 'default', 'none']],
  ['lax', ['lax', 'default', 'none']],
  ['lax-unsafe', ['none']],
  ['cross', ['none']],
])('in the context %s cookies of the modes %j go', (context, sent) => {
  const modes: SameSiteMode[] = ['strict', 'lax', 'default', 'none'];
  const old = now - 3 * 60 * 1000;
  expect(modes.filter((sameSite) => allowsSending({ sameSite, created: old }, context, now))).toEqual(sent);
});

it('sends a cookie without SameSite with a cross-site top-level POST for two minutes', () => {
  const send = (age: number) => allowsSending({ sameSite: 'default', created: now - age }, 'lax-unsafe', now);
  expect([send(119_000), send(121_000)]).toEqual([true, false]);
});

it('creates only SameSite=None cookies in a cross-site subresource', () => {
  const modes: SameSiteMode[] = ['strict', 'lax', 'default', 'none'];
  expect(modes.filter((mode) => allowsCreation(mode, 'cross'))).toEqual(['none']);
  expect(modes.every((mode) => allowsCreation(mode, 'lax-unsafe'))).toBe(true);
});
