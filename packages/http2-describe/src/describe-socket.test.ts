import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { certificate, certificateAuthority, privateKey } from '../../../test/support/certificates/secure-test.js';
import { describeSocket, type DescribeSocketOptions } from './describe-socket.js';
import { KeyLog } from './tls/key-log.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

/** Gives another server's connections to it through describeSocket. */
async function listenDescribed(inner: net.Server | http2.Http2Server, options: DescribeSocketOptions = {}) {
  let text = '';
  const outer = net.createServer((socket) => {
    inner.emit('connection', describeSocket(socket, { ...options, write: (more) => (text += more) }));
  });
  await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => outer.close(resolve)));
  return { port: (outer.address() as net.AddressInfo).port, text: () => text };
}

function bigServer(server: http2.Http2Server | http2.Http2SecureServer) {
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  });
}

async function echo(session: http2.ClientHttp2Session, body: Buffer): Promise<Buffer> {
  const stream = session.request({ ':path': '/echo', ':method': 'POST' });
  stream.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  await new Promise<void>((resolve) => session.close(resolve));
  return Buffer.concat(chunks);
}

const body = Buffer.alloc(500_000, 'described ');

it("describes an HTTP/2 server's own connections, and every byte arrives", async () => {
  const server = http2.createServer();
  bigServer(server);
  const { port, text } = await listenDescribed(server);
  expect((await echo(http2.connect(`http://127.0.0.1:${port}`), body)).equals(body)).toBe(true);
  expect(/^client\(127\.0\.0\.1:\d+\)->proxy->server\(127\.0\.0\.1:\d+\)$/m.test(text())).toBe(true);
  expect(text().includes("':path' -> '/echo'")).toBe(true);
  expect(text().includes("':status' -> '200'")).toBe(true);
  expect(text().includes('Error = ')).toBe(false);
});

it('describes what is in TLS with the secrets of the server itself', async () => {
  const server = http2.createSecureServer({ key: privateKey, cert: certificate });
  bigServer(server);
  const tlsSecrets = new KeyLog();
  server.on('keylog', (line) => tlsSecrets.addLines(line.toString()));
  const { port, text } = await listenDescribed(server, { tlsSecrets, format: 'json' });
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'secure.test',
    ca: certificateAuthority,
    ALPNProtocols: ['h2'],
  });
  const session = http2.connect('https://secure.test', { createConnection: () => socket });
  expect((await echo(session, body)).equals(body)).toBe(true);
  expect(text().includes('"serverName":"secure.test"')).toBe(true);
  expect(text().includes('{"name":":path","value":"/echo"')).toBe(true);
  expect(text().includes('"errors"')).toBe(false);
});

it('leaves an HTTP/1.1 server as it is', async () => {
  const server = http.createServer((request, response) => {
    response.setHeader('x-remote', String(request.socket.remoteAddress));
    request.pipe(response);
  });
  const { port, text } = await listenDescribed(server);
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers: { connection: 'close' } });
  expect(answer.headers.get('x-remote')).toBe('127.0.0.1');
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
  expect(text()).toContain('HTTP/1.1 Head =');
});
