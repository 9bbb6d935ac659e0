/** The Bare server over HTTP/2: what it reads of HTTP/1 messages is there, and what it says of connections is not sent. */
import { once } from 'node:events';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { splitHeader } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import http from 'node:http';
import { listen, startOrigin, v3Headers } from '../local-servers.test-support.js';
import { openSession, openWebSocketOverHttp2, readAll, startPort, tcp } from './port-clients.test-support.js';

interface Answer {
  headers: IncomingHttpHeaders & { ':status'?: number };
  body: string;
}

async function ask(session: ClientHttp2Session, headers: Record<string, string>, body?: string): Promise<Answer> {
  const request = session.request({ ':path': '/bare/v3/', ':authority': 'bare.test', ...headers });
  request.end(body);
  const answered = once(request, 'response');
  const text = await readAll(request);
  return { headers: (await answered)[0] as Answer['headers'], body: text };
}

const open = async () => openSession(await tcp(await startPort()));

it('answers a Bare request, and keeps what the remote said', async () => {
  const origin = await startOrigin((request, response) => {
    response.writeHead(404, 'Nowhere', { 'X-Case': '1', Connection: 'close' });
    response.end(`${request.method} ${request.url}`);
  });
  const { headers, body } = await ask(await open(), v3Headers(`${origin}/path`));
  expect(headers[':status']).toBe(200);
  expect(headers).toMatchObject({
    'x-bare-status': '404',
    'x-bare-status-text': 'Nowhere',
    'access-control-allow-origin': '*',
  });
  expect(JSON.parse(String(headers['x-bare-headers']))).toMatchObject({ 'X-Case': '1' });
  expect(body).toBe('GET /path');
});

it('sends a body whose length nobody has said', async () => {
  const origin = await startOrigin(async (request, response) => response.end(await readAll(request)));
  const long = 'x'.repeat(300_000);
  const { body } = await ask(await open(), { ...v3Headers(origin), ':method': 'POST' }, long);
  expect(body).toBe(long);
});

it('takes headers of 100 kB in parts', async () => {
  const server = http.createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    response.end(String(request.headers['x-long']?.length));
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  const json = JSON.stringify({ 'X-Long': 'x'.repeat(100_000) });
  const parts = Object.fromEntries(splitHeader('x-bare-headers', json));
  const { body } = await ask(await open(), { 'x-bare-url': origin, ...parts });
  expect(body).toBe('100000');
});

it('breaks a stream off where the remote has broken off, and goes on with others', async () => {
  const origin = await startOrigin((request, response) => {
    if (request.url === '/whole') return response.end('whole');
    response.writeHead(200, { 'Content-Length': 1000 });
    response.write('half');
    return setTimeout(() => response.destroy(), 20);
  });
  const session = await open();
  await expect(ask(session, v3Headers(`${origin}/half`))).rejects.toThrow();
  expect((await ask(session, v3Headers(`${origin}/whole`))).body).toBe('whole');
});

it('tells errors in JSON, with the status of the code', async () => {
  const { headers, body } = await ask(await open(), {});
  expect(headers[':status']).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ code: 'MISSING_BARE_HEADER' });
});

it('gives up on a remote when its stream is reset', async () => {
  const gone = new Promise<void>((resolve) => {
    void startOrigin((request) => void request.once('close', resolve)).then(async (origin) => {
      const session = await open();
      const request = session.request({ ':path': '/bare/v3/', ':authority': 'a', ...v3Headers(origin) });
      request.on('error', () => undefined);
      setTimeout(() => request.close(0x8), 50);
    });
  });
  await gone;
});

it('tunnels a v3 WebSocket over a stream', async () => {
  const server = http.createServer();
  const remote = new WebSocketServer({ server });
  remote.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  const url = `ws://127.0.0.1:${await listen(server)}/`;
  const socket = await openWebSocketOverHttp2(await open(), '/bare/v3/');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connect', remote: url, protocols: [], headers: {}, forwardHeaders: [] }));
  expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ type: 'open' });
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('echo hello');
  socket.close(1000);
  expect((await once(socket, 'close'))[0]).toBe(1000);
  remote.close();
});

it('refuses a WebSocket that goes nowhere with a status', async () => {
  await expect(openWebSocketOverHttp2(await open(), '/bare/v9/')).rejects.toThrow('status 404');
});
