import { beforeEach, expect, it, vi } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import {
  createTestWorker,
  fetchEvent,
  headerOf,
  memoryStore,
  route,
  type Answer,
  type Sent,
  type TestWorkerOptions,
} from '../fetch.test-support.js';
import { handleFetch } from '../handle-fetch.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

const url = 'https://a.test/x';

function createCachingWorker(answer: (sent: Sent, count: number) => Answer, options: Partial<TestWorkerOptions> = {}) {
  let count = 0;
  const store = new Map<string, Response>();
  const clients = ['a', 'b'].map((name) => ({ id: name, url: route(`https://${name}.test/`) }));
  const worker = createTestWorker({
    clients,
    answer: (sent) => answer(sent, ++count),
    ...options,
    cache: { open: async () => memoryStore(store), ...options.cache },
  });
  const load = async (init: Parameters<typeof fetchEvent>[1] = {}, target = url) => {
    const event = fetchEvent(target, { clientId: 'a', mode: 'cors', ...init });
    const response = await handleFetch(event, worker.services);
    const text = response.type === 'error' ? 'error' : await response.text();
    await Promise.all(event.work);
    return text;
  };
  return { ...worker, store, load };
}

const counted =
  (...headers: HeaderPair[]) =>
  (_sent: Sent, count: number): Answer => ({ headers, body: `${count}` });

it('asks once for what is fresh', async () => {
  const { load, sent } = createCachingWorker(counted(['Cache-Control', 'max-age=100'], ['Set-Cookie', 'x=1']));
  expect([await load(), await load(), sent.length]).toEqual(['1', '1', 1]);
});

it('asks each time for what may not be stored', async () => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'no-store']));
  expect([await load(), await load()]).toEqual(['1', '2']);
});

it.each<[mode: RequestCache, second: string]>([
  ['default', '1'],
  ['no-store', '2'],
  ['reload', '2'],
  ['no-cache', '2'],
  ['force-cache', '1'],
])('answers a second request with cache "%s" by %s', async (cache, second) => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'max-age=100']));
  await load();
  expect(await load({ cache })).toBe(second);
});

it('answers only-if-cached from the cache alone', async () => {
  const { load, sent } = createCachingWorker(counted(['Cache-Control', 'max-age=0'], ['ETag', '"1"']));
  const ifCached = () => load({ cache: 'only-if-cached', mode: 'same-origin' }, route(url, 'xhr'));
  expect([await ifCached(), sent.length]).toEqual(['error', 0]);
  await load();
  expect([await ifCached(), sent.length]).toEqual(['1', 1]);
});

it('asks again with the validators, and takes a 304 for the body that it has', async () => {
  const { load, sent } = createCachingWorker((_sent, count) =>
    count === 1
      ? {
          headers: [
            ['ETag', '"1"'],
            ['Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT'],
            ['Cache-Control', 'no-cache'],
          ],
          body: 'kept',
        }
      : { status: 304, headers: [['Cache-Control', 'max-age=100']] },
  );
  expect([await load(), await load(), await load(), sent.length]).toEqual(['kept', 'kept', 'kept', 2]);
  expect(headerOf(sent[1], 'if-none-match')).toBe('"1"');
  expect(headerOf(sent[1], 'if-modified-since')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
});

it('leaves a request that is conditional by itself alone', async () => {
  const { load, sent } = createCachingWorker(counted(['Cache-Control', 'max-age=100']));
  await load();
  await load({ headers: { 'if-none-match': '"x"' } });
  expect(sent).toHaveLength(2);
});

it('answers at once while it asks again', async () => {
  const { load, sent } = createCachingWorker(
    counted(['Cache-Control', 'max-age=0, stale-while-revalidate=60'], ['ETag', '"1"']),
  );
  expect([await load(), await load(), await load(), sent.length]).toEqual(['1', '1', '2', 3]);
});

it('keeps partitions apart', async () => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'max-age=100'], ['Access-Control-Allow-Origin', '*']));
  expect([await load(), await load({ clientId: 'b', credentials: 'omit' }), await load()]).toEqual(['1', '2', '1']);
});

it('keeps apart what varies', async () => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'max-age=100'], ['Vary', 'X-Own']));
  await load({ headers: { 'x-own': '1' } });
  expect(await load({ headers: { 'x-own': '1' } })).toBe('1');
  expect(await load({ headers: { 'x-own': '2' } })).toBe('2');
});

it('forgets what a POST has changed', async () => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'max-age=100']));
  await load();
  await load({ method: 'POST', body: 'x' });
  expect(await load()).toBe('3');
});

it('keeps no half of an answer', async () => {
  const broken = () =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('half'));
        controller.error(new Error('broken'));
      },
    });
  const { load, store } = createCachingWorker(() => ({ headers: [['Cache-Control', 'max-age=100']], body: broken() }));
  await expect(load()).rejects.toThrow('broken');
  expect(store.size).toBe(0);
});

it('evicts what was not used for the longest time', async () => {
  const { load, store } = createCachingWorker(
    counted(['Cache-Control', 'max-age=100'], ['Content-Type', 'text/plain']),
    {
      cache: { limits: { totalSize: 2 } },
    },
  );
  await load({}, 'https://a.test/1');
  await load({}, 'https://a.test/2');
  await load({}, 'https://a.test/1');
  await load({}, 'https://a.test/3');
  expect([...store.keys()].map((key) => decodeURIComponent(key).slice(-1)).sort()).toEqual(['1', '3']);
});

it('does not keep what is too long', async () => {
  const { load, store } = createCachingWorker(() => ({ headers: [['Cache-Control', 'max-age=9']], body: '12345' }), {
    cache: { limits: { entrySize: 4 } },
  });
  expect([await load(), store.size]).toEqual(['12345', 0]);
});

it('keeps what a script was rewritten to, as long as the script is the same', async () => {
  const { load, store, services } = createCachingWorker((_sent, count) => ({
    headers: [
      ['Content-Type', 'text/javascript'],
      ['Cache-Control', 'max-age=100'],
    ],
    body: `a = location.x${count}`,
  }));
  const init = { destination: 'script', mode: 'no-cors' } as const;
  const first = await load(init);
  expect(store.size).toBe(2);
  // What is stored is what is answered: nothing is parsed again.
  const key = [...store.keys()].find((name) => name.includes('/rewritten/'))!;
  const kept = store.get(key)!;
  store.set(key, new Response('from the cache', { headers: kept.headers }));
  expect([first.includes('location.x1'), await load(init)]).toEqual([true, 'from the cache']);
  expect((await load({ ...init, cache: 'reload' })).includes('location.x2')).toBe(true);
  await services.cache.clear((site) => site === 'https://a.test');
  expect(store.size).toBe(0);
});

it('works without a store', async () => {
  const { load } = createCachingWorker(counted(['Cache-Control', 'max-age=100']), {
    cache: { open: () => Promise.reject(new DOMException('no', 'SecurityError')) },
  });
  expect([await load(), await load()]).toEqual(['1', '2']);
});

it('finds what has come whole while it is still being written', async () => {
  const store = memoryStore(new Map());
  let write = () => {};
  const writing = new Promise<void>((resolve) => (write = resolve));
  const open = async () => ({
    ...store,
    put: (key: string, body: Response) => writing.then(() => store.put(key, body)),
  });
  const { services, sent } = createCachingWorker(counted(['Cache-Control', 'max-age=100']), { cache: { open } });
  const ask = async () => (await handleFetch(fetchEvent(url, { clientId: 'a', mode: 'cors' }), services)).text();
  const first = await ask();
  const second = ask();
  // Behind all that the second request does by itself.
  setTimeout(write, 50);
  expect([first, await second, sent.length]).toEqual(['1', '1', 1]);
});

it.each([
  ['bytes=2-4', {}, '234'],
  ['bytes=-2', { 'if-range': '"v1"' }, '89'],
  ['bytes=2-4', { 'if-range': '"v0"' }, 'asked'],
  ['bytes=2-4', { 'if-none-match': '"v1"' }, 'asked'],
  ['bytes=2-4,6-7', {}, 'asked'],
])('answers %s with %s from what is stored whole: %s', async (range, headers, expected) => {
  const { load } = createCachingWorker((_sent, count) =>
    count === 1
      ? {
          headers: [
            ['Cache-Control', 'max-age=100'],
            ['ETag', '"v1"'],
          ],
          body: '0123456789',
        }
      : { body: 'asked' },
  );
  await load();
  expect(await load({ headers: { range, ...headers } })).toBe(expected);
});

it('gives a range the status and headers of one, and says which cannot be', async () => {
  const { services, load } = createCachingWorker(counted(['Cache-Control', 'max-age=100'], ['Content-Length', '1']));
  await load();
  const ask = (range: string) =>
    handleFetch(fetchEvent(url, { clientId: 'a', mode: 'cors', headers: { range } }), services);
  const part = await ask('bytes=0-');
  expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
    206,
    'bytes 0-0/1',
    '1',
  ]);
  const none = await ask('bytes=5-');
  expect([none.status, none.headers.get('content-range')]).toEqual([416, 'bytes */1']);
});
