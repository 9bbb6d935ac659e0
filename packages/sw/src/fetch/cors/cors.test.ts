import { beforeEach, expect, it, vi } from 'vitest';
import { opaqueStatusText } from '@culvert/runtime';
import { createTestWorker, fetchEvent, headerOf, route, type Answer, type Sent } from '../fetch.test-support.js';
import { handleFetch } from '../handle-fetch.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

const client = { id: 'page', url: route('https://a.test/') };
const allowed: Answer = { headers: [['access-control-allow-origin', '*']], body: 'data' };
type Init = Parameters<typeof fetchEvent>[1];

function createWorker(answer: Answer | ((sent: Sent) => Answer)) {
  const worker = createTestWorker({ clients: [client], answer });
  const fetchAs = (url: string, init: Init = {}) =>
    handleFetch(
      fetchEvent(url, { clientId: 'page', mode: 'cors', credentials: 'same-origin', ...init }),
      worker.services,
    );
  return { ...worker, fetchAs };
}

it('gives a network error for an answer that does not allow its page', async () => {
  const { fetchAs } = createWorker({ body: 'secret' });
  expect((await fetchAs('https://b.test/')).type).toBe('error');
});

it('shows an answer of the same origin whole', async () => {
  const { fetchAs } = createWorker({ headers: [['x-own', '1']], body: 'data' });
  const response = await fetchAs('https://a.test/x');
  expect([response.headers.get('x-own'), await response.text()]).toEqual(['1', 'data']);
});

it('shows of an allowed answer what is exposed', async () => {
  const { fetchAs } = createWorker({ ...allowed, headers: [...allowed.headers!, ['x-own', '1'], ['etag', '"1"']] });
  const response = await fetchAs('https://b.test/');
  expect([response.headers.get('x-own'), response.headers.get('etag'), await response.text()]).toEqual([
    null,
    null,
    'data',
  ]);
});

it('gives a script that asks with no-cors an empty response with the mark', async () => {
  const { fetchAs } = createWorker({ headers: [['x-own', '1']], body: 'secret' });
  const response = await fetchAs('https://b.test/', { mode: 'no-cors' });
  expect([response.statusText, response.body, [...response.headers]]).toEqual([opaqueStatusText, null, []]);
});

it('gives an image of another origin its bytes', async () => {
  const { fetchAs } = createWorker({ body: 'pixels' });
  expect(await (await fetchAs('https://b.test/', { mode: 'no-cors', destination: 'image' })).text()).toBe('pixels');
});

it('asks before a request with a method or header of its own', async () => {
  const { fetchAs, sent } = createWorker(({ init }) =>
    init.method === 'OPTIONS'
      ? {
          headers: [
            ['access-control-allow-origin', 'https://a.test'],
            ['access-control-allow-methods', 'PUT'],
            ['access-control-allow-headers', 'X-Own'],
          ],
        }
      : allowed,
  );
  const init = { method: 'PUT', headers: { 'x-own': '1' } };
  expect((await fetchAs('https://b.test/', init)).status).toBe(200);
  expect(sent.map((request) => request.init.method)).toEqual(['OPTIONS', 'PUT']);
  expect(headerOf(sent[0], 'access-control-request-method')).toBe('PUT');
  expect(headerOf(sent[0], 'access-control-request-headers')).toBe('x-own');
  expect(headerOf(sent[0], 'origin')).toBe('https://a.test');
  expect(headerOf(sent[0], 'x-own')).toBeUndefined();
  // And remembers for five seconds.
  await fetchAs('https://b.test/', init);
  expect(sent.map((request) => request.init.method)).toEqual(['OPTIONS', 'PUT', 'PUT']);
});

it.each<[why: string, answer: Answer]>([
  ['no origin', {}],
  ['a method that is not allowed', { headers: [['access-control-allow-origin', '*']] }],
  [
    'a redirect',
    {
      status: 302,
      headers: [
        ['access-control-allow-origin', '*'],
        ['access-control-allow-methods', '*'],
      ],
    },
  ],
  [
    'an error status',
    {
      status: 404,
      headers: [
        ['access-control-allow-origin', '*'],
        ['access-control-allow-methods', '*'],
      ],
    },
  ],
  [
    'a list that does not parse',
    {
      headers: [
        ['access-control-allow-origin', '*'],
        ['access-control-allow-methods', 'a b'],
      ],
    },
  ],
])('does not send what a preflight refuses: %s', async (_why, answer) => {
  const { fetchAs, sent } = createWorker(answer);
  expect((await fetchAs('https://b.test/', { method: 'PUT' })).type).toBe('error');
  expect(sent).toHaveLength(1);
});

it('checks a redirect, and all that comes after it', async () => {
  const { fetchAs, sent } = createWorker(({ url }) =>
    url === 'https://a.test/go'
      ? { status: 302, headers: [['location', 'https://b.test/']] }
      : { status: 302, headers: [['location', 'https://a.test/back']] },
  );
  expect((await fetchAs('https://a.test/go')).headers.get('location')).toBe('https://b.test/');
  // The redirect itself does not allow it.
  expect((await fetchAs('https://b.test/')).type).toBe('error');
  expect(headerOf(sent[1], 'origin')).toBe('https://a.test');
});

it('needs leave of its own origin after a foreign redirect, and says null', async () => {
  const { fetchAs, sent } = createWorker(({ url }) =>
    url === 'https://b.test/go'
      ? { status: 302, headers: [...allowed.headers!, ['location', 'https://a.test/back']] }
      : { body: 'data' },
  );
  await fetchAs('https://b.test/go');
  expect((await fetchAs('https://a.test/back')).type).toBe('error');
  expect(headerOf(sent[1], 'origin')).toBe('null');
});

it.each(['https://user:pw@c.test/', 'data:text/plain,x', 'ftp://c.test/', 'http://'])(
  'does not follow a CORS redirect to %s',
  async (location) => {
    const { fetchAs } = createWorker({ status: 302, headers: [...allowed.headers!, ['location', location]] });
    expect((await fetchAs('https://b.test/')).type).toBe('error');
  },
);

it('refuses another origin to mode same-origin before it is asked', async () => {
  const { fetchAs, sent } = createWorker(allowed);
  expect((await fetchAs(route('https://b.test/', 'xhr'), { mode: 'same-origin' })).type).toBe('error');
  expect(sent).toEqual([]);
});
