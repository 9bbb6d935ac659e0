import { expect, it } from 'vitest';
import { parseBareHeaders, serializeBareHeaders, toHeaderPairs } from './index.js';

it('groups repeated names under the case of the first', () => {
  expect(
    serializeBareHeaders([
      ['Set-Cookie', 'a'],
      ['X', '1'],
      ['set-cookie', 'b'],
    ]),
  ).toBe('{"Set-Cookie":["a","b"],"X":"1"}');
});

it('writes an empty object', () => {
  expect(serializeBareHeaders([])).toBe('{}');
});

it('escapes all that is not ASCII', () => {
  expect(serializeBareHeaders([['X', 'é✓😀\x7f\n']])).toBe(String.raw`{"X":"\u00e9\u2713\ud83d\ude00\u007f\n"}`);
});

it('treats __proto__ as a name like any other', () => {
  const json = serializeBareHeaders([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(json).toBe('{"__proto__":"a","constructor":"b"}');
  expect(parseBareHeaders(json)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

it('spreads arrays into pairs', () => {
  expect(toHeaderPairs({ A: ['1', '2'], B: '3', C: [] })).toEqual([
    ['A', '1'],
    ['A', '2'],
    ['B', '3'],
  ]);
});

it.each([
  ['[]', 'request.headers.x-bare-headers'],
  ['null', 'request.headers.x-bare-headers'],
  ['{', 'request.headers.x-bare-headers'],
  ['{"Age":1}', 'bare.headers.age'],
  ['{"Age":{}}', 'bare.headers.age'],
  ['{"Age":["1",2]}', 'bare.headers.age'],
])('refuses %s', (json, id) => {
  expect(() => parseBareHeaders(json)).toThrow(expect.objectContaining({ code: 'INVALID_BARE_HEADER', id }));
});
