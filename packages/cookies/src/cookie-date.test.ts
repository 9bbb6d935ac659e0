import { expect, it } from 'vitest';
import { parseCookieDate } from './cookie-date.js';

const at = (...parts: [number, number, number, number, number, number]) => Date.UTC(...parts);

it.each<[title: string, text: string, expected: number]>([
  ['an IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', at(1994, 10, 6, 8, 49, 37)],
  ['an RFC 850 date', 'Sunday, 06-Nov-94 08:49:37 GMT', at(1994, 10, 6, 8, 49, 37)],
  ['an asctime date', 'Sun Nov  6 08:49:37 1994', at(1994, 10, 6, 8, 49, 37)],
  ['any order', '08:49:37 1994 Nov 6', at(1994, 10, 6, 8, 49, 37)],
  ['a two-digit year of the last century', '06 Nov 70 00:00:00', at(1970, 10, 6, 0, 0, 0)],
  ['a two-digit year of this century', '06 Nov 69 00:00:00', at(2069, 10, 6, 0, 0, 0)],
  ['one-digit times', '6 Nov 1994 1:2:3', at(1994, 10, 6, 1, 2, 3)],
  ['a month with letters after it', '06 November 1994 08:49:37', at(1994, 10, 6, 8, 49, 37)],
  ['a month in capitals', '06 NOV 1994 08:49:37', at(1994, 10, 6, 8, 49, 37)],
  ['garbage after the time', '06 Nov 1994 08:49:37abc', at(1994, 10, 6, 8, 49, 37)],
  ['garbage after the day', '6th Nov 1994 08:49:37', at(1994, 10, 6, 8, 49, 37)],
  ['a wrong weekday and an unknown zone', 'Mon, 06 Nov 1994 08:49:37 PST', at(1994, 10, 6, 8, 49, 37)],
  ['slashes and commas as delimiters', '06/Nov/1994,08:49:37', at(1994, 10, 6, 8, 49, 37)],
  ['29 February of a leap year', '29 Feb 2024 00:00:00', at(2024, 1, 29, 0, 0, 0)],
])('reads %s', (_title, text, expected) => {
  expect(parseCookieDate(text)).toBe(expected);
});

it.each([
  ['no time', '06 Nov 1994'],
  ['no day', 'Nov 1994 08:49:37'],
  ['no month', '06 1994 08:49:37'],
  ['no year', '06 Nov 08:49:37'],
  ['a day of zero', '00 Nov 1994 08:49:37'],
  ['a day of 32', '32 Nov 1994 08:49:37'],
  ['an hour of 24', '06 Nov 1994 24:00:00'],
  ['a minute of 60', '06 Nov 1994 08:60:00'],
  ['a second of 60', '06 Nov 1994 08:49:60'],
  ['a year before 1601', '06 Nov 1600 08:49:37'],
  ['a date that does not exist', '31 Feb 1994 08:49:37'],
  ['a year of five digits', '06 Nov 19945 08:49:37'],
  ['nothing', ''],
])('fails on %s', (_title, text) => {
  expect(parseCookieDate(text)).toBeNull();
});
