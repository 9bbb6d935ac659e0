import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import * as httpSocket from '@culvert/http-socket';
import { expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { createBareServer, type BareServerOptions } from '../../../bare-server/src/index.js';
import { listen, onCleanup } from '../../../bare-server/src/local-servers.test-support.js';
import { BareClient, type BareWebSocket } from '../index.js';
import { SocketFallback, type SocketFallbackEvent, type SocketFallbackOptions } from './index.js';

const WebSocket = NodeWebSocket as unknown as typeof globalThis.WebSocket;
const load = () => Promise.resolve(httpSocket);

/** Echoes; `close <code>` closes with that code. */
async function startEcho(): Promise<string> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin });
  server.on('headers', (headers: string[]) => headers.push('Set-Cookie: a=1'));
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer, isBinary) => {
      const code = /^close (\d+)$/.exec(isBinary ? '' : data.toString())?.[1];
      if (code) socket.close(Number(code), 'as asked');
      else socket.send(data, { binary: isBinary });
    });
  });
  return `ws://127.0.0.1:${await listen(origin)}/`;
}

/** A Bare server that a middlebox lets no upgrade through to. */
async function startBlockedServer(
  options: BareServerOptions = {},
  refuse = (socket: Duplex) => void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
): Promise<{ url: string; upgrades: () => number }> {
  const bare = createBareServer({ upstream: { allowPrivate: true }, ...options });
  const server = http.createServer((request, response) => bare.routeRequest(request, response));
  let upgrades = 0;
  server.on('upgrade', (_request, socket) => {
    upgrades++;
    refuse(socket);
  });
  onCleanup(() => bare.close());
  return { url: `http://127.0.0.1:${await listen(server)}/bare/`, upgrades: () => upgrades };
}

function createClient(server: string, options: Partial<SocketFallbackOptions> = {}) {
  const sockets = new SocketFallback({ load, ...options });
  const events: SocketFallbackEvent[] = [];
  sockets.addEventListener('fallback', (event) => events.push(event as SocketFallbackEvent));
  return { client: new BareClient(server, { WebSocket, sockets }), events };
}

/** Collects what is received, and how it ends. */
function follow(socket: BareWebSocket) {
  socket.binaryType = 'arraybuffer';
  const messages: unknown[] = [];
  let error = '';
  socket.onmessage = ({ data }: MessageEvent) => messages.push(data);
  socket.onerror = (event) => (error = (event as ErrorEvent).message);
  const opened = new Promise((resolve) => (socket.onopen = resolve));
  const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  return { messages, opened, closed, error: () => error };
}

it('opens a WebSocket over HTTP requests where the upgrade is refused, and says so once', async () => {
  const remote = await startEcho();
  const server = await startBlockedServer();
  const { client, events } = createClient(server.url);
  const cookies: string[][] = [];
  const socket = client.createWebSocket(remote, [], { setCookies: (lines) => cookies.push(lines) });
  const { messages, opened, closed } = follow(socket);
  await opened;
  expect(cookies).toEqual([['a=1']]);
  const large = 'x'.repeat(300_000);
  socket.send('text \u2713');
  socket.send(new Uint8Array([0, 255]));
  socket.send('');
  socket.send(large);
  await expect.poll(() => messages.length, { timeout: 8000 }).toBe(4);
  expect(messages).toEqual(['text \u2713', new Uint8Array([0, 255]).buffer, '', large]);
  socket.send('close 4321');
  expect(await closed).toMatchObject({ code: 4321, reason: 'as asked', wasClean: true });

  expect(events.map((event) => event.server)).toEqual([server.url]);
  expect(events[0]!.reason).toContain('does not accept WebSockets');
});

it('goes over HTTP at once for as long as the finding is kept, and tries a WebSocket after that', async () => {
  const remote = await startEcho();
  const server = await startBlockedServer();
  const { client, events } = createClient(server.url, { rememberFor: 60_000 });
  for (let turn = 0; turn < 3; turn++) {
    const socket = client.createWebSocket(remote);
    await follow(socket).opened;
    socket.close();
  }
  expect([server.upgrades(), events.length]).toEqual([1, 1]);
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
  onCleanup(() => vi.useRealTimers());
  await follow(client.createWebSocket(remote)).opened;
  expect([server.upgrades(), events.length]).toEqual([2, 2]);
});

it('does not wait for ever for the answer to an upgrade', async () => {
  const remote = await startEcho();
  const server = await startBlockedServer({}, () => undefined);
  const { client, events } = createClient(server.url, { upgradeTimeout: 50 });
  await follow(client.createWebSocket(remote)).opened;
  expect(events[0]!.reason).toContain('within 0.05 s');
});

it('leaves a WebSocket alone that the server accepts, whatever its remote does', async () => {
  const silent = net.createServer();
  const bare = createBareServer({ upstream: { allowPrivate: true } });
  const server = http.createServer((request, response) => bare.routeRequest(request, response));
  server.on('upgrade', (request, socket, head) => bare.routeUpgrade(request, socket, head));
  onCleanup(() => bare.close());
  const { client, events } = createClient(`http://127.0.0.1:${await listen(server)}/bare/`, { upgradeTimeout: 50 });

  const open = client.createWebSocket(await startEcho());
  const { opened, messages } = follow(open);
  await opened;
  open.send('x');
  await expect.poll(() => messages).toEqual(['x']);

  const accepted = once(silent, 'connection');
  const waiting = client.createWebSocket(`ws://127.0.0.1:${await listen(silent)}/`);
  await accepted;
  const refused = follow(client.createWebSocket('ws://127.0.0.1:1/'));
  await refused.closed;
  expect(refused.error()).toContain('127.0.0.1:1');
  expect(waiting.readyState).toBe(0);
  waiting.close();
  open.close();
  expect(events).toEqual([]);
});

it('says what failed when neither way leads to the remote', async () => {
  const blocked = await startBlockedServer({ httpSocket: false, versions: ['v3'] });
  const { client, events } = createClient(blocked.url);
  const without = follow(client.createWebSocket(await startEcho()));
  expect(await without.closed).toMatchObject({ code: 1006, wasClean: false });
  expect(without.error()).toContain('does not accept WebSockets');

  const refusing = createClient((await startBlockedServer()).url);
  const unreachable = follow(refusing.client.createWebSocket('ws://127.0.0.1:1/'));
  await unreachable.closed;
  expect(unreachable.error()).toContain('127.0.0.1:1');

  const loadless = createClient(blocked.url, { load: () => Promise.reject(new Error('no such file')) });
  const unloaded = follow(loadless.client.createWebSocket(await startEcho()));
  await unloaded.closed;
  expect(unloaded.error()).toContain('no such file');
  expect([events.length, refusing.events.length, loadless.events.length]).toEqual([0, 1, 0]);
});

it('keeps to the address policy of the server', async () => {
  const server = await startBlockedServer({ upstream: { allowPrivate: false } });
  const { error, closed } = follow(createClient(server.url).client.createWebSocket(await startEcho()));
  await closed;
  expect(error()).toMatch(/private|loopback|not allowed|address/i);
});

it('gives up when it is closed while it is on its way', async () => {
  const server = await startBlockedServer();
  let give: ((module: typeof httpSocket) => void) | null = null;
  const { client, events } = createClient(server.url, {
    load: () => new Promise<typeof httpSocket>((resolve) => (give = resolve)),
  });
  const socket = client.createWebSocket(await startEcho());
  const { closed } = follow(socket);
  await expect.poll(() => give).not.toBeNull();
  socket.close();
  give!(httpSocket);
  expect(await closed).toMatchObject({ code: 1006 });
  expect(events).toEqual([]);
});
