import tls from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { receive, send } from './byte-source.test-support.js';
import { certificate, privateKey } from './certificate.test-support.js';
import { startSocketServer, startTarget } from './local-servers.test-support.js';
import { connectHttpSocket } from './node/index.js';
import { createDuplexPair } from './server/index.js';
import { someFaults, startUnreliableProxy } from './unreliable-proxy.test-support.js';

/** Another one, or more bytes: HTTP_SOCKET_SEED=7 HTTP_SOCKET_MEGABYTES=100 npx vitest run … */
const seed = Number(process.env.HTTP_SOCKET_SEED ?? Date.now() % 1_000_000);
const megabytes = Number(process.env.HTTP_SOCKET_MEGABYTES ?? 20);

it(
  `neither loses nor repeats a byte of ${megabytes} MB each way over a path that drops, delays, repeats and truncates`,
  { timeout: 600_000 },
  async () => {
    const length = megabytes * 1_000_000;
    const far: Promise<unknown>[] = [];
    const connect = await startTarget((socket) => void far.push(receive(socket), send(socket, length, seed + 1)));
    // Short bodies, so that there are many requests to fail.
    const { url, sockets } = await startSocketServer({ connect, maxBodyBytes: 32_768, maxAnswerBytes: 32_768 });
    const proxy = await startUnreliableProxy(url, someFaults, seed);
    const socket = connectHttpSocket(proxy.url, { allowHalfOpen: true, pollTimeout: 3000 });
    onTestFinished(() => void socket.destroy());
    const started = Date.now();
    const [sent, received] = await Promise.all([send(socket, length, seed + 2), receive(socket)]);
    const [farReceived, farSent] = await Promise.all(far);
    const seconds = (Date.now() - started) / 1000;
    console.log(`seed ${seed}: ${megabytes} MB each way in ${seconds.toFixed(1)} s`, JSON.stringify(proxy.counts));
    expect({ length: received.length, hash: received.hash }).toEqual({ length, hash: farSent });
    expect(farReceived).toEqual({ length, hash: sent });
    expect(sockets.sessionCount).toBeLessThanOrEqual(1);
    await expect.poll(() => sockets.sessionCount, { timeout: 10_000 }).toBe(0);
  },
);

it('carries TLS between Node peers over the same path', { timeout: 120_000 }, async () => {
  const length = 2_000_000;
  const far: Promise<unknown>[] = [];
  const { url } = await startSocketServer({
    connect: () => {
      const [ours, theirs] = createDuplexPair();
      const secure = new tls.TLSSocket(theirs, { isServer: true, key: privateKey, cert: certificate });
      secure.on('error', () => undefined);
      far.push(receive(secure), send(secure, length, seed + 3));
      return ours;
    },
  });
  const proxy = await startUnreliableProxy(url, someFaults, seed + 4);
  const socket = connectHttpSocket(proxy.url, { pollTimeout: 3000, allowHalfOpen: true });
  const secure = tls.connect({ socket, ca: certificate, servername: 'socket.test' });
  onTestFinished(() => void secure.destroy());
  const [sent, received] = await Promise.all([send(secure, length, seed + 5), receive(secure)]);
  const [farReceived, farSent] = await Promise.all(far);
  expect(received).toEqual({ length, hash: farSent });
  expect(farReceived).toEqual({ length, hash: sent });
});
