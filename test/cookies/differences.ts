/** @module Where Chromium departs from the table (RFC 6265bis), and why. Measured in Chromium 156. */
import { cookieCases, titleOf } from '../../packages/cookies/src/conformance.test-support.js';
import type { Seen } from './cookie-site.js';

/** By the case's last line: what Chromium sends, and its reason. */
const departures: readonly (readonly [lastLine: string, sent: string, reason: string])[] = [
  ['a=1; Expires=01 Jan 1600 00:00:00', '', 'a year before 1601 is a date of the past, and not none'],
  ['a=1; Expires=07 Aug 2007 08:04:19x', 'a=1', 'a letter after the time makes it no time'],
  ['a=1; Expires=07th Aug 2007 08:04:19', 'a=1', 'a letter after the day makes it no day'],
  ['foo=bar; Domain=.', '', 'a lone dot is a bad domain, and not an empty one'],
  ['==bar', '', 'a value without a name may have no equals sign'],
  ['foo=3', 'bar=2; foo=3', 'a cookie that is set again moves to the end'],
  ['a=3; Path=/', 'b=2; a=3', 'a cookie that is set again moves to the end'],
  ['foo=b\tar', '', 'a tab is a control character like the others'],
];

export const chromiumDiffers: Readonly<Record<string, Seen>> = Object.fromEntries(
  departures.map(([lastLine, sent]) => {
    const cookieCase = cookieCases.find(({ lines }) => lines.at(-1) === lastLine)!;
    return [titleOf(cookieCase), { sent, script: sent, store: sent }];
  }),
);
