import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { certificate, certificateAuthority, privateKey } from '../../../test/support/certificates/secure-test.js';
import { createDescribingProxy, type DescribingProxyOptions } from './describing-proxy.js';
import { DescribeConfigurationError } from './errors.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

async function listening(server: net.Server | http2.Http2Server | http2.Http2SecureServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as net.AddressInfo).port;
}

/** A proxy on a port of its own, and what it wrote so far. */
async function startProxy(serverPort: number, options: DescribingProxyOptions = {}) {
  let text = '';
  const proxy = createDescribingProxy({
    serverHost: '127.0.0.1',
    serverPort,
    proxyHost: '127.0.0.1',
    proxyPort: 0,
    write: (more) => (text += more),
    ...options,
  });
  const port = await proxy.listen();
  cleanups.push(() => proxy.close());
  return { port, text: () => text };
}

const until = async (condition: () => boolean) => {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('The condition did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

function echoingServer(): http2.Http2Server {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end(`you asked for ${headers[':path']}`);
  });
  return server;
}

async function get(session: http2.ClientHttp2Session, path: string): Promise<string> {
  const stream = session.request({ ':path': path });
  let body = '';
  stream.setEncoding('utf8').on('data', (text: string) => (body += text));
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  return body;
}

it('passes a live request and tells it whole', async () => {
  const { port, text } = await startProxy(await listening(echoingServer()));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  expect(await get(session, '/a?b=c')).toBe('you asked for /a?b=c');
  await new Promise<void>((resolve) => session.close(resolve));
  await until(() => (text().match(/^Done redirecting socket for /gm)?.length ?? 0) === 2);
  expect(text()).toMatch(
    /^Starting tcp-h2-describe proxy server on port \d+\n {2}Proxying server located at 127\.0\.0\.1:\d+\nAccepted connection from 127\.0\.0\.1:\d+\n={60}\nclient\(127\.0\.0\.1:\d+\)->proxy->server\(127\.0\.0\.1:\d+\)\n\nClient Connection Preface = /,
  );
  expect(text()).toContain("   ':path' -> '/a?b=c'\n");
  expect(text()).toContain("Frame Payload =\n   b'you asked for /a?b=c'\n");
  expect(text()).not.toContain('Error = ');
});

it('writes one JSON object a line', async () => {
  const { port, text } = await startProxy(await listening(echoingServer()), { format: 'json' });
  const session = http2.connect(`http://127.0.0.1:${port}`);
  await get(session, '/');
  await new Promise<void>((resolve) => session.close(resolve));
  await until(() => (text().match(/"event":"done"/g)?.length ?? 0) === 2);
  const records = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map(({ event }) => event).filter(Boolean)).toEqual(['listening', 'accepted', 'done', 'done']);
  expect(records.find(({ frameType, direction }) => frameType === 'HEADERS' && direction === 'server')).toMatchObject({
    client: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    kind: 'frame',
    streamIdentifier: 1,
    headers: expect.arrayContaining([{ name: ':status', value: '200', representation: 'indexed' }]) as unknown[],
  });
});

it('never changes a byte, HTTP/2 or not, and keeps half-closed connections', async () => {
  const received: Buffer[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (bytes) => received.push(bytes));
    // The answer comes after the client has ended its side.
    socket.on('end', () => socket.end(Buffer.concat(received).reverse()));
  });
  const { port, text } = await startProxy(await listening(server));
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const answer: Buffer[] = [];
  socket.on('data', (bytes) => answer.push(bytes));
  socket.end(sent);
  await new Promise((resolve) => socket.on('end', resolve));
  expect(Buffer.concat(received).equals(sent)).toBe(true);
  expect(Buffer.concat(answer).equals(Buffer.from(sent).reverse())).toBe(true);
  expect(text()).toContain('H2_DESCRIBE_NOT_HTTP2');
}, 20_000);

it('tells that the server cannot be reached, and cuts the client off', async () => {
  const free = net.createServer();
  const closedPort = await listening(free);
  await new Promise((resolve) => free.close(resolve));
  const { port, text } = await startProxy(closedPort);
  const socket = net.connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
  await until(() => text().includes('Failed to redirect'));
  expect(text()).toMatch(/Failed to redirect 127\.0\.0\.1:\d+ to 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
});

it('passes a reset on as a reset', async () => {
  const server = net.createServer((socket) => void socket.once('data', () => socket.resetAndDestroy()));
  const { port } = await startProxy(await listening(server));
  const socket = net.connect(port, '127.0.0.1');
  socket.write('x');
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
  expect(error.code).toBe('ECONNRESET');
});

it('ends TLS with its own key, behind the PROXY protocol too, and speaks TLS to the server', async () => {
  const secure = http2.createSecureServer({ key: privateKey, cert: certificate });
  secure.on('stream', (stream) => stream.end('secret'));
  // A server behind a load balancer: it takes the PROXY line off before TLS.
  let line = '';
  const front = net.createServer((socket) => {
    socket.once('data', (bytes) => {
      const end = bytes.indexOf('\r\n') + 2;
      line = bytes.subarray(0, end).toString();
      socket.pause();
      if (bytes.length > end) socket.unshift(bytes.subarray(end));
      secure.emit('connection', socket);
    });
  });
  const directory = mkdtempSync(join(tmpdir(), 'describe-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  const keyLogFile = join(directory, 'keys');
  const trusting = { ca: certificateAuthority, servername: 'secure.test' };
  const { port, text } = await startProxy(await listening(front), {
    tls: { key: privateKey, cert: certificate },
    serverTls: trusting,
    keyLogFile,
  });
  const raw = net.connect(port, '127.0.0.1');
  raw.write('PROXY TCP4 198.51.100.22 203.0.113.7 35646 443\r\n');
  const socket = tls.connect({ socket: raw, ALPNProtocols: ['h2'], ...trusting });
  await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject));
  expect(socket.alpnProtocol).toBe('h2');
  const session = http2.connect('https://secure.test', { createConnection: () => socket });
  expect(await get(session, '/hidden')).toBe('secret');
  await new Promise<void>((resolve) => session.close(resolve));
  // One line for the client's connection to the proxy, one for the proxy's to the server.
  expect(readFileSync(keyLogFile, 'latin1').match(/^CLIENT_TRAFFIC_SECRET_0 /gm)?.length).toBe(2);
  expect(line).toBe('PROXY TCP4 198.51.100.22 203.0.113.7 35646 443\r\n');
  expect(text()).toContain("Proxy Protocol Header =\n   b'PROXY TCP4 198.51.100.22 203.0.113.7 35646 443\\r\\n'");
  expect(text()).toContain("   ':path' -> '/hidden'\n");
  expect(text()).toContain("Frame Payload =\n   b'secret'\n");
});

it('passes connections without TLS while it ends others', async () => {
  const { port, text } = await startProxy(await listening(echoingServer()), {
    tls: { key: privateKey, cert: certificate },
  });
  const session = http2.connect(`http://127.0.0.1:${port}`);
  expect(await get(session, '/plain')).toBe('you asked for /plain');
  await new Promise<void>((resolve) => session.close(resolve));
  expect(text()).toContain("':path' -> '/plain'");
});

it('tells of a TLS handshake that fails', async () => {
  const { port, text } = await startProxy(1, { tls: { key: privateKey, cert: certificate } });
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()).end(Buffer.from('160301000501020304', 'hex'));
  await until(() => text().includes('Failed to accept TLS from 127.0.0.1:'));
});

it('names the address that it cannot listen on, and a key that does not fit', async () => {
  const port = await listening(net.createServer());
  const proxy = createDescribingProxy({ proxyHost: '127.0.0.1', proxyPort: port });
  await expect(proxy.listen()).rejects.toThrow(`Failed to listen on 127.0.0.1:${port}: `);
  expect(() => createDescribingProxy({ tls: { key: 'no key', cert: certificate } })).toThrow(
    DescribeConfigurationError,
  );
});
