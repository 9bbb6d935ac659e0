import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { encodeSubprotocol, joinHeaders } from '@culvert/bare-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { exchange, listen, onCleanup, startBareServer, startOrigin } from '../../local-servers.test-support.js';
import { MemoryMetaStore, type BareServerOptions } from '../../index.js';

interface Remote {
  url: URL;
  connection(): Promise<[WebSocket, http.IncomingMessage]>;
}

async function startRemote(options: ServerOptions = {}): Promise<Remote> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin, ...options });
  server.on('headers', (headers: string[]) => headers.push('Set-Cookie: a=1', 'Set-Cookie: b=2'));
  server.on('connection', (socket) => socket.on('error', () => undefined));
  const port = await listen(origin);
  return {
    url: new URL(`ws://127.0.0.1:${port}/socket?q`),
    connection: () => once(server, 'connection') as Promise<[WebSocket, http.IncomingMessage]>,
  };
}

type SocketHeaders = Record<string, string | string[]>;

function addressOf(url: URL): { host: string; port: string; protocol: string; path: string } {
  return { host: url.hostname, port: url.port, protocol: url.protocol, path: url.pathname + url.search };
}

async function v2Id(bare: string, url: URL, headers: SocketHeaders = {}): Promise<string> {
  const { host, port, protocol, path } = addressOf(url);
  const answer = await exchange(`${bare}v2/ws-new-meta`, {
    headers: {
      'X-Bare-Host': host,
      'X-Bare-Port': port,
      'X-Bare-Protocol': protocol,
      'X-Bare-Path': path,
      'X-Bare-Headers': JSON.stringify(headers),
    },
  });
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain']);
  expect(answer.body).toMatch(/^[0-9a-f]{32}$/);
  return answer.body;
}

function v1Protocols(url: URL, headers: SocketHeaders, id?: string, forward: string[] = []): string[] {
  const { port, ...address } = addressOf(url);
  const request = { remote: { ...address, port: Number(port) }, headers, forward_headers: forward, id };
  return ['bare', encodeSubprotocol(JSON.stringify(request))];
}

/** Listens at once, so that nothing is missed. */
class Client {
  readonly messages: string[] = [];
  readonly closed: Promise<[number, string]>;
  readonly opened: Promise<unknown>;

  constructor(
    bare: string,
    version: 'v1' | 'v2',
    protocols: string[],
    readonly socket = dial(bare, version, protocols),
  ) {
    onCleanup(() => socket.terminate());
    socket.on('message', (data: Buffer, isBinary) =>
      this.messages.push(isBinary ? `binary ${data.toString('hex')}` : data.toString()),
    );
    socket.on('error', () => undefined);
    this.opened = once(socket, 'open');
    this.opened.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve([code, reason.toString()]));
    });
  }
}

function dial(bare: string, version: string, protocols: string[]): WebSocket {
  return new WebSocket(`${bare.replace(/^http/, 'ws')}${version}/`, protocols);
}

/** One tunnel of either version. */
async function openTunnel(
  version: 'v1' | 'v2',
  remote: Remote,
  headers: SocketHeaders = {},
  options: BareServerOptions = {},
): Promise<{ bare: string; id: string; client: Client; socket: WebSocket; request: http.IncomingMessage }> {
  const bare = await startBareServer(options);
  const id = version === 'v2' ? await v2Id(bare, remote.url, headers) : (await exchange(`${bare}v1/ws-new-meta`)).body;
  const protocols = version === 'v2' ? [id] : v1Protocols(remote.url, headers, id, ['sec-websocket-extensions']);
  const connection = remote.connection();
  const client = new Client(bare, version, protocols);
  const [[socket, request]] = await Promise.all([connection, client.opened]);
  return { bare, id, client, socket, request };
}

const versions = ['v1', 'v2'] as const;

it.each(versions)('%s tunnels messages of both types both ways, and close codes', async (version) => {
  const remote = await startRemote({ perMessageDeflate: true });
  const { client, socket, id } = await openTunnel(version, remote);
  expect(client.socket.protocol).toBe(version === 'v1' ? 'bare' : id);
  expect(client.socket.extensions).toContain('permessage-deflate');
  const received: [string, boolean][] = [];
  socket.on('message', (data: Buffer, isBinary) => received.push([data.toString(), isBinary]));
  client.socket.send('text \u2713');
  client.socket.send(Buffer.from('bin'));
  client.socket.send('');
  client.socket.send('x'.repeat(200_000));
  await expect.poll(() => received.length).toBe(4);
  expect(received.slice(0, 3)).toEqual([
    ['text \u2713', false],
    ['bin', true],
    ['', false],
  ]);
  socket.send('back');
  socket.send(Buffer.from([1]));
  socket.close(4321, 'over');
  expect(await client.closed).toEqual([4321, 'over']);
  expect(client.messages).toEqual(['back', 'binary 01']);
});

it.each(versions)('%s sends the handshake in the order and case given, and tells its answer once', async (version) => {
  const remote = await startRemote({ handleProtocols: () => 'chat' });
  const { bare, id, request } = await openTunnel(version, remote, {
    Host: 'socket.test',
    'User-AGENT': 'x',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Origin: 'http://page.test',
    'Sec-WebSocket-Protocol': 'chat, other',
    Cookie: 'c=1',
  });
  expect(request.url).toBe('/socket?q');
  const names = request.rawHeaders.filter((_name, index) => index % 2 === 0);
  expect(names.slice(0, 7)).toEqual([
    'Host',
    'User-AGENT',
    'Connection',
    'Upgrade',
    'Origin',
    'Sec-WebSocket-Protocol',
    'Cookie',
  ]);
  expect(request.headers['sec-websocket-protocol']).toBe('chat, other');

  const meta = await exchange(`${bare}${version}/ws-meta`, { headers: { 'X-Bare-ID': id } });
  expect(meta.status).toBe(200);
  const json =
    version === 'v1'
      ? JSON.stringify((JSON.parse(meta.body) as { headers: object }).headers)
      : joinHeaders(Object.entries(meta.headers) as [string, string][], 'x-bare-headers')!;
  expect(JSON.parse(json)).toMatchObject({
    'Set-Cookie': ['a=1', 'b=2'],
    'Sec-WebSocket-Protocol': 'chat',
    'Sec-WebSocket-Accept': expect.any(String),
  });
  if (version === 'v2') expect(meta.headers['x-bare-status']).toBe('101');
  const again = await exchange(`${bare}${version}/ws-meta`, { headers: { 'X-Bare-ID': id } });
  expect(again.status).toBe(400);
  expect(JSON.parse(again.body)).toMatchObject({ code: 'INVALID_BARE_HEADER', id: 'request.headers.x-bare-id' });
});

it.each(versions)('%s lets an ID be used for one WebSocket only', async (version) => {
  const remote = await startRemote();
  const { bare, id } = await openTunnel(version, remote);
  const second = new Client(bare, version, version === 'v2' ? [id] : v1Protocols(remote.url, {}, id));
  expect((await second.closed)[0]).toBe(1006);
});

it('forgets an ID that is not used in time, and an answer that is not asked for', async () => {
  let now = 0;
  const options: BareServerOptions = { metaStore: new MemoryMetaStore(() => now) };
  const remote = await startRemote();
  const { bare, id } = await openTunnel('v2', remote, {}, options);
  const unused = await v2Id(bare, remote.url);
  now = 30_000;
  expect((await exchange(`${bare}v2/ws-meta`, { headers: { 'X-Bare-ID': id } })).status).toBe(400);
  expect((await new Client(bare, 'v2', [unused]).closed)[0]).toBe(1006);
});

it('works with a store that takes its time', async () => {
  const memory = new MemoryMetaStore();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  const metaStore = {
    set: async (key: string, value: string, lifetime: number) => {
      await pause();
      memory.set(key, value, lifetime);
    },
    take: async (key: string) => {
      await pause();
      return memory.take(key);
    },
  };
  const remote = await startRemote();
  const connection = remote.connection().then(([socket]) => socket.send('at once'));
  const { bare, id, client } = await openTunnel('v2', remote, {}, { metaStore });
  await connection;
  await expect.poll(() => client.messages).toEqual(['at once']);
  expect((await exchange(`${bare}v2/ws-meta`, { headers: { 'X-Bare-ID': id } })).status).toBe(200);
});

it('v1 needs no ID when nobody will ask for the answer', async () => {
  const remote = await startRemote();
  const bare = await startBareServer();
  const connection = remote.connection();
  const client = new Client(bare, 'v1', v1Protocols(remote.url, { 'X-\u00e9': 'no' } as never));
  expect((await client.closed)[0]).toBe(1006);
  const good = new Client(bare, 'v1', v1Protocols(remote.url, { 'X-A': 'caf\u00e9' }));
  const [[, request]] = await Promise.all([connection, good.opened]);
  expect(request.headers['x-a']).toBe('caf\u00e9');
});

/** A remote whose bytes after the handshake are given, as one piece with it or in pieces. */
async function startByteRemote(pieces: (accept: string) => string[]): Promise<{ url: URL; received: () => string }> {
  let received = '';
  const server = net.createServer((socket) => {
    let isAnswered = false;
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const key = /Sec-WebSocket-Key: (\S+)\r\n[^]*\r\n\r\n/i.exec(received)?.[1];
      if (key === undefined || isAnswered) return;
      isAnswered = true;
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      void (async () => {
        for (const piece of pieces(accept)) {
          socket.write(Buffer.from(piece, 'latin1'));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      })();
    });
  });
  const port = await listen(server);
  return { url: new URL(`ws://127.0.0.1:${port}/`), received: () => received };
}

const handshakeKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Everything that comes back until the connection ends or has been quiet for a while. */
async function rawUpgrade(bare: string, version: string, protocol: string, extra: string): Promise<string> {
  const socket = net.connect(Number(new URL(bare).port), '127.0.0.1');
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.write(
    Buffer.from(
      `GET /bare/${version}/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${handshakeKey}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n${extra}`,
      'latin1',
    ),
  );
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 150))]);
  return text;
}

it('loses no byte that comes with a handshake, wherever it is cut', async () => {
  const bare = await startBareServer();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 220 }), { maxLength: 3 }),
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 }),
      async (cuts, bytes) => {
        const remote = await startByteRemote((accept) => {
          const all = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n${bytes}`;
          const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
          return places.slice(1).map((end, index) => all.slice(places[index], end));
        });
        const id = await v2Id(bare, remote.url);
        const answer = await rawUpgrade(bare, 'v2', id, `early ${bytes}`);
        expect(answer).toMatch(/^HTTP\/1.1 101 [^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
        expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(bytes);
        const received = remote.received();
        expect(received.slice(received.indexOf('\r\n\r\n') + 4)).toBe(`early ${bytes}`);
      },
    ),
    { numRuns: 8 },
  );
}, 15_000);

it('tells a client why there is no tunnel, and v2 what the remote said', async () => {
  const bare = await startBareServer();
  const refusing = await startOrigin((_request, response) => response.writeHead(403, { 'X-Why': 'no' }).end());
  const url = new URL(refusing.replace('http', 'ws'));
  const id = await v2Id(bare, url);
  const answer = await rawUpgrade(bare, 'v2', id, '');
  expect(answer).toMatch(/^HTTP\/1.1 500 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_SOCKET_REFUSED"[^]*403/);
  const meta = await exchange(`${bare}v2/ws-meta`, { headers: { 'X-Bare-ID': id } });
  expect(meta.headers['x-bare-status']).toBe('403');
  const v1 = await rawUpgrade(bare, 'v1', v1Protocols(new URL('ws://127.0.0.1:1/'), {}).join(', '), '');
  expect(v1).toMatch(/^HTTP\/1.1 500 [^]*"CONNECTION_REFUSED"/);
  const wrong = await startByteRemote(() => ['HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n']);
  expect(await rawUpgrade(bare, 'v2', await v2Id(bare, wrong.url), '')).toMatch(/"IMPL_SOCKET_REFUSED"/);
});

it.each([
  ['v2', 'nothing'],
  ['v2', '0'.repeat(32)],
  ['v1', 'bare'],
  ['v1', 'bare, %zz'],
  ['v1', `bare, ${encodeSubprotocol('{')}`],
  ['v1', `bare, ${encodeSubprotocol('{"remote":1}')}`],
  ['v1', `bare, ${encodeSubprotocol('{"remote":{"host":"a","port":"80","path":"/","protocol":"http:"}}')}`],
  [
    'v1',
    `bare, ${encodeSubprotocol('{"remote":{"host":"a","port":80,"path":"/","protocol":"ws:"},"headers":{"a":1},"forward_headers":[]}')}`,
  ],
  [
    'v1',
    `bare, ${encodeSubprotocol('{"remote":{"host":"a","port":80,"path":"/","protocol":"ws:"},"headers":{},"forward_headers":{}}')}`,
  ],
])('%s refuses the subprotocol %s', async (version, protocol) => {
  const answer = await rawUpgrade(await startBareServer(), version, protocol, '');
  expect(answer).toMatch(/^HTTP\/1.1 400 [^]*"INVALID_BARE_HEADER"/);
});

it('refuses an upgrade to something else than WebSocket', async () => {
  const bare = await startBareServer();
  const socket = net.connect(Number(new URL(bare).port), '127.0.0.1');
  socket.write('GET /bare/v1/ HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  expect(chunk.toString()).toMatch(/^HTTP\/1.1 400 [^]*"IMPL_INVALID_REQUEST"/);
  socket.destroy();
});

it('holds raw tunnels to the address policy', async () => {
  const bare = await startBareServer({ upstream: { allowPrivate: false } });
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const answer = await rawUpgrade(bare, 'v2', await v2Id(bare, new URL(`ws://${host}:81/`)), '');
    expect(answer).toMatch(/^HTTP\/1.1 403 [^]*"IMPL_BLOCKED_ADDRESS"/);
  }
});

it.each(versions)('%s ends one side when the other breaks off', async (version) => {
  const remote = await startRemote();
  const first = await openTunnel(version, remote);
  first.socket.terminate();
  expect((await first.client.closed)[0]).toBe(1006);
  const second = await openTunnel(version, remote);
  const closed = once(second.socket, 'close');
  second.client.socket.terminate();
  expect((await closed)[0]).toBe(1006);
});

it('gives up on the remote when the client goes away before it has answered', async () => {
  const silent = net.createServer();
  const port = await listen(silent);
  const bare = await startBareServer();
  const connected = once(silent, 'connection') as Promise<[net.Socket]>;
  const client = new Client(bare, 'v2', [await v2Id(bare, new URL(`ws://127.0.0.1:${port}/`))]);
  const [socket] = await connected;
  const closed = once(socket.resume(), 'close');
  client.socket.terminate();
  await closed;
});

it('holds back a remote whose client does not read', async () => {
  const remote = await startRemote({ perMessageDeflate: false });
  const { client, socket } = await openTunnel('v2', remote);
  client.socket.pause();
  for (let index = 0; index < 60; index++) socket.send(Buffer.alloc(1_000_000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(socket.bufferedAmount).toBeGreaterThan(20_000_000);
  client.socket.resume();
  await expect.poll(() => client.messages.length, { timeout: 4500 }).toBe(60);
});

it('ends its tunnels when the server is closed', async () => {
  const remote = await startRemote();
  const { createBareServer } = await import('../../index.js');
  const bare = createBareServer({ upstream: { allowPrivate: true } });
  const server = http.createServer((request, response) => bare.routeRequest(request, response));
  server.on('upgrade', (request, socket, head) => bare.routeUpgrade(request, socket, head));
  const location = `http://127.0.0.1:${await listen(server)}/bare/`;
  const client = new Client(location, 'v1', v1Protocols(remote.url, {}));
  await client.opened;
  bare.close();
  expect((await client.closed)[0]).toBe(1006);
});

it('takes each value once, forgets expired ones, and makes room', () => {
  let now = 0;
  const store = new MemoryMetaStore(() => now);
  store.set('a', '1', 10);
  expect([store.take('a'), store.take('a'), store.take('b')]).toEqual(['1', null, null]);
  store.set('a', '1', 10);
  now = 10;
  expect(store.take('a')).toBeNull();
  store.set('old', '1', 10);
  now = 30;
  store.set('new', '1', 10);
  expect(store.size).toBe(1);
});
