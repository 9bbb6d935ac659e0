import { once } from 'node:events';
import tls from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { certificate, privateKey } from '../certificate.test-support.js';
import { startEcho, startSocketServer, startTarget } from '../local-servers.test-support.js';
import { createDuplexPair } from '../server/index.js';
import { connectHttpSocket } from './index.js';

it('carries bytes both ways, and the end of each', async () => {
  const { url, sockets } = await startSocketServer({ connect: await startEcho() });
  const socket = connectHttpSocket(url, { allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'connect');
  const sent = Buffer.alloc(3_000_000, 'abcdefg');
  socket.end(sent);
  await once(socket, 'end');
  expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  await expect.poll(() => sockets.sessionCount).toBe(0);
  expect(sockets.bufferedBytes).toBe(0);
});

it('keeps each direction open until its own end', async () => {
  let heard = '';
  const connect = await startTarget((target) => {
    target.end('bye');
    target.on('data', (chunk) => (heard += chunk));
    target.on('end', () => (heard += '|end'));
  });
  const { url } = await startSocketServer({ connect });
  const socket = connectHttpSocket(url, { allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.resume();
  await once(socket, 'end');
  expect(socket.readyState).toBe('writeOnly');
  socket.write('still here');
  await expect.poll(() => heard).toBe('still here');
  socket.end();
  await once(socket, 'close');
  await expect.poll(() => heard).toBe('still here|end');
  expect([socket.bytesRead, socket.bytesWritten]).toEqual([3, 10]);
});

it("ends its side with the far end's unless told otherwise, as net.connect does", async () => {
  const connect = await startTarget((target) => void target.end('bye').resume());
  const { url, sockets } = await startSocketServer({ connect });
  const socket = connectHttpSocket(url).resume();
  await once(socket, 'close');
  expect(socket.writableFinished).toBe(true);
  await expect.poll(() => sockets.sessionCount).toBe(0);
});

it('resets the far end when destroyed', async () => {
  let error: NodeJS.ErrnoException | null = null;
  const connect = await startTarget((target) => void target.on('error', (reason) => (error = reason)).resume());
  const { url } = await startSocketServer({ connect });
  const socket = connectHttpSocket(url);
  await once(socket, 'connect');
  socket.destroy();
  await expect.poll(() => error?.code).toBe('ECONNRESET');
});

it('fails with a code when the session cannot be opened', async () => {
  const { url } = await startSocketServer({
    connect: () => Promise.reject(new Error('nothing there')),
  });
  const [error] = (await once(connectHttpSocket(url), 'error').catch((reason: unknown) => [reason])) as [unknown];
  expect(error).toMatchObject({ code: 'HTTP_SOCKET_CONNECT_FAILED' });
});

it('carries TLS as in the example of the specification', async () => {
  let greeting = '';
  const { url } = await startSocketServer({
    connect: () => {
      const [ours, theirs] = createDuplexPair();
      const secure = new tls.TLSSocket(theirs, { isServer: true, key: privateKey, cert: certificate });
      secure.on('data', (chunk: Buffer) => {
        greeting += chunk;
        secure.end('and to you');
      });
      return ours;
    },
  });
  const secure = tls.connect({ socket: connectHttpSocket(url), ca: certificate, servername: 'socket.test' });
  await once(secure, 'secureConnect');
  expect(secure.authorized).toBe(true);
  secure.write('Hello, World!');
  const [answer] = (await once(secure, 'data')) as [Buffer];
  expect([greeting, answer.toString()]).toEqual(['Hello, World!', 'and to you']);
  await once(secure, 'close');
});
