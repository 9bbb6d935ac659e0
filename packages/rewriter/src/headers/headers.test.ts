import { expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { leakGuardPolicy } from './leak-guard-policy.js';
import { rewriteLink } from './link.js';
import { rewriteLocation } from './location.js';
import { parseRefresh, rewriteRefresh } from './refresh.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const context = { baseUrl: 'https://site.example/dir/page', settings };
const at = (asset: string, url: string): string => `http://localhost:8080/service/${asset}/${encodeURIComponent(url)}`;

it.each([
  ['next', at('html', 'https://site.example/dir/next')],
  ['//a.example/?#b', `${at('html', 'https://a.example/?')}#b`],
  ['/caf\xc3\xa9', at('html', 'https://site.example/caf%C3%A9')],
  ['/caf\xe9', at('html', 'https://site.example/caf%C3%A9')],
  ['mailto:a@b', 'mailto:a@b'],
  ['http://[', 'http://['],
])('rewrites Location %j', (value, expected) => {
  expect(rewriteLocation(value, context)).toBe(expected);
});

it('keeps Location of a class that is real absolute', () => {
  expect(rewriteLocation('b.js', { ...context, urlClass: 'script' })).toBe('https://site.example/dir/b.js');
});

it.each([
  ['5', { time: 5, url: null }],
  [' 5.7 ; url = "a b" c', { time: 5, url: 'a b' }],
  ["0;URL='a", { time: 0, url: 'a' }],
  ['1,a', { time: 1, url: 'a' }],
  ['1 urla', { time: 1, url: 'urla' }],
  ['.5;url=a', { time: 0, url: 'a' }],
  ['1;', { time: 1, url: null }],
  ['1a', null],
  ['a', null],
  ['', null],
  [';url=a', null],
])('parses refresh %j', (value, expected) => {
  expect(parseRefresh(value)).toEqual(expected);
});

it('rewrites the URL of a refresh alone', () => {
  expect(rewriteRefresh('3;url=/a', context)).toBe(`3; url=${at('html', 'https://site.example/a')}`);
  expect(rewriteRefresh('3', context)).toBe('3');
  expect(rewriteRefresh('0;url=javascript:1', context)).toBe('0;url=javascript:1');
});

it('makes links absolute and drops those that act past the worker', () => {
  expect(
    rewriteLink(
      '</a,b.css>; rel="preload stylesheet"; as=style; title="x,<y>;rel=icon", <i>; rel=icon,<//c>;rel=preconnect , <m>;REL=Manifest',
      context,
    ),
  ).toBe('<https://site.example/a,b.css>; rel="preload stylesheet"; as=style; title="x,<y>;rel=icon"');
  expect(rewriteLink('<//a>; rel=dns-prefetch', context)).toBe(null);
  expect(rewriteLink('<n>; rel=next', context)).toBe('<https://site.example/dir/n>; rel=next');
});

it('takes the integrity of what is announced away, and makes image sets absolute', () => {
  expect(rewriteLink('<a.js>; rel=modulepreload; integrity="sha256-a,b"; crossorigin', context)).toBe(
    '<https://site.example/dir/a.js>; rel=modulepreload; crossorigin',
  );
  expect(rewriteLink('<a>; rel=preload; as=image; imagesrcset="b 1x, c 2x"', context)).toBe(
    '<https://site.example/dir/a>; rel=preload; as=image; imagesrcset="https://site.example/dir/b 1x, https://site.example/dir/c 2x"',
  );
});

it('scopes links of scoped classes', () => {
  const scopedContext = { ...context, settings: { ...settings, urls: 'scoped' as const } };
  expect(rewriteLink('<a>; rel=preload; as=font', scopedContext)).toBe(
    `<${at('font', 'https://site.example/dir/a')}>; rel=preload; as=font`,
  );
});

it('upgrades insecure requests under https alone', () => {
  expect(leakGuardPolicy(settings)).toBe(
    "object-src 'self'; frame-src 'self' blob: data:; worker-src 'self' blob: http: https:; manifest-src 'self'; form-action 'self'",
  );
  expect(leakGuardPolicy({ ...settings, origin: 'https://proxy.example' })).toMatch(/; upgrade-insecure-requests$/);
});
