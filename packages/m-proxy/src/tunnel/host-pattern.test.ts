import { expect, it } from 'vitest';
import { isHostPattern, matchesPattern, patternsFor } from './host-pattern.js';

it('finds the closest pattern first', () => {
  expect(patternsFor('A.b.Example.')).toEqual(['a.b.example', '*.b.example', '*.example', '*']);
});

it('matches names below a wildcard and not the name itself', () => {
  expect(matchesPattern('*.example', 'a.b.example')).toBe(true);
  expect(matchesPattern('*.Example', 'example')).toBe(false);
  expect(matchesPattern('*', undefined)).toBe(true);
  expect(matchesPattern('a.example', undefined)).toBe(false);
});

it('takes for patterns only what can be a host and fits a header', () => {
  expect(['*', '*.a', 'a.b', '[::1]'].every(isHostPattern)).toBe(true);
  expect(['', 'a,b', 'a b', 'a.*.b', '**', 'x'.repeat(254)].some(isHostPattern)).toBe(false);
});
