import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { createHash } from 'node:crypto';
import { parseSocketFailure } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from 'ws';
import { listen, onCleanup, startBareServer, startOrigin, startRawOrigin } from '../../local-servers.test-support.js';

interface Remote {
  url: string;
  server: WebSocketServer;
  /** The next connection, with its handshake. */
  connection(): Promise<[WebSocket, http.IncomingMessage]>;
}

async function startRemote(options: ServerOptions = {}): Promise<Remote> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin, ...options });
  server.on('connection', (socket) => socket.on('error', () => undefined));
  const port = await listen(origin);
  return {
    url: `ws://127.0.0.1:${port}/socket`,
    server,
    connection: () => once(server, 'connection') as Promise<[WebSocket, http.IncomingMessage]>,
  };
}

class Client {
  readonly messages: (string | Buffer)[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(readonly socket: WebSocket) {
    onCleanup(() => socket.terminate());
    socket.on('message', (data: Buffer, isBinary) => this.messages.push(isBinary ? data : data.toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  async message(index: number): Promise<string | Buffer> {
    await expect.poll(() => this.messages.length, { interval: 5, timeout: 4000 }).toBeGreaterThan(index);
    return this.messages[index]!;
  }
}

async function connect(bare: string, options: ClientOptions = {}): Promise<Client> {
  const client = new Client(new WebSocket(`${bare.replace(/^http/, 'ws')}v3/`, options));
  await once(client.socket, 'open');
  return client;
}

function connectMessage(remote: string, fields: object = {}): string {
  return JSON.stringify({ type: 'connect', remote, protocols: [], headers: {}, forwardHeaders: [], ...fields });
}

async function openTunnel(
  remote: Remote,
  fields: object = {},
): Promise<{ client: Client; socket: WebSocket; request: http.IncomingMessage }> {
  const client = await connect(await startBareServer());
  const connection = remote.connection();
  client.socket.send(connectMessage(remote.url, fields));
  const [socket, request] = await connection;
  await client.message(0);
  return { client, socket, request };
}

it('answers with the open message of the specification and relays both types both ways', async () => {
  const remote = await startRemote();
  const { client, socket } = await openTunnel(remote);
  expect(client.messages[0]).toBe('{"type":"open","protocol":"","setCookies":[]}');
  const received: [string, boolean][] = [];
  socket.on('message', (data: Buffer, isBinary) => received.push([data.toString('hex'), isBinary]));
  client.socket.send('text \u2713');
  client.socket.send(Buffer.from([0, 255]));
  client.socket.send('');
  await expect
    .poll(() => received, { timeout: 4000 })
    .toEqual([
      [Buffer.from('text \u2713').toString('hex'), false],
      ['00ff', true],
      ['', false],
    ]);
  socket.send('back \u2713');
  socket.send(Buffer.from([1, 2]));
  socket.send(Buffer.alloc(0));
  await client.message(3);
  expect(client.messages.slice(1)).toEqual(['back \u2713', Buffer.from([1, 2]), Buffer.alloc(0)]);
});

it('joins fragments and carries a large message', async () => {
  const remote = await startRemote();
  const { client, socket } = await openTunnel(remote);
  const received: Buffer[] = [];
  socket.on('message', (data: Buffer) => received.push(data));
  client.socket.send('one ', { fin: false });
  client.socket.send('two', { fin: true });
  client.socket.send(Buffer.alloc(3_000_000, 7));
  await expect.poll(() => received.length, { timeout: 4000 }).toBe(2);
  expect(received[0]!.toString()).toBe('one two');
  expect(received[1]!.equals(Buffer.alloc(3_000_000, 7))).toBe(true);
});

it('sends handshake headers in the order and case of the connect message', async () => {
  const remote = await startRemote({ handleProtocols: () => 'second' });
  const { client, request } = await openTunnel(remote, {
    protocols: ['first', 'second'],
    headers: {
      Host: 'socket.test',
      Connection: 'Upgrade',
      Pragma: 'no-cache',
      'user-AGENT': 'Culvert/1',
      Upgrade: 'websocket',
      Origin: 'https://page.test',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'ignored',
      Cookie: 'a=1; b=2',
    },
  });
  expect(client.messages[0]).toBe('{"type":"open","protocol":"second","setCookies":[]}');
  const { rawHeaders } = request;
  const names = rawHeaders.filter((_value, index) => index % 2 === 0);
  expect(names).toEqual([
    'Host',
    'Connection',
    'Pragma',
    'user-AGENT',
    'Upgrade',
    'Origin',
    'Sec-WebSocket-Version',
    'Sec-WebSocket-Key',
    'Cookie',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Protocol',
  ]);
  expect(request.headers).toMatchObject({
    host: 'socket.test',
    connection: 'Upgrade',
    origin: 'https://page.test',
    cookie: 'a=1; b=2',
    'user-agent': 'Culvert/1',
    'sec-websocket-protocol': 'first, second',
    'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
  });
  expect(request.headers['sec-websocket-key']).not.toBe('ignored');
});

it('reports every Set-Cookie of the handshake', async () => {
  const remote = await startRemote();
  remote.server.on('headers', (headers: string[]) =>
    headers.push('Set-Cookie: a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'set-cookie: b=2'),
  );
  const { client } = await openTunnel(remote);
  expect(JSON.parse(client.messages[0] as string)).toMatchObject({
    setCookies: ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2'],
  });
});

it('loses nothing that the remote sends together with its 101', async () => {
  const frames = Buffer.concat([
    Buffer.from([0x81, 5]),
    Buffer.from('early'),
    Buffer.from([0x82, 2, 1, 2]),
    Buffer.from([0x88, 2, 0x0f, 0xa1]),
  ]);
  const origin = await startRawOrigin((socket, text) => {
    const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(text)?.[1];
    if (key === undefined) return;
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), frames]));
  });
  const client = await connect(await startBareServer());
  client.socket.send(connectMessage(`ws://127.0.0.1:${origin.port}/`));
  expect(await client.closed).toEqual({ code: 4001, reason: '' });
  expect(client.messages).toEqual(['{"type":"open","protocol":"","setCookies":[]}', 'early', Buffer.from([1, 2])]);
});

it('loses nothing that the client sends right after its connect message', async () => {
  const remote = await startRemote();
  const client = await connect(await startBareServer());
  const received: string[] = [];
  let closed: Promise<unknown[]> = Promise.resolve([]);
  remote.server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data: Buffer) => received.push(data.toString()));
    closed = once(socket, 'close');
  });
  client.socket.send(connectMessage(remote.url));
  for (let index = 0; index < 50; index++) client.socket.send(String(index));
  client.socket.close(4002, 'done');
  await expect.poll(() => received.length, { timeout: 4000 }).toBe(50);
  expect(received).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
  expect(await closed).toEqual([4002, Buffer.from('done')]);
});

it('delivers what a client said before it left, when the remote answers later', async () => {
  const origin = http.createServer();
  const sockets = new WebSocketServer({ noServer: true });
  origin.on('upgrade', (request, socket, head) => {
    setTimeout(
      () => sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted)),
      150,
    );
  });
  const port = await listen(origin);
  const connection = once(sockets, 'connection') as Promise<[WebSocket]>;
  const client = await connect(await startBareServer());
  client.socket.send(connectMessage(`ws://127.0.0.1:${port}/`));
  client.socket.send('said');
  client.socket.close(4003);
  expect((await client.closed).code).toBe(4003);
  const [socket] = await connection;
  const closed = once(socket, 'close');
  expect(String((await once(socket, 'message'))[0])).toBe('said');
  expect((await closed)[0]).toBe(4003);
});

it('carries close code and reason from the remote to the client', async () => {
  const remote = await startRemote();
  const { client, socket } = await openTunnel(remote);
  socket.send('last words');
  socket.close(4321, 'enough');
  expect(await client.closed).toEqual({ code: 4321, reason: 'enough' });
  expect(client.messages[1]).toBe('last words');
});

it('carries close code and reason from the client to the remote', async () => {
  const remote = await startRemote();
  const { client, socket } = await openTunnel(remote);
  const closed = once(socket, 'close');
  client.socket.close(3999, 'bye');
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([3999, 'bye']);
});

it.each([
  ['without a code', (socket: WebSocket) => socket.close(), 1005],
  ['without a close frame', (socket: WebSocket) => socket.terminate(), 1006],
])('ends one side %s as the other ended', async (_how, end, expected) => {
  const remote = await startRemote();
  const first = await openTunnel(remote);
  end(first.socket);
  expect((await first.client.closed).code).toBe(expected);
  const second = await openTunnel(remote);
  const closed = once(second.socket, 'close');
  end(second.client.socket);
  expect((await closed)[0]).toBe(expected);
});

it('gives the client everything that came before an abrupt end', async () => {
  const remote = await startRemote();
  const { client, socket } = await openTunnel(remote);
  for (let index = 0; index < 40; index++) socket.send(Buffer.alloc(100_000));
  await new Promise<void>((resolve) => socket.send('last', () => resolve()));
  socket.terminate();
  expect((await client.closed).code).toBe(1006);
  expect(client.messages.length).toBe(42);
});

it('holds back a remote whose client does not read', async () => {
  const remote = await startRemote({ perMessageDeflate: false });
  const { client, socket } = await openTunnel(remote);
  client.socket.pause();
  const total = 60;
  for (let index = 0; index < total; index++) socket.send(Buffer.alloc(1_000_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  // What is not in a buffer of the system, or in the server's megabyte, is still here.
  expect(socket.bufferedAmount).toBeGreaterThan(20_000_000);
  client.socket.resume();
  await expect.poll(() => client.messages.length, { timeout: 4500 }).toBe(total + 1);
});

it('holds back a client whose remote does not read', async () => {
  const remote = await startRemote({ perMessageDeflate: false });
  const { client, socket } = await openTunnel(remote, { headers: {} });
  socket.pause();
  let received = 0;
  socket.on('message', () => received++);
  const noise = Buffer.from(Array.from({ length: 1_000_000 }, () => Math.random() * 256));
  for (let index = 0; index < 60; index++) client.socket.send(noise);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(client.socket.bufferedAmount).toBeGreaterThan(20_000_000);
  socket.resume();
  await expect.poll(() => received, { timeout: 4500 }).toBe(60);
});

async function failure(
  bare: string,
  message: string | Buffer,
): Promise<{ code: number; messages: number; failure: string; text: string }> {
  const client = await connect(bare);
  client.socket.send(message);
  const { code, reason } = await client.closed;
  const parsed = parseSocketFailure(reason);
  return { code, messages: client.messages.length, failure: parsed?.code ?? reason, text: parsed?.message ?? '' };
}

it.each([
  ['binary', Buffer.from(connectMessage('ws://a/'))],
  ['not JSON', '{'],
  ['of another type', '{"type":"open"}'],
  ['without headers', connectMessage('ws://a/', { headers: null })],
  ['for an http: URL', connectMessage('http://a/')],
  ['with a bad subprotocol', connectMessage('ws://127.0.0.1:1/', { protocols: ['a b'] })],
])('ends the connection when the first message is %s', async (_what, message) => {
  expect(await failure(await startBareServer(), message)).toMatchObject({
    code: 1008,
    messages: 0,
    failure: 'IMPL_INVALID_SOCKET_MESSAGE',
  });
});

it('checks headers of the connect message as those of a request', async () => {
  const bare = await startBareServer();
  expect(await failure(bare, connectMessage('ws://a/', { headers: { 'X-A': 'a\r\nb' } }))).toMatchObject({
    failure: 'INVALID_HEADER',
  });
  expect(await failure(bare, connectMessage('ws://a/', { headers: { 'X-A': 1 } }))).toMatchObject({
    failure: 'INVALID_BARE_HEADER',
  });
  expect(await failure(bare, connectMessage('ws://a/', { forwardHeaders: ['HOST'] }))).toMatchObject({
    failure: 'FORBIDDEN_BARE_HEADER',
  });
});

it('gives up on a client that sends no connect message', async () => {
  const client = await connect(await startBareServer({ connectMessageTimeout: 30 }));
  expect((await client.closed).code).toBe(1008);
});

it('says why a remote could not be reached, without an open message', async () => {
  const bare = await startBareServer({ upstream: { headersTimeout: 50 } });
  const refused = net.createServer().listen(0, '127.0.0.1');
  await once(refused, 'listening');
  const { port } = refused.address() as net.AddressInfo;
  refused.close();
  await once(refused, 'close');
  expect(await failure(bare, connectMessage(`ws://127.0.0.1:${port}/`))).toMatchObject({
    code: 1011,
    messages: 0,
    failure: 'CONNECTION_REFUSED',
  });
  expect(await failure(bare, connectMessage('ws://does-not-exist.invalid/'))).toMatchObject({
    messages: 0,
    failure: 'HOST_NOT_FOUND',
  });
  const plain = await startOrigin((_request, response) => response.writeHead(403).end());
  expect(await failure(bare, connectMessage(plain.replace('http', 'ws')))).toMatchObject({
    failure: 'IMPL_SOCKET_REFUSED',
    text: expect.stringContaining('403'),
  });
  const silent = await startRawOrigin(() => undefined);
  expect(await failure(bare, connectMessage(`ws://127.0.0.1:${silent.port}/`))).toMatchObject({
    failure: 'CONNECTION_TIMEOUT',
  });
});

it('refuses a remote that picks no subprotocol, as browsers do', async () => {
  const remote = await startRemote({ handleProtocols: () => false });
  expect(await failure(await startBareServer(), connectMessage(remote.url, { protocols: ['a'] }))).toMatchObject({
    code: 1011,
    failure: 'IMPL_SOCKET_REFUSED',
  });
});

it('holds WebSockets to the address policy', async () => {
  const bare = await startBareServer({ upstream: { allowPrivate: false } });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:10.0.0.1]', '2130706433']) {
    expect(await failure(bare, connectMessage(`ws://${host}/`))).toMatchObject({
      code: 1008,
      messages: 0,
      failure: 'IMPL_BLOCKED_ADDRESS',
    });
  }
});

it('uses the resolve table for WebSockets', async () => {
  const remote = await startRemote();
  const { port } = new URL(remote.url);
  const client = await connect(await startBareServer({ upstream: { resolve: ['socket.test:*:127.0.0.1'] } }));
  const connection = remote.connection();
  client.socket.send(connectMessage(`ws://socket.test:${port}/path?`));
  const [, request] = await connection;
  expect(request.headers.host).toBe(`socket.test:${port}`);
  expect(request.url).toBe('/path?');
});

it('gives up on the remote when the client goes away before it has answered', async () => {
  const silent = net.createServer();
  const port = await listen(silent);
  const connected = once(silent, 'connection') as Promise<[net.Socket]>;
  const client = await connect(await startBareServer());
  client.socket.send(connectMessage(`ws://127.0.0.1:${port}/`));
  const [socket] = await connected;
  const closed = once(socket.resume(), 'close');
  client.socket.terminate();
  await closed;
});

it('answers an upgrade at another path with 404', async () => {
  const bare = await startBareServer();
  const socket = new WebSocket(`${bare.replace('http', 'ws')}v9/`);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('404');
});
