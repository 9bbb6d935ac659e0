import { once } from 'node:events';
import http from 'node:http';
import { expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { listen, startBareServer, startOrigin } from '../../bare-server/src/local-servers.test-support.js';
import { BareClient, connectBareSocket, type BareSocketHandlers } from './index.js';

const WebSocket = NodeWebSocket as unknown as typeof globalThis.WebSocket;

async function startRemote(): Promise<{
  url: string;
  connection: () => Promise<[NodeWebSocket, http.IncomingMessage]>;
}> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin });
  server.on('headers', (headers: string[]) => headers.push('Set-Cookie: a=1', 'Set-Cookie: b=2'));
  const port = await listen(origin);
  return {
    url: `ws://127.0.0.1:${port}/path`,
    connection: () => once(server, 'connection') as Promise<[NodeWebSocket, http.IncomingMessage]>,
  };
}

/** Listens for all events and waits for one of them. */
function watch(socket: EventTarget): { types: string[]; next: (type: string) => Promise<never> } {
  const types: string[] = [];
  for (const type of ['open', 'message', 'error', 'close']) socket.addEventListener(type, () => types.push(type));
  return {
    types,
    next: (type) =>
      new Promise((resolve) => socket.addEventListener(type, (event) => resolve(event as never), { once: true })),
  };
}

it('behaves like a WebSocket: events, types, protocol, close code', async () => {
  const remote = await startRemote();
  const cookies: string[][] = [];
  const client = new BareClient(await startBareServer(), { WebSocket });
  const socket = client.createWebSocket(remote.url, ['chat'], {
    headers: { Cookie: 'c=1', origin: 'https://page.test' },
    setCookies: (lines) => cookies.push(lines),
  });
  const events = watch(socket);
  expect([socket.readyState, socket.url, socket.protocol]).toEqual([0, remote.url, '']);
  expect(() => socket.send('x')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
  const [[server, request]] = await Promise.all([remote.connection(), events.next('open')]);
  expect([socket.readyState, socket.protocol]).toEqual([1, 'chat']);
  expect(cookies).toEqual([['a=1', 'b=2']]);
  expect(request.headers).toMatchObject({ cookie: 'c=1', origin: 'https://page.test', host: new URL(remote.url).host });
  expect(request.rawHeaders.filter((_name, index) => index % 2 === 0).slice(0, 6)).toEqual([
    'Host',
    'Connection',
    'Pragma',
    'Cache-Control',
    'Upgrade',
    'Cookie',
  ]);

  server.send('text');
  const text: MessageEvent = await events.next('message');
  expect([text.data, text.origin]).toEqual(['text', new URL(remote.url).origin]);
  server.send(Buffer.from([1, 2]));
  const blob: MessageEvent = await events.next('message');
  expect(await (blob.data as Blob).arrayBuffer()).toEqual(new Uint8Array([1, 2]).buffer);
  socket.binaryType = 'arraybuffer';
  server.send(Buffer.from([3]));
  const buffer: MessageEvent = await events.next('message');
  expect(buffer.data).toEqual(new Uint8Array([3]).buffer);

  const received = once(server, 'message');
  socket.send(new Uint8Array([9]));
  expect(await received).toEqual([Buffer.from([9]), true]);

  server.close(4005, 'over');
  const close: CloseEvent = await events.next('close');
  expect(close).toMatchObject({ code: 4005, reason: 'over', wasClean: true });
  expect(socket.readyState).toBe(3);
  expect(events.types).toEqual(['open', 'message', 'message', 'message', 'close']);
});

it('gives error and 1006 when the remote refuses, and says why in the error', async () => {
  const plain = await startOrigin((_request, response) => response.writeHead(403).end());
  const client = new BareClient(await startBareServer(), { WebSocket });
  const socket = client.createWebSocket(plain);
  const events = watch(socket);
  const [error, close] = (await Promise.all([events.next('error'), events.next('close')])) as [ErrorEvent, CloseEvent];
  expect(error.message).toContain('403');
  expect(close).toMatchObject({ code: 1006, reason: '', wasClean: false });
  expect(events.types).toEqual(['error', 'close']);
});

it.each(['http://127.0.0.1:1/bare/', 'ftp://nowhere/'])(
  'gives error and 1006 when the Bare server is %s',
  async (server) => {
    const socket = new BareClient(server, { WebSocket }).createWebSocket('ws://a.test/');
    const events = watch(socket);
    expect(await events.next('close')).toMatchObject({ code: 1006, wasClean: false });
    expect(events.types).toEqual(['error', 'close']);
  },
);

it('gives error and 1006 when it is closed before it is open', async () => {
  const remote = await startRemote();
  const socket = new BareClient(await startBareServer(), { WebSocket }).createWebSocket(remote.url);
  const events = watch(socket);
  socket.close();
  expect(socket.readyState).toBe(2);
  expect(await events.next('close')).toMatchObject({ code: 1006 });
  expect(events.types).toEqual(['error', 'close']);
});

it('gives error and 1006 when the headers cannot be had', async () => {
  const socket = new BareClient('http://a.test/', { WebSocket }).createWebSocket('ws://a.test/', [], {
    headers: () => Promise.reject(new Error('no headers')),
  });
  const events = watch(socket);
  expect(((await events.next('error')) as ErrorEvent).message).toBe('no headers');
});

it('sends the close code to the remote', async () => {
  const remote = await startRemote();
  const socket = new BareClient(await startBareServer(), { WebSocket }).createWebSocket(remote.url);
  const events = watch(socket);
  const [[server]] = await Promise.all([remote.connection(), events.next('open')]);
  const closed = once(server, 'close') as Promise<[number, Buffer]>;
  const event = events.next('close');
  socket.close(3001, 'gone');
  const [code, reason] = await closed;
  expect([code, reason.toString()]).toEqual([3001, 'gone']);
  expect(await event).toMatchObject({ code: 3001, reason: 'gone', wasClean: true });
});

it.each<[string, string | string[], string]>([
  ['ftp://a/', [], 'SyntaxError'],
  ['nonsense', [], 'SyntaxError'],
  ['ws://a/#fragment', [], 'SyntaxError'],
  ['ws://a/', ['a', 'a'], 'SyntaxError'],
  ['ws://a/', '', 'SyntaxError'],
  ['ws://a/', ['a b'], 'SyntaxError'],
])('refuses %j with protocols %j', (url, protocols, name) => {
  const client = new BareClient('http://a.test/', { WebSocket });
  expect(() => client.createWebSocket(url, protocols)).toThrow(expect.objectContaining({ name }));
});

it('checks close code and reason', () => {
  const socket = new BareClient('http://127.0.0.1:1/', { WebSocket }).createWebSocket('https://a.test/');
  expect(socket.url).toBe('wss://a.test/');
  for (const code of [0, 999, 1001, 1005, 2999, 5000]) {
    expect(() => socket.close(code)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
  }
  expect(() => socket.close(1000, '\u2713'.repeat(42))).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
});

it('has nothing to connect with where there is no WebSocket', async () => {
  vi.stubGlobal('WebSocket', undefined);
  const socket = new BareClient('http://a.test/').createWebSocket('ws://a.test/');
  const error = (await watch(socket).next('error')) as ErrorEvent;
  expect(error.message).toContain('pass an implementation');
  vi.unstubAllGlobals();
});

function record(): { handlers: BareSocketHandlers; calls: unknown[][]; closed: Promise<void> } {
  const calls: unknown[][] = [];
  let resolve = (): void => undefined;
  const closed = new Promise<void>((done) => (resolve = done));
  return {
    calls,
    closed,
    handlers: {
      open: (...parameters) => calls.push(['open', ...parameters]),
      message: (data) => calls.push(['message', data]),
      error: (message) => calls.push(['error', message]),
      close: (...parameters) => {
        calls.push(['close', ...parameters]);
        resolve();
      },
    },
  };
}

it('connects a bare socket, with Host first when it is missing', async () => {
  const remote = await startRemote();
  const { handlers, calls, closed } = record();
  const connection = remote.connection();
  const socket = connectBareSocket(
    { server: await startBareServer(), remote: remote.url, protocols: [], headers: { 'User-Agent': 'x' }, WebSocket },
    handlers,
  );
  expect(() => socket.send('early')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
  const [server, request] = await connection;
  expect(request.rawHeaders.slice(0, 3)).toEqual(['Host', new URL(remote.url).host, 'User-Agent']);
  server.send('hello');
  server.terminate();
  await closed;
  expect(calls).toEqual([
    ['open', '', ['a=1', 'b=2']],
    ['message', 'hello'],
    ['close', 1006, '', false],
  ]);
  expect([socket.bufferedAmount, socket.extensions]).toEqual([0, '']);
});

it.each(['not json', '{"type":"connect"}', Buffer.from('{}')])('fails when the first message is %j', async (first) => {
  const server = http.createServer();
  new WebSocketServer({ server }).on('connection', (socket) => socket.send(first));
  const { handlers, calls, closed } = record();
  const port = await listen(server);
  connectBareSocket(
    { server: `http://127.0.0.1:${port}`, remote: 'ws://a.test/', protocols: [], headers: {}, WebSocket },
    handlers,
  );
  await closed;
  expect(calls.map(([name]) => name)).toEqual(['error', 'close']);
  expect(calls[1]).toEqual(['close', 1006, '', false]);
});
