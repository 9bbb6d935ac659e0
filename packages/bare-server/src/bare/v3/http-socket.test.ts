import { once } from 'node:events';
import http from 'node:http';
import { connectHttpSocket, openMessageChannelOnDuplex } from '@culvert/http-socket/node';
import { expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { listen, onCleanup, startBareServer } from '../../local-servers.test-support.js';

async function startRemote(): Promise<{ url: string; connection: () => Promise<[WebSocket]> }> {
  const origin = http.createServer();
  const server = new WebSocketServer({ server: origin });
  const url = `ws://127.0.0.1:${await listen(origin)}/`;
  return { url, connection: () => once(server, 'connection') as Promise<[WebSocket]> };
}

/** A client of the HTTP socket that speaks v3 over it. */
async function connect(bare: string, first: string) {
  const stream = connectHttpSocket(`${bare}v3/socket/`);
  onCleanup(() => stream.destroy());
  const messages: unknown[] = [];
  let settle!: (end: { code: number; reason: string }) => void;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => (settle = resolve));
  const channel = openMessageChannelOnDuplex(stream, {
    message: (data) => messages.push(data),
    close: (code, reason) => settle({ code, reason }),
  });
  await once(stream, 'connect');
  channel.send(first);
  return { stream, channel, messages, closed };
}

const connectMessage = (remote: string): string =>
  JSON.stringify({ type: 'connect', remote, protocols: [], headers: {}, forwardHeaders: [] });

it('carries a v3 tunnel over HTTP requests, and the close of either side', async () => {
  const remote = await startRemote();
  const bare = await startBareServer();
  const connection = remote.connection();
  const { channel, messages, closed } = await connect(bare, connectMessage(remote.url));
  const [socket] = await connection;
  socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
  await expect.poll(() => messages).toEqual(['{"type":"open","protocol":"","setCookies":[]}']);
  channel.send('text');
  channel.send(new Uint8Array([1, 2]));
  await expect.poll(() => messages.slice(1)).toEqual(['text', new Uint8Array([1, 2]).buffer]);
  const remoteClosed = once(socket, 'close');
  channel.close(4000, 'bye');
  expect((await remoteClosed).map(String)).toEqual(['4000', 'bye']);
  expect(await closed).toEqual({ code: 4000, reason: 'bye' });
});

it('gives the client what a remote said before it broke off, and then 1006', async () => {
  const remote = await startRemote();
  const connection = remote.connection();
  const { messages, closed } = await connect(await startBareServer(), connectMessage(remote.url));
  const [socket] = await connection;
  socket.send('x'.repeat(100_000), () => socket.terminate());
  expect(await closed).toMatchObject({ code: 1006 });
  expect(String(messages[1])).toHaveLength(100_000);
});

it('refuses what a WebSocket of v3 is refused for, with the same reason', async () => {
  const { closed } = await connect(await startBareServer(), 'nonsense');
  expect(await closed).toMatchObject({ code: 1008, reason: expect.stringContaining('IMPL_INVALID_SOCKET_MESSAGE') });
});

it('holds back a remote whose client does not read', async () => {
  const remote = await startRemote();
  const connection = remote.connection();
  const { stream, messages } = await connect(await startBareServer(), connectMessage(remote.url));
  const [socket] = await connection;
  await expect.poll(() => messages.length).toBe(1);
  stream.pause();
  const block = Buffer.alloc(256 * 1024);
  let sent = 0;
  let isHeld = false;
  // 64 MB are far more than all buffers on the way together.
  while (sent < 256 && !isHeld) {
    socket.send(block);
    sent++;
    const before = socket.bufferedAmount;
    await new Promise((resolve) => setTimeout(resolve, 10));
    isHeld = socket.bufferedAmount > 4e6 && socket.bufferedAmount >= before;
  }
  expect(isHeld).toBe(true);
  stream.resume();
  await expect.poll(() => messages.length, { timeout: 15_000 }).toBe(sent + 1);
}, 30_000);

it('is not there when it is turned off, or without v3', async () => {
  for (const options of [{ httpSocket: false }, { versions: ['v1', 'v2'] as const }]) {
    const response = await fetch(`${await startBareServer(options)}v3/socket/`, { method: 'POST' });
    expect([response.status, response.headers.get('x-session')]).toEqual([404, null]);
  }
});

it('keeps to its limits', async () => {
  const bare = await startBareServer({ httpSocket: { maxSessions: 1 } });
  const open = () => fetch(`${bare}v3/socket/`, { method: 'POST' });
  expect((await open()).status).toBe(201);
  const second = await open();
  expect([second.status, second.headers.get('x-error')]).toEqual([503, 'HTTP_SOCKET_TOO_MANY_SESSIONS']);
});
