import http from 'node:http';
import { once } from 'node:events';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HttpSocket } from '../index.js';
import { listen, startEcho, startSocketServer, startTarget } from '../local-servers.test-support.js';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

async function readAll(readable: ReadableStream<Uint8Array>): Promise<string> {
  let all = '';
  for await (const chunk of readable as unknown as AsyncIterable<Uint8Array>) all += text(chunk);
  return all;
}

it('is a pair of streams, each with its own end', async () => {
  const connect = await startTarget((socket) => {
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk));
    socket.on('end', () => socket.end(`heard ${heard}`));
  });
  const { url } = await startSocketServer({ connect });
  const socket = new HttpSocket(url);
  const writer = socket.writable.getWriter();
  await writer.write(bytes('Hello, '));
  await writer.write(bytes('World!'));
  await writer.close();
  expect(await readAll(socket.readable)).toBe('heard Hello, World!');
  await socket.closed;
});

it('goes on sending after the far end has ended its side', async () => {
  let heard = '';
  const connect = await startTarget((socket) => {
    socket.end('bye');
    socket.on('data', (chunk) => (heard += chunk));
  });
  const { url } = await startSocketServer({ connect });
  const socket = new HttpSocket(url);
  expect(await readAll(socket.readable)).toBe('bye');
  const writer = socket.writable.getWriter();
  await writer.write(bytes('still here'));
  await writer.close();
  await expect.poll(() => heard).toBe('still here');
  await socket.closed;
});

it("fails with the far end's own code after its last byte", async () => {
  const connect = await startTarget((socket) => {
    socket.write('last');
    setTimeout(() => socket.resetAndDestroy(), 200);
  });
  const { url } = await startSocketServer({ connect });
  const socket = new HttpSocket(url);
  const reader = socket.readable.getReader();
  expect(text((await reader.read()).value!)).toBe('last');
  await expect(reader.read()).rejects.toMatchObject({ code: 'HTTP_SOCKET_REMOTE_ERROR', remoteCode: 'ECONNRESET' });
  await expect(socket.closed).rejects.toMatchObject({ code: 'HTTP_SOCKET_REMOTE_ERROR' });
});

it('resets the far end when aborted', async () => {
  let error: NodeJS.ErrnoException | null = null;
  const connect = await startTarget((socket) => void socket.on('error', (reason) => (error = reason)).resume());
  const { url, sockets } = await startSocketServer({ connect });
  const socket = new HttpSocket(url);
  await socket.opened;
  await socket.writable.abort('enough');
  await expect(socket.closed).rejects.toMatchObject({ code: 'HTTP_SOCKET_ABORTED', cause: 'enough' });
  await expect.poll(() => error?.code).toBe('ECONNRESET');
  expect(sockets.sessionCount).toBe(0);
});

it('delivers what was written before close', async () => {
  let heard = '';
  const connect = await startTarget((socket) => void socket.on('data', (chunk) => (heard += chunk)));
  const { url, sockets } = await startSocketServer({ connect });
  const socket = new HttpSocket(url);
  await socket.writable.getWriter().write(bytes('the end'));
  socket.close();
  await socket.closed;
  await expect.poll(() => [heard, sockets.sessionCount]).toEqual(['the end', 0]);
});

it('does not read ahead of a slow reader without limit', async () => {
  let written = 0;
  const connect = await startTarget((socket) => {
    const chunk = Buffer.alloc(65_536);
    const write = (): void => {
      while (written < 200_000_000 && socket.write(chunk)) written += chunk.length;
    };
    socket.on('drain', write);
    write();
  });
  const { url } = await startSocketServer({ connect, idleTimeout: 600 });
  const socket = new HttpSocket(url);
  onTestFinished(() => socket.abort());
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = written;
  expect(before).toBeLessThan(40_000_000);
  // Nothing is asked for any more, and still the session does not expire.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(written).toBe(before);
  const reader = socket.readable.getReader();
  let read = 0;
  while (read < 10_000_000) read += (await reader.read()).value!.length;
  expect(written).toBeGreaterThan(before);
});

it('fails at once with the refusal of the server', async () => {
  const { url } = await startSocketServer({ connect: () => net.connect(1, '127.0.0.1') });
  const socket = new HttpSocket(url);
  await expect(socket.opened).rejects.toMatchObject({ code: 'HTTP_SOCKET_CONNECT_FAILED', status: 502 });
  await expect(readAll(socket.readable)).rejects.toMatchObject({ code: 'HTTP_SOCKET_CONNECT_FAILED' });
});

it('fails when no server answers, after the time for opening', async () => {
  const started = Date.now();
  const socket = new HttpSocket('http://127.0.0.1:1/socket', { openTimeout: 300 });
  await expect(socket.opened).rejects.toMatchObject({ code: 'HTTP_SOCKET_UNREACHABLE' });
  expect(Date.now() - started).toBeLessThan(2000);
});

it('fails with HTTP_SOCKET_UNKNOWN_SESSION after a restart of the server, and survives a pause of it', async () => {
  const connect = await startEcho();
  const first = await startSocketServer({ connect });
  const socket = new HttpSocket(first.url, { pollTimeout: 1000 });
  const reader = socket.readable.getReader();
  const writer = socket.writable.getWriter();
  await writer.write(bytes('one'));
  expect(text((await reader.read()).value!)).toBe('one');
  // Nobody listens for a moment.
  first.server.closeAllConnections();
  await new Promise((resolve) => first.server.close(resolve));
  const written = writer.write(bytes('two'));
  await new Promise((resolve) => setTimeout(resolve, 400));
  await listen(first.server, first.port);
  await written;
  expect(text((await reader.read()).value!)).toBe('two');
  // A new process knows no session of the old one.
  first.sockets.close();
  first.server.closeAllConnections();
  await new Promise((resolve) => first.server.close(resolve));
  await startSocketServer({ connect }, first.port);
  await expect(reader.read()).rejects.toMatchObject({ code: 'HTTP_SOCKET_UNKNOWN_SESSION' });
});

it('does not believe an answer that a cache gives', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  let cached: Response | null = null;
  let served = 0;
  const caching: typeof fetch = async (input, init) => {
    if (init?.method !== 'GET') return fetch(input, init);
    // Every second GET gets the first one's answer, whatever its URL and headers say.
    if (cached !== null && served++ % 2 === 0) return cached.clone();
    const response = await fetch(input, init);
    cached ??= response.clone();
    return response;
  };
  const socket = new HttpSocket(url, { fetch: caching, pollTimeout: 1000 });
  const writer = socket.writable.getWriter();
  for (const word of ['a', 'b', 'c', 'd', 'e']) {
    await writer.write(bytes(word));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await writer.close();
  expect(await readAll(socket.readable)).toBe('abcde');
  expect(served).toBeGreaterThan(1);
});

it('refuses acknowledgements of what it has not sent', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const lying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method !== 'PUT') return response;
    const headers = new Headers(response.headers);
    headers.set('X-Acknowledged', '1000');
    return new Response(null, { status: 200, headers });
  };
  const socket = new HttpSocket(url, { fetch: lying, retryTimeout: 300 });
  void socket.writable.getWriter().write(bytes('a'));
  await expect(socket.closed).rejects.toMatchObject({ code: 'HTTP_SOCKET_INVALID_ANSWER', field: 'X-Acknowledged' });
});

it('works with a server that knows the first two headers only', async () => {
  const kept: Buffer[] = [];
  const seen: string[] = [];
  const server = http.createServer(async (request, response) => {
    seen.push(request.method!);
    if (request.method === 'POST')
      return void response.writeHead(201, { 'X-Session': 'abc', 'Content-Length': 0 }).end();
    if (request.headers['x-session'] !== 'abc') return void response.writeHead(404).end();
    if (request.method === 'PUT') {
      for await (const chunk of request) kept.push(chunk as Buffer);
      return void response.writeHead(200).end();
    }
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    const all = Buffer.concat(kept.splice(0));
    const limit = Number(request.headers['x-content-length']);
    if (all.length > limit) kept.push(all.subarray(limit));
    return void response.end(all.subarray(0, limit));
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  const socket = new HttpSocket(`http://127.0.0.1:${port}/api/v1/socket`);
  const writer = socket.writable.getWriter();
  const long = 'Hello, World!'.repeat(10_000);
  await writer.write(bytes(long));
  const reader = socket.readable.getReader();
  let received = '';
  while (received.length < long.length) received += text((await reader.read()).value!);
  expect(received).toBe(long);
  await writer.close();
  await socket.closed;
  await expect.poll(() => seen.at(-1)).toBe('DELETE');
});

it("keeps few of a browser's connections waiting, however many sockets there are", async () => {
  const connect = await startEcho();
  const { url, server } = await startSocketServer({ connect });
  let waiting = 0;
  let most = 0;
  server.prependListener('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (request.method !== 'GET') return;
    most = Math.max(most, ++waiting);
    void once(response, 'close').then(() => (waiting -= 1));
  });
  const sockets = Array.from({ length: 8 }, () => new HttpSocket(url, { maxWaitingPerOrigin: 2 }));
  onTestFinished(() => sockets.forEach((socket) => socket.abort()));
  const answers = sockets.map(async (socket, index) => {
    await socket.writable.getWriter().write(bytes(`socket ${index}`));
    return text((await socket.readable.getReader().read()).value!);
  });
  expect(await Promise.all(answers)).toEqual(sockets.map((_socket, index) => `socket ${index}`));
  expect(most).toBeLessThanOrEqual(2);
}, 20_000);

it('gives a socket its turn while others wait idly', async () => {
  const quiet = await startSocketServer({ connect: await startEcho() });
  const options = { maxWaitingPerOrigin: 2 };
  const idle = [1, 2].map(() => new HttpSocket(quiet.url, options));
  onTestFinished(() => idle.forEach((socket) => socket.abort()));
  await Promise.all(idle.map(({ opened }) => opened));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const socket = new HttpSocket(quiet.url, options);
  onTestFinished(() => socket.abort());
  await socket.writable.getWriter().write(bytes('late'));
  expect(text((await socket.readable.getReader().read()).value!)).toBe('late');
  // And those that made room for it still receive.
  await idle[0]!.writable.getWriter().write(bytes('early'));
  expect(text((await idle[0]!.readable.getReader().read()).value!)).toBe('early');
});
