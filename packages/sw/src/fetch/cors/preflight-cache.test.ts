import { expect, it } from 'vitest';
import { PreflightCache, type PreflightKey } from './preflight-cache.js';

const key: PreflightKey = {
  topLevelSite: 'https://a.test',
  origin: 'https://a.test',
  url: 'https://b.test/',
  withCredentials: false,
};

it('remembers what was allowed, as long as was said', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: ['PUT'], headers: ['x-own'] }, 10, 0);
  expect([cache.allowsMethod(key, 'PUT', 9999), cache.allowsHeader(key, 'x-own', 9999)]).toEqual([true, true]);
  expect([cache.allowsMethod(key, 'PUT', 10_000), cache.allowsMethod(key, 'DELETE', 0)]).toEqual([false, false]);
});

it('keeps URLs, origins, partitions and the use of credentials apart', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: ['PUT'], headers: [] }, 10, 0);
  for (const other of [
    { url: 'https://b.test/x' },
    { origin: 'https://c.test' },
    { topLevelSite: 'https://c.test' },
    { withCredentials: true },
  ]) {
    expect(cache.allowsMethod({ ...key, ...other }, 'PUT', 0)).toBe(false);
  }
});

it('takes a wildcard for all headers but Authorization', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: [], headers: ['*'] }, 10, 0);
  expect([cache.allowsHeader(key, 'x-own', 0), cache.allowsHeader(key, 'authorization', 0)]).toEqual([true, false]);
});

it('forgets a URL that broke the rules', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: ['PUT'], headers: [] }, 10, 0);
  cache.clear(key);
  expect(cache.allowsMethod(key, 'PUT', 0)).toBe(false);
});
