import { expect, it } from 'vitest';
import { parseHeaderList, serializeHeaderList } from './index.js';

it.each([
  ['accept, User-Agent', ['accept', 'user-agent']],
  ['"X-One","x-\\"two\\""', ['x-one', 'x-"two"']],
  [' a ;p=1 ,, b,', ['a', 'b']],
  ['204, 304', ['204', '304']],
  ['', []],
])('reads %j', (text, members) => {
  expect(parseHeaderList(text, 'X')).toEqual(members);
});

it.each(['a b', '"a', '["accept"]', 'a=b?'])('refuses %j', (text) => {
  expect(() => parseHeaderList(text, 'X-Bare-Pass-Headers')).toThrow(
    expect.objectContaining({ code: 'INVALID_BARE_HEADER', id: 'request.headers.x-bare-pass-headers' }),
  );
});

it('writes names and numbers', () => {
  expect(serializeHeaderList(['accept', 304])).toBe('accept, 304');
});
