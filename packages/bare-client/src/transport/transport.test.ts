import { once } from 'node:events';
import http from 'node:http';
import { expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import {
  listen,
  startBareServer,
  startOrigin,
  startRawOrigin,
} from '../../../bare-server/src/local-servers.test-support.js';
import { BareClient } from '../index.js';
import BareTransport, { fromTransport, type BareMuxTransport, type ProxyTransport } from './index.js';

const WebSocket = NodeWebSocket as unknown as typeof globalThis.WebSocket;

async function startTransport(): Promise<BareTransport> {
  const transport = new BareTransport(await startBareServer(), { WebSocket });
  await transport.init();
  expect(transport.ready).toBe(true);
  return transport;
}

async function startRemote(): Promise<{ url: URL; server: WebSocketServer }> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin });
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer, isBinary) => {
      if (data.toString() === 'close') socket.close(4002, 'why');
      else socket.send(data, { binary: isBinary });
    }),
  );
  return { url: new URL(`ws://127.0.0.1:${await listen(origin)}/`), server };
}

it('fits both published interfaces', async () => {
  const transport = await startTransport();
  const mux: BareMuxTransport = transport;
  const proxy: ProxyTransport = transport;
  expect(mux.meta()).toEqual({});
  expect(proxy.ready).toBe(true);
});

it('answers in the shape of headers that it was asked in', async () => {
  const origin = await startRawOrigin(
    'HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
  );
  const transport = await startTransport();
  const remote = new URL(origin.url);
  const record = await transport.request(remote, 'GET', null, { 'X-A': ['1', '2'] }, undefined);
  expect(record).toMatchObject({
    status: 302,
    statusText: 'Found',
    headers: { Location: '/x', 'Set-Cookie': ['a=1', 'b=2'], 'Content-Length': '2' },
  });
  expect(await new Response(record.body as ReadableStream).text()).toBe('ok');
  const pairs = await transport.request(remote, 'GET', null, [['x-B', '3']], undefined);
  expect(pairs.headers).toEqual([
    ['Location', '/x'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['Content-Length', '2'],
  ]);
  expect(origin.received()).toMatch(/^GET \/ HTTP\/1.1\r\nHost: [\d.:]+\r\nX-A: 1\r\nX-A: 2\r\n[^]*x-B: 3\r\n/);
});

it('sends a body, has an empty one where there is none, and heeds the signal', async () => {
  let body = '';
  const origin = await startOrigin((request, response) => {
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => response.writeHead(204).end());
  });
  const transport = await startTransport();
  const answer = await transport.request(new URL(origin), 'POST', new Blob(['hello']).stream(), {});
  expect([body, answer.body]).toEqual(['hello', new ArrayBuffer(0)]);
  const signal = AbortSignal.abort(new Error('mine'));
  await expect(transport.request(new URL(origin), 'GET', null, {}, signal)).rejects.toThrow('mine');
});

it.each(['two', 'one'])('opens WebSockets as bare-mux %s asks for them', async (api) => {
  const remote = await startRemote();
  const transport = await startTransport();
  const connected = once(remote.server, 'connection') as Promise<[unknown, http.IncomingMessage]>;
  const events: unknown[] = [];
  const closed = new Promise<void>((resolve) => {
    const rest = [
      ['chat'],
      { Origin: 'https://page.test' },
      (...parameters: unknown[]) => {
        events.push(['open', ...parameters]);
        send('hi');
        send(new Uint8Array([1]).buffer);
        send('close');
      },
      (data: unknown) => events.push(data instanceof ArrayBuffer ? new Uint8Array(data).join() : data),
      (...parameters: unknown[]) => {
        events.push(['close', ...parameters]);
        resolve();
      },
      (message: string) => events.push(['error', message]),
    ] as const;
    const parameters = api === 'one' ? ['https://page.test', ...rest] : rest;
    const [send] = transport.connect(remote.url, ...(parameters as never as [string[], ...never]));
  });
  await closed;
  expect(events).toEqual([['open', 'chat', ''], 'hi', '1', ['close', 4002, 'why']]);
  const [, request] = await connected;
  expect(request.rawHeaders.slice(0, 2)).toEqual(['Host', remote.url.host]);
  expect(request.headers.origin).toBe('https://page.test');
});

it('can be closed before it is open, and tells what went wrong', async () => {
  const transport = await startTransport();
  for (const isClosed of [true, false]) {
    const calls: string[] = [];
    await new Promise<void>((resolve) => {
      const [, close] = transport.connect(
        new URL('ws://127.0.0.1:1/'),
        [],
        [['Bad Name', '1']].slice(isClosed ? 1 : 0) as [string, string][],
        () => calls.push('open'),
        () => calls.push('message'),
        (code: number) => {
          calls.push(`close ${code}`);
          resolve();
        },
        (message: string) => calls.push(`error ${message.includes('Bad Name')}`),
      );
      if (isClosed) close(1000, 'x');
    });
    expect(calls).toEqual(isClosed ? ['close 1006'] : ['error true', 'close 1006']);
  }
});

it.each(['object', 'pairs'])('carries a client over a transport with headers in %s', async (shape) => {
  const transport = await startTransport();
  const asked = vi.spyOn(transport, 'request');
  const given = {
    ready: false,
    init: vi.fn(async () => undefined),
    request: transport.request.bind(transport),
    connect: transport.connect.bind(transport),
    ...(shape === 'object' && { meta: () => ({}) }),
  };
  const client = new BareClient(fromTransport(given as never as ProxyTransport));
  const origin = await startOrigin((request, response) => {
    if (request.url === '/') response.writeHead(303, { Location: '/next', 'Set-Cookie': ['a=1', 'b=2'] }).end();
    else response.end(request.headers['x-a']);
  });
  const response = await client.fetch(origin, { method: 'POST', body: 'x', headers: { 'X-A': 'kept' } });
  expect(await response.text()).toBe('kept');
  expect(response).toMatchObject({ url: `${origin}/next`, redirected: true });
  expect(given.init).toHaveBeenCalled();
  expect(asked.mock.calls.map(([, , , headers]) => Array.isArray(headers))).toEqual(Array(2).fill(shape === 'pairs'));

  const remote = await startRemote();
  const socket = client.createWebSocket(remote.url, 'chat');
  const messages: unknown[] = [];
  socket.onmessage = ({ data }) => messages.push(data);
  socket.onopen = () => {
    socket.send('hi');
    socket.send('close');
  };
  const close = await new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  expect([messages, close.code, close.reason, socket.protocol]).toEqual([['hi'], 4002, 'why', 'chat']);
});

it('gives one with `meta` headers that can be read as a record and as pairs', async () => {
  const request = vi.fn(async () => ({ status: 200, statusText: 'OK', headers: [] as [string, string][], body: '' }));
  const client = new BareClient(fromTransport(Object.assign(fakeTransport({ request }), { meta: () => ({}) })));
  await client.fetch('https://a.test/', { headers: [['X-A', 'kept']] });
  const [, , , headers] = request.mock.lastCall as unknown as [URL, string, null, Record<string, string>];
  expect(headers['X-A']).toBe('kept');
  expect(new Map(headers as never as [string, string][]).get('X-A')).toBe('kept');
});

function fakeTransport(fields: Partial<ProxyTransport>): ProxyTransport {
  return {
    ready: true,
    init: async () => undefined,
    request: async () => ({ status: 200, statusText: 'OK', headers: [], body: '' }),
    connect: () => [() => undefined, () => undefined],
    ...fields,
  };
}

it.each<[string, ReadableStream | ArrayBuffer | Blob | string]>([
  ['a string', 'body'],
  ['a buffer', new TextEncoder().encode('body').buffer],
  ['a Blob', new Blob(['body'])],
  ['a stream', new Blob(['body']).stream()],
])('takes %s for a body', async (_kind, body) => {
  const request: ProxyTransport['request'] = async () => ({ status: 200, statusText: 'OK', headers: [], body });
  const response = await new BareClient(fromTransport(fakeTransport({ request }))).fetch('http://a/');
  expect(await response.text()).toBe('body');
});

it('aborts what a transport goes on with, before and inside the body', async () => {
  const cancel = vi.fn();
  const body = () => new ReadableStream({ pull: () => new Promise(() => undefined), cancel });
  let answer = (): void => undefined;
  const request: ProxyTransport['request'] = () =>
    new Promise((resolve) => (answer = () => resolve({ status: 200, statusText: '', headers: [], body: body() })));
  const client = new BareClient(fromTransport(fakeTransport({ request })));
  const early = new AbortController();
  const waiting = client.fetch('http://a/', { signal: early.signal });
  await Promise.resolve();
  early.abort(new Error('early'));
  await expect(waiting).rejects.toThrow('early');
  await new Promise((resolve) => setTimeout(resolve));
  answer();
  await expect.poll(() => cancel.mock.calls.length).toBe(1);

  const late = new AbortController();
  const running = client.fetch('http://a/', { signal: late.signal });
  await new Promise((resolve) => setTimeout(resolve));
  answer();
  const reading = (await running).text();
  late.abort(new Error('late'));
  await expect(reading).rejects.toThrow('late');
  expect(cancel).toHaveBeenCalledTimes(2);
});

it('tells a transport by its signal of a body that is no longer read', async () => {
  let given: AbortSignal | undefined;
  const cancel = vi.fn();
  const request: ProxyTransport['request'] = async (_remote, _method, _body, _headers, signal) => {
    given = signal;
    return { status: 200, statusText: '', headers: [], body: new ReadableStream({ cancel }) };
  };
  const { body } = await new BareClient(fromTransport(fakeTransport({ request }))).fetch('http://a/');
  expect(given!.aborted).toBe(false);
  await body!.cancel('enough');
  expect(given).toMatchObject({ aborted: true, reason: 'enough' });
  expect(cancel).toHaveBeenCalledExactlyOnceWith('enough');
});

it('leaves what a handshake is made of to the transport, and knows no close code of 0', async () => {
  let given: unknown;
  const connect: ProxyTransport['connect'] = (_url, _protocols, headers, onopen, _onmessage, onclose) => {
    given = headers.map(([name]) => name.toLowerCase());
    queueMicrotask(() => {
      onopen('', '');
      onclose(0, '');
    });
    return [() => undefined, () => undefined];
  };
  const client = new BareClient(fromTransport(fakeTransport({ connect })));
  const socket = client.createWebSocket('ws://a/', [], { headers: { 'X-A': '1' } });
  const { code, wasClean } = await new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  expect({ code, wasClean }).toEqual({ code: 1005, wasClean: true });
  expect(given).toContain('x-a');
  for (const name of ['host', 'connection', 'upgrade']) expect(given).not.toContain(name);
});

it('says what a transport failed with, and gives up on one that does not answer', async () => {
  const failing = fakeTransport({ request: () => Promise.reject('no route') });
  await expect(new BareClient(fromTransport(failing)).fetch('http://a/')).rejects.toMatchObject({
    name: 'BareError',
    code: 'IMPL_TRANSPORT_FAILED',
    message: "Failed to fetch http://a/: no route. Look at the transport's own settings.",
  });
  const silent = fakeTransport({ request: () => new Promise(() => undefined) });
  await expect(new BareClient(fromTransport(silent), { headersTimeout: 20 }).fetch('http://a/')).rejects.toMatchObject({
    code: 'IMPL_SERVER_TIMEOUT',
  });
});

it('keeps the order of messages when some are Blobs, and ends on an error', async () => {
  const connect: ProxyTransport['connect'] = (_url, _protocols, _headers, onopen, onmessage, _onclose, onerror) => {
    queueMicrotask(() => {
      onopen('', 'x');
      onmessage(new Blob(['1']));
      onmessage('2');
      onmessage(new Blob(['3']));
      onerror('broken');
    });
    return [
      () => undefined,
      () => {
        throw new TypeError('not connected');
      },
    ];
  };
  const socket = new BareClient(fromTransport(fakeTransport({ connect }))).createWebSocket('ws://a/');
  socket.binaryType = 'arraybuffer';
  const events: string[] = [];
  socket.onmessage = ({ data }) => events.push(typeof data === 'string' ? data : new TextDecoder().decode(data));
  socket.onerror = () => events.push('error');
  await new Promise<void>((resolve) => (socket.onclose = ({ code }) => resolve(void events.push(`close ${code}`))));
  expect(events).toEqual(['1', '2', '3', 'close 1006']);
  const early = new BareClient(fromTransport(fakeTransport({ connect: () => connect as never }))).createWebSocket(
    'ws://a/',
  );
  expect(() => early.close()).not.toThrow();
});
