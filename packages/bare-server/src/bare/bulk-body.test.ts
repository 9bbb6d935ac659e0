import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { expect, it, vi } from 'vitest';
import { certificate, privateKey } from '../../../../test/support/certificates/secure-test.js';
import {
  exchange,
  listen,
  open,
  startBareServer,
  startOrigin,
  startRawOrigin,
  v3Headers,
} from '../local-servers.test-support.js';

vi.setConfig({ testTimeout: 30_000 });

const body = randomBytes(5_000_001);
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function read(response: http.IncomingMessage, each = (): Promise<unknown> | void => undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    await each();
  }
  return Buffer.concat(chunks);
}

it.each(['http', 'https'])('carries a large body of an %s remote byte for byte', async (protocol) => {
  const answer: http.RequestListener = (_request, response) => {
    response.writeHead(200, { 'Content-Length': body.length });
    response.end(body);
  };
  const server =
    protocol === 'http'
      ? http.createServer(answer)
      : https.createServer({ cert: certificate, key: privateKey }, answer);
  const port = await listen(server);
  const bare = await startBareServer({ upstream: { insecure: true, resolve: ['big.test:*:127.0.0.1'] } });
  for (let index = 0; index < 3; index++) {
    const response = await open(`${bare}v3/`, { headers: v3Headers(`${protocol}://big.test:${port}/`) });
    expect(response.headers['content-length']).toBe(String(body.length));
    expect(digest(await read(response))).toBe(digest(body));
  }
});

it('carries it to a client that reads slowly, and over one connection to the next request', async () => {
  const origin = await startOrigin((request, response) => {
    const bytes = request.url === '/big' ? body : Buffer.from('small');
    response.writeHead(200, { 'Content-Length': bytes.length });
    response.end(bytes);
  });
  const bare = await startBareServer();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const response = await open(`${bare}v3/`, { headers: v3Headers(`${origin}/big`), agent });
  expect(digest(await read(response, () => new Promise((resolve) => setImmediate(resolve))))).toBe(digest(body));
  const { socket } = response;
  const next = await open(`${bare}v3/`, { headers: v3Headers(`${origin}/small`), agent });
  expect((await read(next)).toString()).toBe('small');
  expect(next.socket === socket || next.socket.destroyed).toBe(true);
  agent.destroy();
});

it.each([1, 70_000, 1_500_000])('survives pieces of %i bytes and a pause after the head', async (size) => {
  const bytes = body.subarray(0, size === 1 ? 1_048_600 : body.length);
  const origin = await startRawOrigin((socket) => {
    socket.setNoDelay(true);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    setImmediate(() => {
      let at = 0;
      if (size === 1) for (; at < 300; at++) socket.write(bytes.subarray(at, at + 1));
      for (const step = Math.max(size, 10_000); at < bytes.length; at += step)
        socket.write(bytes.subarray(at, at + step));
    });
  });
  const response = await open(`${await startBareServer()}v3/`, { headers: v3Headers(origin.url) });
  expect(digest(await read(response))).toBe(digest(bytes));
});

it.each<[string, (socket: net.Socket) => unknown]>([
  ['ends', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
])('does not look complete when the remote %s early', async (_how, breakOff) => {
  const origin = await startRawOrigin((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body.subarray(0, 2_000_000), () => setTimeout(() => breakOff(socket), 20));
  });
  const bare = await startBareServer();
  const response = await open(`${bare}v3/`, { headers: v3Headers(origin.url) });
  await expect(read(response)).rejects.toThrow('aborted');
  expect((await exchange(bare)).status).toBe(200);
});

it('sends no byte more than was announced', async () => {
  const origin = await startRawOrigin((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n`);
    socket.write(body);
  });
  const response = await open(`${await startBareServer()}v3/`, { headers: v3Headers(origin.url) });
  expect(digest(await read(response))).toBe(digest(body.subarray(0, 2_000_000)));
});

it('lets go of the remote when the client goes away, and stops it while the client does not read', async () => {
  let sent = 0;
  const closed = deferred();
  const origin = await startRawOrigin((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
    const more = (): void => {
      while (socket.write(body)) sent += body.length;
      sent += body.length;
      socket.once('drain', more);
    };
    more();
    socket.once('close', () => closed.resolve());
  });
  const response = await open(`${await startBareServer()}v3/`, { headers: v3Headers(origin.url) });
  response.pause();
  let before = -1;
  await expect
    .poll(
      () => {
        const isStill = sent === before;
        before = sent;
        return isStill;
      },
      { interval: 100 },
    )
    .toBe(true);
  // What the system buffers on four sockets, and a little of ours.
  expect(sent).toBeLessThan(60_000_000);
  response.on('error', () => undefined);
  response.destroy();
  await closed.promise;
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

it('sends bodies of no known length, and those of HEAD, the other way', async () => {
  const origin = await startOrigin((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  const bare = await startBareServer();
  const head = await exchange(`${bare}v3/`, { method: 'HEAD', headers: v3Headers(origin) });
  expect([head.status, head.headers['content-length']]).toEqual([200, String(body.length)]);
  const chunked = await startOrigin((_request, response) => {
    response.write(body.subarray(0, 100));
    response.end(body.subarray(100));
  });
  const response = await open(`${bare}v3/`, { headers: v3Headers(chunked) });
  const bytes = read(response);
  await once(response, 'end');
  expect(digest(await bytes)).toBe(digest(body));
});
