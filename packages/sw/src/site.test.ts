import { expect, it } from 'vitest';
import { isPublicSuffix, isSameOrigin, isSameSite, originOf, siteOf } from './site.js';

it.each([
  ['https://a.b.example.co.uk:8443/x', 'https://example.co.uk'],
  ['http://me.github.io/', 'http://me.github.io'],
  ['http://localhost:8080/', 'http://localhost'],
  ['http://127.0.0.1:1/', 'http://127.0.0.1'],
  ['http://[::1]:1/', 'http://[::1]'],
  ['http://www.web-platform.test:8000/', 'http://web-platform.test'],
  ['wss://a.example.com/', 'https://example.com'],
  ['about:blank', 'null'],
  ['nonsense', 'null'],
])('the site of %s is %s', (url, site) => {
  expect(siteOf(url)).toBe(site);
});

it('knows public suffixes, private ones too', () => {
  expect(['com', 'co.uk', 'github.io', 'example.com', 'localhost'].map(isPublicSuffix)).toEqual([
    true,
    true,
    true,
    false,
    true,
  ]);
});

it('tells schemes apart in sites', () => {
  expect(isSameSite('http://example.com/', 'https://example.com/')).toBe(false);
  expect(isSameSite('https://a.example.com/', 'https://b.example.com/')).toBe(true);
});

it('never takes opaque origins for the same', () => {
  expect(isSameOrigin('data:,x', 'data:,x')).toBe(false);
  expect(isSameSite('data:,x', 'data:,x')).toBe(false);
  expect(originOf('data:,x')).toBe('null');
});
