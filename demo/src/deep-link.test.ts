import { expect, it } from 'vitest';
import { deepLinkTo, readDeepLink } from './deep-link.js';

it('reads a URL that stands in the fragment as it is', () => {
  expect(readDeepLink('#https://example.com/')).toBe('https://example.com/');
});

it('reads a URL that is encoded as a whole', () => {
  expect(readDeepLink('#https%3A%2F%2Fexample.com%2F%3Fa%3D1%23b')).toBe('https://example.com/?a=1#b');
});

it('leaves the percent signs of a plain URL alone', () => {
  expect(readDeepLink('#https://example.com/a%2Fb?c=%25')).toBe('https://example.com/a%2Fb?c=%25');
});

it('reads a host without a scheme, and with a port', () => {
  expect(readDeepLink('#localhost:3000/%20')).toBe('localhost:3000/ ');
});

it('reads a broken percent sequence as it is', () => {
  expect(readDeepLink('#100%')).toBe('100%');
});

it('reads nothing from an empty fragment', () => {
  expect(readDeepLink('')).toBeNull();
  expect(readDeepLink('#')).toBeNull();
});

it.each([
  'https://example.com/',
  'http://example.com/a%2Fb?x=%25&y#frag',
  'https://example.com/?',
  'https://e.com/#a#b',
])('gives %s back from its own link', (url) => {
  const { hash } = new URL(deepLinkTo(url), 'http://localhost:8080');
  expect(readDeepLink(hash)).toBe(url);
});
