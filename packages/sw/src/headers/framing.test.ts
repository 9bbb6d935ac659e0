import type { HeaderPair } from '@culvert/bare-client';
import { expect, it } from 'vitest';
import { framingObstacle } from './framing.js';

const own = 'https://a.test/top';
const other = 'https://b.test/';
const xfo = (...values: string[]) => values.map((value): HeaderPair => ['X-Frame-Options', value]);
const csp = (value: string): HeaderPair[] => [['Content-Security-Policy', value]];

it.each<[remote: HeaderPair[], ancestors: string[], isAllowed: boolean]>([
  [xfo('DENY'), [], true],
  [xfo('DENY'), [own], false],
  [xfo(' sameOrigin '), [own], true],
  [xfo('SAMEORIGIN'), [other], false],
  [xfo('SAMEORIGIN'), [own, other], false],
  [xfo('SAMEORIGIN', 'SAMEORIGIN'), [own], true],
  [xfo('SAMEORIGIN', 'DENY'), [own], false],
  [xfo('SAMEORIGIN, ALLOWALL'), [own], false],
  [xfo('ALLOWALL'), [other], true],
  [xfo('ALLOW-FROM https://c.test/'), [other], true],
  [csp("frame-ancestors 'none'"), [own], false],
  [csp("frame-ancestors 'self'"), [own], true],
  [csp("frame-ancestors 'self'"), [own, other], false],
  [csp('frame-ancestors b.test'), [other], true],
  [[...csp('frame-ancestors b.test'), ...xfo('DENY')], [other], true],
  [[...csp("img-src 'none'"), ...xfo('DENY')], [other], false],
])('holds %j against ancestors %j: %s', (remote, ancestors, isAllowed) => {
  expect(framingObstacle(remote, 'https://a.test/framed', ancestors) === null).toBe(isAllowed);
});
