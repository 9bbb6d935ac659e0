import { expect, it } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import { corsCheck, filterCorsHeaders, isSafelistedMethod, judgePreflight, unsafeHeaderNames } from './cors-rules.js';

it.each(['GET', 'HEAD', 'POST'])('sends %s without asking', (method) => expect(isSafelistedMethod(method)).toBe(true));
it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get'])('asks before %s', (method) =>
  expect(isSafelistedMethod(method)).toBe(false),
);

it.each<[name: string, value: string]>([
  ['Accept', 'text/html, */*;q=0.1'],
  ['Accept-Language', 'en-GB, de;q=0.5'],
  ['Content-Language', 'en'],
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Content-Type', 'multipart/form-data; boundary=x'],
  ['Range', 'bytes=0-'],
  ['Range', 'bytes=100-200'],
  ['DPR', '2'],
  ['User-Agent', 'x(y)'],
  ['Sec-CH-UA', '"a"'],
])('needs no leave for %s: %s', (name, value) => expect(unsafeHeaderNames([[name, value]])).toEqual([]));

it.each<[name: string, value: string]>([
  ['Accept', '"'],
  ['Accept-Language', 'en_GB'],
  ['Content-Type', 'application/json'],
  ['Content-Type', 'text/plain; charset="x"'],
  ['Content-Type', `text/plain; x=${'a'.repeat(128)}`],
  ['Range', 'bytes=-5'],
  ['Authorization', 'x'],
  ['DPR', ''],
  ['X-Own', ''],
])('needs leave for %s: %s', (name, value) => expect(unsafeHeaderNames([[name, value]])).toEqual([name.toLowerCase()]));

it('needs leave for safelisted headers that are long together', () => {
  const hints = ['dpr', 'downlink', 'ect', 'rtt', 'width', 'accept', 'viewport-width', 'device-memory', 'save-data'];
  expect(unsafeHeaderNames(hints.map((name) => [name, '1'.repeat(120)]))).toEqual([...hints].sort());
});

it('needs no leave for what EventSource sets', () => {
  const headers: [string, string][] = [
    ['accept', 'text/event-stream'],
    ['cache-control', 'no-cache'],
    ['last-event-id', '7'],
  ];
  expect(unsafeHeaderNames(headers)).toEqual([]);
  expect(unsafeHeaderNames(headers.slice(1))).toEqual(['cache-control', 'last-event-id']);
});

const origin = 'https://a.test';
const allowing = (value: string, ...more: HeaderPair[]): HeaderPair[] => [
  ['Access-Control-Allow-Origin', value],
  ...more,
];
const withCredentials: HeaderPair = ['access-control-allow-credentials', 'true'];

it.each<[remote: HeaderPair[], credentials: RequestCredentials, expected: boolean]>([
  [[], 'same-origin', false],
  [allowing('*'), 'same-origin', true],
  [allowing('*'), 'omit', true],
  [allowing('*', withCredentials), 'include', false],
  [allowing(origin), 'same-origin', true],
  [allowing(origin), 'include', false],
  [allowing(origin, withCredentials), 'include', true],
  [allowing(origin, ['access-control-allow-credentials', 'True']), 'include', false],
  [allowing(`${origin}/`), 'omit', false],
  [allowing('https://A.test'), 'omit', false],
  [allowing('null'), 'omit', false],
  [[...allowing('*'), ...allowing('*')], 'omit', false],
])('checks %j with credentials "%s": %s', (remote, credentials, expected) =>
  expect(corsCheck(remote, { origin, credentials }) === null).toBe(expected),
);

it.each<[exposed: string, credentials: RequestCredentials, names: string[]]>([
  ['', 'omit', ['content-type']],
  ['X-Own', 'omit', ['content-type', 'x-own']],
  ['*', 'omit', ['content-type', 'x-other', 'x-own']],
  ['*', 'include', ['content-type']],
  ['X-Own, bad name', 'omit', ['content-type']],
])('shows what "%s" exposes with credentials "%s"', (exposed, credentials, names) => {
  const headers = new Headers({ 'content-type': 'text/plain', 'x-own': '1', 'x-other': '2' });
  filterCorsHeaders(headers, [['Access-Control-Expose-Headers', exposed]], credentials);
  expect([...headers.keys()]).toEqual(names);
});

it.each<[what: string, answer: Parameters<typeof judgePreflight>[0], problem: string | null]>([
  [
    'all that was asked for',
    {
      status: 204,
      headers: [
        ['Access-Control-Allow-Methods', 'PUT'],
        ['Access-Control-Allow-Headers', 'X-A'],
      ],
    },
    null,
  ],
  ['another status', { status: 300, headers: [] }, 'it answered with the status 300'],
  ['no method', { status: 200, headers: [['Access-Control-Allow-Headers', 'x-a']] }, 'it does not allow the method'],
  ['no header', { status: 200, headers: [['Access-Control-Allow-Methods', '*']] }, 'it does not allow the header x-a'],
  [
    'what does not parse',
    { status: 200, headers: [['Access-Control-Allow-Methods', 'P UT']] },
    'what it allows does not parse',
  ],
])('judges a preflight that allows %s', (_what, { status, headers }, problem) => {
  const answer = { status, headers: [['Access-Control-Allow-Origin', '*'] as HeaderPair, ...headers] };
  const asked = { origin: 'https://a.test', credentials: 'omit', method: 'PUT', unsafeNames: ['x-a'] } as const;
  expect(judgePreflight(answer, asked).problem).toBe(problem);
});
