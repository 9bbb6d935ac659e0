import { expect, it } from 'vitest';
import { fitsIfRange, parseByteRange } from './byte-range.js';

it.each([
  ['bytes=0-3', { first: 0, last: 3 }],
  ['bytes=4-', { first: 4, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-30', { first: 0, last: 9 }],
  ['bytes=8-100', { first: 8, last: 9 }],
  ['Bytes=0-0', { first: 0, last: 0 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=3-2', null],
  ['bytes=0-1,4-5', null],
  ['bytes=-', null],
  ['lines=0-1', null],
])('reads %s of ten bytes', (value, expected) => {
  expect(parseByteRange(value, 10)).toEqual(expected);
});

it.each([
  [null, true],
  ['"a"', true],
  ['"b"', false],
  ['W/"a"', false],
  ['Mon, 01 Jan 2024 00:00:00 GMT', true],
  ['Mon, 01 Jan 2025 00:00:00 GMT', false],
])('takes a range if %s: %s', (value, expected) => {
  const stored: [string, string][] = [
    ['ETag', '"a"'],
    ['Last-Modified', 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ];
  expect(fitsIfRange(value, stored)).toBe(expected);
});
