import { expect, it } from 'vitest';
import { determineReferrer, effectivePolicy, parseReferrerPolicy } from './referrer.js';

const source = 'https://user:pass@a.test/path?q#frag';
const full = 'https://a.test/path?q';
const bare = 'https://a.test/';

it.each<[policy: ReferrerPolicy, same: string, cross: string, downgrade: string]>([
  ['no-referrer', '', '', ''],
  ['no-referrer-when-downgrade', full, full, ''],
  ['same-origin', full, '', ''],
  ['origin', bare, bare, bare],
  ['strict-origin', bare, bare, ''],
  ['origin-when-cross-origin', full, bare, bare],
  ['strict-origin-when-cross-origin', full, bare, ''],
  ['unsafe-url', full, full, full],
])('%s sends what the standard says', (policy, same, cross, downgrade) => {
  const to = (target: string) => determineReferrer(policy, source, target);
  expect([to('https://a.test/other'), to('https://b.test/'), to('http://a.test/')]).toEqual([same, cross, downgrade]);
});

it('sends nothing for a source without a web URL', () => {
  for (const local of [null, 'about:srcdoc', 'blob:https://a.test/1', 'data:,x']) {
    expect(determineReferrer('unsafe-url', local, 'https://a.test/')).toBe('');
  }
});

it('shortens what is longer than 4096 characters to the origin', () => {
  expect(determineReferrer('unsafe-url', `https://a.test/${'x'.repeat(5000)}`, 'https://a.test/')).toBe(
    'https://a.test/',
  );
});

it('does not take a loopback host for a downgrade', () => {
  expect(determineReferrer('strict-origin', 'https://a.test/', 'http://localhost:1/')).toBe('https://a.test/');
});

it('takes the last policy that it knows', () => {
  expect(parseReferrerPolicy('no-referrer, Strict-Origin, whatever')).toBe('strict-origin');
  expect(parseReferrerPolicy('whatever')).toBe('');
  expect(parseReferrerPolicy(null)).toBe('');
});

it("takes our own unsafe-url for the document's policy", () => {
  expect(effectivePolicy('unsafe-url', 'no-referrer')).toBe('no-referrer');
  expect(effectivePolicy('unsafe-url', '')).toBe('strict-origin-when-cross-origin');
  expect(effectivePolicy('', undefined)).toBe('strict-origin-when-cross-origin');
  expect(effectivePolicy('origin', 'no-referrer')).toBe('origin');
});
