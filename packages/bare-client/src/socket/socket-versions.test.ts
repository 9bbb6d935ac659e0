import { once } from 'node:events';
import http from 'node:http';
import { decodeSubprotocol } from '@culvert/bare-protocol';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import {
  listen,
  onCleanup,
  startBareServer,
  startOrigin,
} from '../../../bare-server/src/local-servers.test-support.js';
import { BareClient, type BareVersion, type BareWebSocket } from '../index.js';

const WebSocket = NodeWebSocket as unknown as typeof globalThis.WebSocket;
const versions = ['v1', 'v2', 'v3'] as const;

async function startRemote(
  listener: (socket: NodeWebSocket, request: http.IncomingMessage) => void = () => undefined,
): Promise<{ url: string; requests: http.IncomingMessage[] }> {
  const requests: http.IncomingMessage[] = [];
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin, perMessageDeflate: true });
  server.on('headers', (headers: string[]) => headers.push('Set-Cookie: a=1', 'Set-Cookie: b=2'));
  server.on('connection', (socket, request) => {
    requests.push(request);
    socket.on('error', () => undefined);
    listener(socket, request);
  });
  return { url: `ws://127.0.0.1:${await listen(origin)}/path?q`, requests };
}

/** All events, in words. */
function record(socket: BareWebSocket): { events: string[]; ended: Promise<CloseEvent> } {
  const events: string[] = [];
  onCleanup(() => socket.close());
  socket.addEventListener('open', () => events.push(`open ${socket.protocol}`));
  socket.addEventListener('message', (event) => {
    const { data } = event as MessageEvent;
    events.push(typeof data === 'string' ? `text ${data}` : `binary ${new Uint8Array(data as ArrayBuffer).join()}`);
  });
  socket.addEventListener('error', () => events.push('error'));
  const ended = new Promise<CloseEvent>((resolve) => {
    socket.addEventListener('close', (event) => {
      const { code, reason } = event as CloseEvent;
      events.push(`close ${code} ${reason}`);
      resolve(event as CloseEvent);
    });
  });
  return { events, ended };
}

it.each(versions)('%s carries messages, subprotocol, headers, cookies and close codes', async (version) => {
  const remote = await startRemote((socket) => {
    // Together with the handshake's answer.
    socket.send('early');
    socket.on('message', (data: Buffer, isBinary) => {
      if (data.toString() === 'bye') socket.close(4001, 'bye \u2713');
      else socket.send(data, { binary: isBinary });
    });
  });
  const cookies: string[][] = [];
  const client = new BareClient(await startBareServer(), { version, WebSocket });
  const socket = client.createWebSocket(remote.url, ['one', 'two'], {
    headers: [
      ['Cookie', 'c=1'],
      ['X-Check', '\u2713'],
    ],
    origin: 'https://page.test',
    setCookies: (lines) => cookies.push(lines),
  });
  socket.binaryType = 'arraybuffer';
  const { events, ended } = record(socket);
  socket.onopen = () => {
    socket.send('text \u2713');
    socket.send(new Uint8Array([1, 2, 255]).subarray(1));
    socket.send('');
    socket.send('bye');
  };
  expect(await ended).toMatchObject({ code: 4001, reason: 'bye \u2713', wasClean: true });
  expect(events).toEqual([
    'open one',
    'text early',
    'text text \u2713',
    'binary 2,255',
    'text ',
    'close 4001 bye \u2713',
  ]);
  expect(cookies).toEqual([['a=1', 'b=2']]);
  const [{ headers, url }] = remote.requests as [http.IncomingMessage];
  expect(url).toBe('/path?q');
  expect(headers).toMatchObject({
    host: new URL(remote.url).host,
    cookie: 'c=1',
    origin: 'https://page.test',
    'sec-websocket-protocol': expect.stringMatching(/^one, ?two$/),
    'x-check': Buffer.from('\u2713').toString('latin1'),
  });
});

it.each(versions)('%s tells the remote the code that it is closed with', async (version) => {
  let closed: Promise<unknown[]> = Promise.resolve([]);
  const remote = await startRemote((socket) => (closed = once(socket, 'close')));
  const socket = new BareClient(await startBareServer(), { version, WebSocket }).createWebSocket(remote.url);
  const { ended } = record(socket);
  socket.onopen = () => socket.close(3333, 'enough');
  expect(await ended).toMatchObject({ code: 3333, reason: 'enough' });
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([3333, 'enough']);
});

it.each(versions)('%s gives error and 1006 when the remote refuses', async (version) => {
  let requests = 0;
  const origin = http.createServer().on('upgrade', (_request, socket) => {
    requests++;
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  const port = await listen(origin);
  const client = new BareClient([await startBareServer(), await startBareServer()], { version, WebSocket });
  const socket = client.createWebSocket(`ws://127.0.0.1:${port}/`);
  let message = '';
  socket.onerror = (event) => (message = (event as ErrorEvent).message);
  const { events, ended } = record(socket);
  expect(await ended).toMatchObject({ code: 1006, reason: '', wasClean: false });
  expect(events).toEqual(['error', 'close 1006 ']);
  // v1 has no way to say why, so that the other server is asked as well.
  expect(requests).toBe(version === 'v1' ? 2 : 1);
  if (version !== 'v1') expect(message).toContain('403');
});

it.each(['v1', 'v2'] as const)('%s shows the extensions of the remote, whose frames it has', async (version) => {
  const remote = await startRemote();
  const socket = new BareClient(await startBareServer(), { version, WebSocket }).createWebSocket(remote.url);
  record(socket);
  await new Promise((resolve) => (socket.onopen = resolve));
  expect(socket.extensions).toContain('permessage-deflate');
});

it('falls back to an older version when the WebSocket of the newest is broken, and remembers', async () => {
  const bare = await startBareServer();
  const attempts: string[] = [];
  // A server in front that does not let upgrades of v3 through.
  const front = http.createServer((request, response) => {
    const { host } = new URL(bare);
    const onward = http.request(`http://${host}${request.url}`, { method: request.method!, headers: request.headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  front.on('upgrade', (request, socket) => {
    attempts.push(request.url!.slice('/bare/'.length));
    socket.on('error', () => undefined);
    if (request.url === '/bare/v3/') return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    const onward = http.request(bare.replace('/bare/', request.url!), { headers: request.headers });
    onward.on('upgrade', (answer, remote, head) => {
      const lines = answer.rawHeaders.reduce((text, item, index) => text + item + (index % 2 ? '\r\n' : ': '), '');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      socket.write(head);
      remote.pipe(socket).pipe(remote);
      remote.on('error', () => socket.destroy());
    });
    onward.end();
  });
  const remote = await startRemote((socket) => socket.close(4000));
  const client = new BareClient(`http://127.0.0.1:${await listen(front)}/bare/`, { WebSocket });
  for (let index = 0; index < 2; index++) {
    const { events, ended } = record(client.createWebSocket(remote.url));
    await ended;
    expect(events).toEqual(['open ', 'close 4000 ']);
  }
  expect(attempts).toEqual(['v3/', 'v2/', 'v2/']);
});

it('goes to the next server when one is out', async () => {
  const remote = await startRemote((socket) => socket.close(4000));
  const servers = ['http://127.0.0.1:1/', await startBareServer()];
  for (const version of [undefined, ...versions]) {
    const client = new BareClient(servers, { WebSocket, ...(version && { version }) });
    const { events, ended } = record(client.createWebSocket(remote.url));
    await ended;
    expect(events).toEqual(['open ', 'close 4000 ']);
  }
});

it.each<[BareVersion, string]>([
  ['v2', 'an ID with spaces'],
  ['v1', '{"headers":1}'],
])('%s gives up on a server whose answers make no sense: %j', async (version, answer) => {
  const server = await startOrigin((request, response) => response.end(request.url!.includes('new') ? answer : '{}'));
  const socket = new BareClient(server, { version, WebSocket }).createWebSocket('ws://a.test/');
  const { events, ended } = record(socket);
  let message = '';
  socket.onerror = (event) => (message = (event as ErrorEvent).message);
  await ended;
  expect(events).toEqual(['error', 'close 1006 ']);
  expect(message).toMatch(new RegExp(`does not answer as ${version} says.*option "version"`));
});

it('v1 sends the request of the specification in its second subprotocol', async () => {
  const server = http.createServer((_request, response) => response.end('ABDCFE009023'));
  const upgraded = once(server, 'upgrade') as Promise<[http.IncomingMessage, { destroy(): void }]>;
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const client = new BareClient(url, { version: 'v1', WebSocket });
  const socket = client.createWebSocket('wss://example.org/ws-path', 'chat', { headers: { Cookie: 'caf\u00e9' } });
  record(socket);
  const [request, connection] = await upgraded;
  connection.destroy();
  const [dummy, encoded] = request.headers['sec-websocket-protocol']!.split(',') as [string, string];
  expect(dummy).toBe('bare');
  expect(JSON.parse(decodeSubprotocol(encoded.trim()))).toMatchObject({
    remote: { host: 'example.org', port: 443, path: '/ws-path', protocol: 'wss:' },
    headers: { Host: 'example.org', Cookie: 'caf\u00e9', 'Sec-WebSocket-Protocol': 'chat' },
    forward_headers: expect.arrayContaining(['sec-websocket-key']),
    id: 'ABDCFE009023',
  });
});

it.each(versions)('%s gives up when it is not open in time', async (version) => {
  const silent = http.createServer().on('upgrade', () => undefined);
  const url = `ws://127.0.0.1:${await listen(silent)}/`;
  const client = new BareClient(await startBareServer(), { version, WebSocket, connectTimeout: 60 });
  const socket = client.createWebSocket(url);
  let message = '';
  socket.onerror = (event) => (message = (event as ErrorEvent).message);
  const { events, ended } = record(socket);
  await ended;
  expect(message).toContain('it was not open within 0.06 s');
  expect(events).toEqual(['error', 'close 1006 ']);
});

/** Never connects. */
function idleSocket(protocols?: unknown): BareWebSocket {
  const socket = new BareClient(() => new Promise<string>(() => undefined), { WebSocket }).createWebSocket(
    'ws://a.test/b',
    protocols as string,
  );
  onCleanup(() => socket.close());
  return socket;
}

it('has the members of the native interface, where and as it has them', () => {
  const socket = idleSocket();
  expect(String(socket)).toBe('[object WebSocket]');
  expect([socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED]).toEqual([0, 1, 2, 3]);
  expect(Object.keys(socket)).toEqual([]);
  expect(Object.getOwnPropertyNames(socket)).toEqual([]);
  const names: string[] = [];
  for (const name in socket) names.push(name);
  for (const name of ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'binaryType', 'send', 'close']) {
    expect(names).toContain(name);
  }
  for (const name of ['onopen', 'onmessage', 'onerror', 'onclose', 'CONNECTING', 'CLOSED'])
    expect(names).toContain(name);
  expect([socket.send.length, socket.close.length]).toEqual([1, 0]);
  expect([socket.url, socket.readyState, socket.bufferedAmount, socket.extensions, socket.protocol]).toEqual([
    'ws://a.test/b',
    0,
    0,
    '',
    '',
  ]);
  const prototype = Object.getPrototypeOf(socket) as object;
  expect(() => Reflect.get(prototype, 'url')).toThrow(TypeError);
  expect(() => Reflect.set(Object.freeze(socket), 'OPEN', 5) || socket.OPEN).not.toThrow();
});

it('converts arguments as Web IDL says', () => {
  const socket = idleSocket();
  socket.binaryType = 'nonsense' as never;
  expect(socket.binaryType).toBe('blob');
  socket.binaryType = 'arraybuffer';
  expect(socket.binaryType).toBe('arraybuffer');
  expect(() => socket.send.call(socket, ...([] as never as ['']))).toThrow(TypeError);
  expect(() => new BareClient('http://a/').createWebSocket(...([] as never as [string]))).toThrow(TypeError);
  for (const [code, error] of [
    [NaN, 'InvalidAccessError'],
    [null, 'InvalidAccessError'],
    ['x', 'InvalidAccessError'],
    [2999.4, 'InvalidAccessError'],
    [-1, 'InvalidAccessError'],
    [1e9, 'InvalidAccessError'],
  ] as const) {
    expect(() => socket.close(code as never)).toThrow(expect.objectContaining({ name: error }));
  }
  expect(() => socket.close(1000, { toString: () => 'x'.repeat(124) } as never)).toThrow(
    expect.objectContaining({ name: 'SyntaxError' }),
  );
  for (const protocols of [null, 5, new Set(['a', 'b']), 'a']) expect(() => idleSocket(protocols)).not.toThrow();
  for (const protocols of [{}, ['a', 'a'], [''], '', 'a b', 'a,b']) {
    expect(() => idleSocket(protocols)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  }
  expect(() => socket.close('3000.4' as never)).not.toThrow();
  expect(socket.readyState).toBe(2);
});

it('keeps the place of a handler among the listeners until it is removed', async () => {
  const socket = idleSocket();
  const calls: string[] = [];
  socket.onclose = () => calls.push('first');
  socket.addEventListener('close', () => calls.push('listener'));
  const second = function (this: unknown): void {
    calls.push(`second ${this === socket}`);
  };
  socket.onclose = second;
  expect(socket.onclose).toBe(second);
  socket.onerror = 'nothing' as never;
  expect(socket.onerror).toBeNull();
  socket.onopen = {} as never;
  expect(socket.onopen).toEqual({});
  socket.close();
  await expect.poll(() => calls).toEqual(['second true', 'listener']);
});

it('is an instance of the native class where there is one', async () => {
  class Native extends EventTarget {}
  vi.stubGlobal('WebSocket', Native);
  vi.resetModules();
  const { BareClient: Fresh } = await import('../index.js');
  const socket = new Fresh(() => new Promise<string>(() => undefined)).createWebSocket('ws://a.test/');
  expect(socket).toBeInstanceOf(Native);
  expect(socket.readyState).toBe(0);
  socket.close();
  vi.unstubAllGlobals();
});

it('converts any number to a close code as an unsigned short is clamped', () => {
  fc.assert(
    fc.property(fc.double(), (number) => {
      const expected = (() => {
        if (Number.isNaN(number)) return 0;
        const clamped = Math.min(Math.max(number, 0), 65535);
        const lower = Math.floor(clamped);
        if (clamped - lower === 0.5) return lower % 2 === 0 ? lower : lower + 1;
        return Math.round(clamped);
      })();
      const isAllowed = expected === 1000 || (expected >= 3000 && expected <= 4999);
      const socket = idleSocket();
      if (isAllowed) expect(() => socket.close(number)).not.toThrow();
      else expect(() => socket.close(number)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    }),
    { examples: [[1000.5], [999.5], [2999.5], [4999.5], [3000.5]], numRuns: 50 },
  );
});
