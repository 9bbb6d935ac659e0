import { afterEach, expect, it, vi } from 'vitest';
import { createTestWorker, fetchEvent, origin, route } from '../fetch/fetch.test-support.js';
import { HttpSocketBridge } from './http-socket-bridge.js';

interface Sent {
  url: string;
  init: RequestInit;
}

afterEach(() => vi.unstubAllGlobals());

/** @param answer instead of the network's */
function createBridge(answer: (sent: Sent) => Response | Promise<Response>, bareServer = 'https://bare.test/b/') {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve(answer({ url, init }));
  });
  const { services } = createTestWorker({
    bareServer: (remote) => `${bareServer}${remote.hostname}/`,
    clients: [{ id: 'page', url: route('https://a.test/') }],
  });
  return { bridge: new HttpSocketBridge(services.config, services.clients), sent };
}

const url = `${origin}/service/~/http-socket?_=1`;

it('passes a request of the protocol to the Bare server of the page, with its own headers alone', async () => {
  const { bridge, sent } = createBridge(() => new Response('answer', { headers: { 'X-Offset': '6' } }));
  const request = {
    method: 'PUT',
    body: 'bytes',
    headers: { 'X-Session': 's', accept: 'text/html' },
    clientId: 'page',
  };
  const response = await bridge.forward(fetchEvent(url, request));
  expect([await response.text(), response.headers.get('x-offset')]).toEqual(['answer', '6']);
  expect(sent[0]!.url).toBe('https://bare.test/b/a.test/v3/socket/?_=1');
  expect([...(sent[0]!.init.headers as Headers)]).toEqual([['x-session', 's']]);
  expect(new TextDecoder().decode(sent[0]!.init.body as ArrayBuffer)).toBe('bytes');
});

it('keeps three requests waiting for long and lets the others wait a second', async () => {
  const waiting: ((response: Response) => void)[] = [];
  const { bridge, sent } = createBridge(() => new Promise((resolve) => waiting.push(resolve)));
  const ask = () => bridge.forward(fetchEvent(url, { headers: { 'X-Wait': '25' }, clientId: 'page' }));
  const waits = () => sent.map(({ init }) => (init.headers as Headers).get('x-wait'));
  const answers = [ask(), ask(), ask(), ask()];
  await vi.waitFor(() => expect(sent.length).toBe(4));
  expect(waits()).toEqual(['25', '25', '25', '1']);
  waiting[0]!(new Response());
  await answers[0];
  answers.push(ask());
  await vi.waitFor(() => expect(waits()[4]).toBe('25'));
  for (const answer of waiting) answer(new Response());
  await Promise.all(answers);
});

it('answers as a gateway does when the Bare server cannot be reached', async () => {
  const { bridge } = createBridge(() => Promise.reject(new TypeError('Failed to fetch')));
  const response = await bridge.forward(fetchEvent(url, { clientId: 'page' }));
  expect([response.status, await response.text()]).toEqual([
    502,
    'Failed to reach the Bare server: TypeError: Failed to fetch\n',
  ]);
});

it('gives pages the script that lies beside the worker, and says when there is none', async () => {
  const { bridge, sent } = createBridge(({ url: asked }) => new Response(asked.endsWith('socket.js') ? 'code' : ''));
  const response = await bridge.script();
  expect([response.headers.get('content-type'), await response.text()]).toEqual([
    'text/javascript; charset=utf-8',
    'code',
  ]);
  expect(sent[0]!.url).toBe(`${origin}/culvert.http-socket.js`);
  const missing = createBridge(() => new Response('', { status: 404 }));
  expect((await missing.bridge.script()).status).toBe(502);
});
