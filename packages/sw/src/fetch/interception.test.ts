import { expect, it, vi } from 'vitest';
import type { InterceptionEvents } from '../interception/interception-events.js';
import type { InterceptionMessage, InterceptionReply } from '../interception/interception-messages.js';
import { createTestWorker, fetchEvent, navigation, route, type TestWorkerOptions } from './fetch.test-support.js';
import { handleFetch } from './handle-fetch.js';

const page = { id: 'page', url: route('https://a.test/dir/page') };
const create = (options: TestWorkerOptions) =>
  createTestWorker({ clients: [page], answer: { body: 'site' }, ...options });
const get = (url = 'https://a.test/x', init = {}) => fetchEvent(url, { clientId: 'page', mode: 'cors', ...init });
const textOf = async (response: Promise<Response>) => (await response).text();

it('takes the answer of a listener of the worker, cookies and all, and asks no site', async () => {
  const { services, sent } = create({
    on: {
      request: ({ url, request, respondWith }) => {
        expect([url, request.method]).toEqual(['https://b.test/x', 'GET']);
        respondWith(new Response('mine', { headers: { 'x-made': 'here' } }));
      },
    },
  });
  const response = await handleFetch(get('https://b.test/x'), services);
  expect([await response.text(), response.headers.get('x-made'), sent]).toEqual(['mine', 'here', []]);
});

it('asks the site where no listener answers, and those that throw stop nothing', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { services } = create({
    on: {
      request: () => {
        throw new Error('bug');
      },
    },
  });
  expect(await textOf(handleFetch(get(), services))).toBe('site');
  expect(error).toHaveBeenCalledOnce();
  error.mockRestore();
});

it('waits for a promised answer, and makes a network error of Response.error()', async () => {
  const errors: InterceptionEvents['error'][] = [];
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { services } = create({
    on: {
      request: async ({ url, respondWith }) => {
        await Promise.resolve();
        respondWith(Promise.resolve(url.endsWith('bad') ? Response.error() : new Response('late')));
      },
      error: (event) => void errors.push(event),
    },
  });
  expect(await textOf(handleFetch(get(), services))).toBe('late');
  const event = get('https://a.test/bad');
  expect((await handleFetch(event, services)).type).toBe('error');
  await Promise.all(event.work);
  await vi.waitFor(() =>
    expect(errors.map(({ url, error }) => [url, error.code])).toEqual([['https://a.test/bad', 'SW_INTERCEPTED']]),
  );
  vi.mocked(console.warn).mockRestore();
});

it('gives listeners the body of an upload, and the site gets it whole', async () => {
  let seen = '';
  const { services, sent } = create({ on: { request: async ({ request }) => void (seen = await request.text()) } });
  await handleFetch(get('https://a.test/up', { method: 'POST', body: 'hello' }), services);
  expect([seen, await (sent[0]!.init.body as Blob).text()]).toEqual(['hello', 'hello']);
});

it('shows an answer to a listener that reads it, and to one that does not, without harm', async () => {
  let seen = '';
  const reading = create({ on: { response: async ({ response }) => void (seen = await response.text()) } });
  expect([await textOf(handleFetch(get(), reading.services)), seen]).toEqual(['site', 'site']);
  const looking = create({ on: { response: ({ response }) => void (seen = String(response.status)) } });
  expect([await textOf(handleFetch(get(), looking.services)), seen]).toEqual(['site', '200']);
});

it('replaces an answer by one that is made of it', async () => {
  const { services } = create({
    on: { response: async ({ response, respondWith }) => respondWith(new Response(`<${await response.text()}>`)) },
  });
  expect(await textOf(handleFetch(get(), services))).toBe('<site>');
});

it('tells of documents and of downloads, and takes neither for the other', async () => {
  const seen: unknown[] = [];
  const { services } = create({
    on: {
      navigate: ({ url, status, isTopLevel }) => void seen.push([url, status, isTopLevel]),
      download: ({ filename, mimeType, size }) => void seen.push([filename, mimeType, size]),
    },
    answer: ({ url }) =>
      url.endsWith('.zip')
        ? {
            headers: [
              ['Content-Type', 'application/zip'],
              ['Content-Length', '4'],
            ],
            body: 'PK..',
          }
        : { headers: [['Content-Type', 'text/html']], body: '<p>' },
  });
  for (const url of ['https://a.test/page', 'https://a.test/d%C3%A9j%C3%A0.zip']) {
    const event = navigation(url);
    await handleFetch(event, services);
    await Promise.all(event.work);
  }
  await vi.waitFor(() =>
    expect(seen).toEqual([
      ['https://a.test/page', 200, true],
      ['déjà.zip', 'application/zip', 4],
    ]),
  );
});

type Replies = (port: MessagePort, message: InterceptionMessage) => void;

/** A page that has subscribed to requests, and does as it is told. */
async function listeningPage(reply: Replies, limits = {}) {
  const state = { isOpen: true, asked: 0 };
  const host = {
    postMessage(message: unknown, [port]: Transferable[]) {
      state.asked++;
      reply(port as MessagePort, message as InterceptionMessage);
    },
  };
  const get = async () => (state.isOpen ? host : undefined);
  const worker = create({ subscribers: { get, limits } });
  const answers: unknown[] = [];
  const ports = [{ postMessage: (answer: unknown) => void answers.push(answer) }];
  const subscribe = (url: string) =>
    worker.subscribers.subscribe({
      data: { culvert: 'subscribe', types: ['request'] },
      source: { id: 'host', url },
      ports,
    });
  await subscribe('http://localhost:8080/');
  return { ...worker, state, answers, subscribe };
}
const say = (port: MessagePort, reply: InterceptionReply) => port.postMessage(reply);

it('takes the answer of a page, with what is streamed', async () => {
  const { services, sent } = await listeningPage((port) => {
    say(port, { stage: 'received' });
    const body = new TextEncoder().encode('from the page').buffer;
    say(port, { stage: 'done', answer: { status: 201, statusText: '', headers: [], body } });
  });
  const response = await handleFetch(get(), services);
  expect([response.status, await response.text(), sent]).toEqual([201, 'from the page', []]);
});

it('goes on without a page that is gone, and forgets it', async () => {
  const { services, state } = await listeningPage(() => {});
  state.isOpen = false;
  expect(await textOf(handleFetch(get(), services))).toBe('site');
  expect(services.interceptors.has('request')).toBe(false);
});

it('goes on when a page goes while its listener works', async () => {
  const { services, state } = await listeningPage((port) => {
    say(port, { stage: 'received' });
    state.isOpen = false;
  });
  expect(await textOf(handleFetch(get(), services))).toBe('site');
});

it('goes on without a page that takes no notice, and asks it no more until it says that it is back', async () => {
  const { services, state, subscribe } = await listeningPage(() => {}, { acknowledge: 20 });
  expect(await textOf(handleFetch(get(), services))).toBe('site');
  expect(await textOf(handleFetch(get(), services))).toBe('site');
  expect(state.asked).toBe(1);
  await subscribe('http://localhost:8080/');
  await handleFetch(get(), services);
  expect(state.asked).toBe(2);
});

it('goes on without a listener that takes too long', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { services } = await listeningPage((port) => say(port, { stage: 'received' }), { answer: 20 });
  expect(await textOf(handleFetch(get(), services))).toBe('site');
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});

it('lets no proxied page listen', async () => {
  const { answers, subscribe } = await listeningPage(() => {});
  await subscribe(route('https://evil.test/'));
  await subscribe('blob:http://localhost:8080/x');
  expect(answers).toMatchObject([{ ok: true }, { ok: false }, { ok: false }]);
});
