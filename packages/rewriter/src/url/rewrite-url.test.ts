import { describe, expect, it } from 'vitest';
import { urlClasses, type UrlClass } from './url-classes.js';
import type { UrlSettings } from './url-settings.js';
import { decodeRoute, fromBrowser, toBrowser } from './rewrite-url.js';

const real: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const scoped: UrlSettings = { ...real, urls: 'scoped' };
const route = (rest: string): string => `http://localhost:8080/service/${rest}`;

describe.each(['component', 'base64url'] as const)('with the codec %s', (codec) => {
  it.each([
    'https://example.com/',
    'http://example.com:8081/a/b?c=d&e#f?g#h',
    'https://example.com/?',
    'https://example.com/#',
    'https://example.com/?#',
    'https://example.com/?a?b',
    'https://example.com/%',
    'https://example.com/%2F%zz%C3%A9?%27',
    'https://user:pass@example.com/',
    'https://xn--nxasmq6b.example/',
    "https://example.com/a'(b)*!~._-",
    'https://example.com/http://other.example/service/html/x',
  ])('decodes what it encoded: %s', (url) => {
    const settings = { ...real, codec };
    const proxyUrl = toBrowser(url, 'document', settings);
    expect(proxyUrl.startsWith(route('html/'))).toBe(true);
    expect(new URL(proxyUrl).href).toBe(proxyUrl);
    expect(fromBrowser(proxyUrl, settings)).toBe(url);
  });
});

it('leaves the fragment outside the encoding', () => {
  expect(toBrowser('https://a.example/#b%20"', 'document', real)).toBe(
    route('html/https%3A%2F%2Fa.example%2F#b%20%22'),
  );
});

it('scopes exactly the classes of the table under real URLs', () => {
  for (const [name, entry] of Object.entries(urlClasses)) {
    const expected =
      entry.real === 'scoped' ? route(`${entry.asset}/https%3A%2F%2Fa.example%2F`) : 'https://a.example/';
    expect(toBrowser('https://a.example/', name as UrlClass, real), name).toBe(expected);
  }
});

it('scopes every class under scoped URLs, and single classes on demand', () => {
  expect(toBrowser('https://a.example/', 'image', scoped)).toBe(route('img/https%3A%2F%2Fa.example%2F'));
  expect(toBrowser('https://a.example/', 'image', { ...real, scopedClasses: ['image'] })).toBe(
    route('img/https%3A%2F%2Fa.example%2F'),
  );
  expect(toBrowser('https://a.example/', 'font', { ...real, scopedClasses: ['image'] })).toBe('https://a.example/');
});

it.each([
  'about:blank',
  'data:text/html,a',
  'blob:https://a.example/1',
  'mailto:a',
  'ftp://a.example/',
  'javascript:1',
  '',
  '/a',
  'http://[',
])('leaves %j as it is', (url) => expect(toBrowser(url, 'document', real)).toBe(url));

it('leaves a URL that is scoped already', () => {
  const proxyUrl = toBrowser('https://a.example/', 'document', real);
  expect(toBrowser(proxyUrl, 'document', real)).toBe(proxyUrl);
  expect(toBrowser(proxyUrl, 'image', scoped)).toBe(proxyUrl);
});

it('serializes as the URL parser does', () => {
  expect(toBrowser('HTTP://EXAMPLE.com:80/ü', 'document', real)).toBe(
    route('html/http%3A%2F%2Fexample.com%2F%25C3%25BC'),
  );
});

it('reads a fragment inside the encoding, and a native one over it', () => {
  expect(decodeRoute(route('html/https%3A%2F%2Fa.example%2F%23in'), real)?.remoteUrl).toBe('https://a.example/#in');
  expect(decodeRoute(route('html/https%3A%2F%2Fa.example%2F%23in#out'), real)?.remoteUrl).toBe(
    'https://a.example/#out',
  );
});

it('reads a native query as that of a form that was submitted to the route', () => {
  expect(decodeRoute(route('html/https%3A%2F%2Fa.example%2F%3Fb?c=d'), real)?.remoteUrl).toBe('https://a.example/?c=d');
  expect(decodeRoute(route('html/https%3A%2F%2Fa.example%2F?'), real)?.remoteUrl).toBe('https://a.example/?');
});

it('reads a URL that was not encoded', () => {
  expect(decodeRoute(route('html/https://a.example/b?c#d'), real)?.remoteUrl).toBe('https://a.example/b?c#d');
});

it('names the asset', () => {
  expect(decodeRoute(route('sharedworker/https%3A%2F%2Fa.example%2F'), real)).toEqual({
    asset: 'sharedworker',
    remoteUrl: 'https://a.example/',
  });
});

it.each([
  'https://a.example/',
  'http://localhost:8080/',
  'http://localhost:8080/service',
  route(''),
  route('html'),
  route('html/'),
  route('html/%'),
  route('html/%E0%A4%A'),
  route('html/%FF'),
  route('html/relative'),
  route('html/http%3A%2F%2F%5B'),
  route('~/worker-runtime.js'),
  route('unknown/https%3A%2F%2Fa.example%2F'),
  'http://localhost:80801/service/html/https%3A%2F%2Fa.example%2F',
])('is null for what is no route of ours: %s', (url) => {
  expect(decodeRoute(url, real)).toBe(null);
  expect(fromBrowser(url, real)).toBe(url);
});
