/** Two servers that share a Redis, as two machines behind one address would. */
import { once } from 'node:events';
import http from 'node:http';
import { expect, it } from 'vitest';
import { connectRedisMetaStore } from '../../packages/bare-server/src/index.js';
import {
  freePort,
  listen,
  onCleanup,
  startBareServer,
  startProgram,
  temporaryFolder,
  WebSocket,
  WebSocketServer,
} from './support.mjs';

const startRedis = (port, ...more) =>
  startProgram(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', temporaryFolder(), ...more],
    port,
    {
      stdio: 'ignore',
    },
  );

async function connectStore(url, options) {
  const store = await connectRedisMetaStore(url, options);
  onCleanup(() => store.close().catch(() => undefined));
  return store;
}

it('keeps a value for its time and gives it once', async () => {
  const port = await freePort();
  await startRedis(port);
  const one = await connectStore(`redis://127.0.0.1:${port}`);
  const two = await connectStore(`redis://127.0.0.1:${port}/0`);
  await one.set('key', 'välue \u2713', 60_000);
  expect(
    await Promise.all([two.take('key'), one.take('key'), two.take('key')]).then((taken) => taken.filter(Boolean)),
  ).toEqual(['välue \u2713']);
  await one.set('short', 'value', 50);
  await expect
    .poll(() => two.take('short').then((value) => value ?? one.set('short', 'value', 1).then(() => value)))
    .toBe(null);
  const other = await connectStore(`redis://127.0.0.1:${port}`, { prefix: 'other:' });
  await one.set('key', 'mine', 60_000);
  expect(await other.take('key')).toBe(null);
});

it('lets a WebSocket of v2 begin at one server and go on at another', async () => {
  const port = await freePort();
  await startRedis(port, '--requirepass', 'secret');
  const servers = [];
  for (let index = 0; index < 2; index++) {
    servers.push(await startBareServer({ metaStore: await connectStore(`redis://:secret@127.0.0.1:${port}`) }));
  }
  const origin = http.createServer();
  new WebSocketServer({ server: origin }).on('connection', (socket) => socket.send('hello'));
  const remote = await listen(origin);
  const response = await fetch(`http://127.0.0.1:${servers[0]}/bare/v2/ws-new-meta`, {
    headers: {
      'X-Bare-Host': '127.0.0.1',
      'X-Bare-Port': String(remote),
      'X-Bare-Protocol': 'ws:',
      'X-Bare-Path': '/',
      'X-Bare-Headers': '{}',
    },
  });
  const id = await response.text();
  const socket = new WebSocket(`ws://127.0.0.1:${servers[1]}/bare/v2/`, [id]);
  onCleanup(() => socket.terminate());
  const [data] = await once(socket, 'message');
  expect(data.toString()).toBe('hello');
  const meta = await fetch(`http://127.0.0.1:${servers[0]}/bare/v2/ws-meta`, { headers: { 'X-Bare-ID': id } });
  expect([meta.status, meta.headers.get('x-bare-status')]).toEqual([200, '101']);
});

it('fails requests that need Redis while it is away, serves the others, and finds it again', async () => {
  const port = await freePort();
  const end = await startRedis(port);
  const errors = [];
  const metaStore = await connectStore(`redis://127.0.0.1:${port}`, {
    onError: (error) => errors.push(error),
    timeout: 500,
  });
  const server = await startBareServer({ metaStore });
  const newId = () =>
    fetch(`http://127.0.0.1:${server}/bare/v1/ws-new-meta`).then(async (response) => [
      response.status,
      await response.text(),
    ]);
  expect((await newId())[0]).toBe(200);
  await end('SIGKILL');
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  const [status, text] = await newId();
  expect([status, JSON.parse(text).code]).toEqual([500, 'UNKNOWN']);
  expect((await fetch(`http://127.0.0.1:${server}/bare/`)).status).toBe(200);
  await startRedis(port);
  await expect.poll(() => newId().then(([answer]) => answer), { timeout: 20_000 }).toBe(200);
});

it('says at the start what is wrong', async () => {
  const port = await freePort();
  for (const url of [`redis://:password@127.0.0.1:${port}`, 'http://:password@a/', 'nonsense', 'redis://']) {
    const error = await connectRedisMetaStore(url, { timeout: 500 }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'BARE_SERVER_BAD_META_STORE' });
    expect(error.message).not.toContain('password');
  }
});
