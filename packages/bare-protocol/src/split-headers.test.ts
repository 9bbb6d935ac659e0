import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  joinHeaders,
  parseBareHeaders,
  serializeBareHeaders,
  splitHeader,
  splitHeaderLimit,
  type HeaderPair,
} from './index.js';

/** What HTTP does to a value on its way. */
function transmit(pairs: HeaderPair[]): HeaderPair[] {
  return pairs.map(([name, value]) => [name.toLowerCase(), value.replace(/^[\t ]+|[\t ]+$/g, '')]);
}

it('joins the example of the specification', () => {
  const json = joinHeaders(
    [
      [
        'X-Bare-Headers-0',
        String.raw`;{"accept":"*/*","host":"example.com","sec-ch-ua":"\"(Not(A:Brand\";v=\"8\", \"Chromium\";v=\"100\""`,
      ],
      [
        'X-bare-Headers-1',
        String.raw`;,"sec-ch-ua-mobile":"?0","sec-ch-ua-platform":"\"Linux\"","user-agent":"Mozilla/5.0 (X11; Linux x8`,
      ],
      ['X-Bare-Headers-2', ';6_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.4890.0 Safari/537.36"}'],
    ],
    'X-Bare-Headers',
  );
  expect(JSON.parse(json!)).toEqual({
    accept: '*/*',
    host: 'example.com',
    'sec-ch-ua': '"(Not(A:Brand";v="8", "Chromium";v="100"',
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': '"Linux"',
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.4890.0 Safari/537.36',
  });
});

it.each([
  [3071, ['X']],
  [3072, ['X']],
  [3073, ['X-0', 'X-1']],
])('splits only what is over 3072 bytes (%i)', (length, names) => {
  expect(splitHeader('X', 'v'.repeat(length)).map(([name]) => name)).toEqual(names);
});

it('keeps every part within the limit', () => {
  const parts = splitHeader('X', 'v'.repeat(40_000));
  expect(parts.length).toBe(14);
  expect(parts.every(([, value]) => value.length <= splitHeaderLimit && value.startsWith(';'))).toBe(true);
  expect(joinHeaders(parts.reverse(), 'x')).toBe('v'.repeat(40_000));
});

it('gives headers back as they were, whatever whitespace stands at the cuts', () => {
  const value = fc.string({
    unit: fc.constantFrom(' ', ' ', ' ', '\t', 'a', '"', '\\', 'é', '✓', '😀', '\ud800'),
    maxLength: 400,
  });
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z-]{1,8}$/), {
    selector: (name) => name.toLowerCase(),
    maxLength: 12,
  });
  fc.assert(
    fc.property(names, fc.array(value, { minLength: 12, maxLength: 12 }), fc.nat(80), (list, values, repeat) => {
      const pairs = list.map((name, index): HeaderPair => [name, values[index]!.repeat(repeat)]);
      const sent = transmit(splitHeader('X-Bare-Headers', serializeBareHeaders(pairs)));
      expect(sent.every(([, text]) => /^[\x20-\x7e]*$/.test(text))).toBe(true);
      expect(parseBareHeaders(joinHeaders(sent, 'X-Bare-Headers')!)).toEqual(pairs);
    }),
    { numRuns: 200 },
  );
});

it('survives a run of spaces that is longer than a part', () => {
  const pairs: HeaderPair[] = [['X', `a${' '.repeat(10_000)}b`]];
  expect(parseBareHeaders(joinHeaders(transmit(splitHeader('H', serializeBareHeaders(pairs))), 'H')!)).toEqual(pairs);
});

it.each<[string, HeaderPair[]]>([
  [
    'a hole',
    [
      ['x-0', ';a'],
      ['x-2', ';b'],
    ],
  ],
  ['a part without semicolon', [['x-0', 'a']]],
  [
    'a repeated part',
    [
      ['x-0', ';a'],
      ['X-00', ';b'],
    ],
  ],
  [
    'both forms',
    [
      ['x', 'a'],
      ['x-0', ';b'],
    ],
  ],
  [
    'the whole twice',
    [
      ['x', 'a'],
      ['X', 'b'],
    ],
  ],
])('refuses %s', (_what, pairs) => {
  expect(() => joinHeaders(pairs, 'x')).toThrow(expect.objectContaining({ code: 'INVALID_BARE_HEADER' }));
});

it('accepts a value over the limit', () => {
  const value = 'a'.repeat(4000);
  expect(joinHeaders([['x', value]], 'x')).toBe(value);
});

it('returns null when there is nothing to join', () => {
  expect(joinHeaders([['x-bare-url', 'http://a/']], 'x-bare-headers')).toBeNull();
});
