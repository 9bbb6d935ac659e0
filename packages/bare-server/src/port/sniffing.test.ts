/** That nothing is lost, and that nobody waits for ever. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import tls from 'node:tls';
import { expect, it } from 'vitest';
import { onCleanup } from '../local-servers.test-support.js';
import { endpointsOf } from './connection.js';
import { NestedStream } from './nested-stream.js';
import {
  askHttp1,
  openSession,
  readAll,
  readHead,
  startPort,
  tcp,
  tunnel,
  webSocketOverHttp2,
} from './port-clients.test-support.js';
import { readBeginning } from './read-beginning.js';

/** A connection that sends one byte a packet, whatever is written to it. */
async function drip(port: number): Promise<Duplex> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return new Drip(socket, endpointsOf(socket as never));
}

class Drip extends NestedStream {
  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const sendFrom = (index: number): void => {
      if (index >= chunk.length) return callback();
      super._write(chunk.subarray(index, index + 1), encoding, (error) => {
        if (error) callback(error);
        else setImmediate(sendFrom, index + 1);
      });
    };
    sendFrom(0);
  }
}

it('loses no byte of HTTP/1 that comes byte by byte', async () => {
  expect(await askHttp1(await drip(await startPort()), { body: 'hello' })).toMatchObject({
    body: 'hello',
    path: '/x?y',
  });
});

it('loses no byte of HTTP/2 that comes byte by byte', async () => {
  const session = await openSession(await drip(await startPort()));
  const request = session.request({ ':path': '/drip', ':authority': 'a.test', ':method': 'POST' });
  request.end('hello');
  expect(JSON.parse(await readAll(request))).toMatchObject({ url: 'http://a.test/drip', body: 'hello' });
});

it('loses no byte of TLS, and of what is in it, that comes byte by byte', async () => {
  const socket = tls.connect({
    socket: await drip(await startPort()),
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const session = http2.connect('https://a.test', { createConnection: () => socket });
  onCleanup(() => session.destroy());
  expect(JSON.parse(await readAll(session.request({ ':path': '/drip' })))).toMatchObject({
    url: 'https://a.test/drip',
  });
});

it('loses no byte of a tunnel that comes byte by byte', async () => {
  const inner = await tunnel(await drip(await startPort()), 'a.test:80');
  expect(await webSocketOverHttp2(await openSession(new NestedStream(inner, {} as never)), 'x')).toHaveLength(2);
});

it('closes a connection that stays silent, without a word', async () => {
  const stream = await tcp(await startPort({ sniffTimeout: 100 }));
  expect(await readAll(stream)).toBe('');
});

it('closes a tunnel whose inside stays silent', async () => {
  const stream = await tunnel(await tcp(await startPort({ sniffTimeout: 100 })), 'a.test:443');
  expect(await readAll(stream)).toBe('');
});

it('tells a client that stops inside the preface of HTTP/2 that it was too slow', async () => {
  const stream = await tcp(await startPort({ sniffTimeout: 100 }));
  stream.write('PRI * HTTP/2.0\r\n');
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 408 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_REQUEST_TIMEOUT"/);
});

it('ends a TLS handshake that does not go on', async () => {
  const stream = await tcp(await startPort({ handshakeTimeout: 100 }));
  stream.write(Buffer.from([0x16, 0x03, 0x01]));
  expect(await readAll(stream)).toBe('');
});

it('ends a head that does not go on, with an answer that a page can read', async () => {
  const stream = await tcp(await startPort({ headersTimeout: 200 }));
  stream.write('GET / HTTP/1.1\r\nHost: a\r\n');
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 408 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_REQUEST_TIMEOUT"/);
});

it('ends an upgrade to h2c that is not followed by HTTP/2', async () => {
  const stream = await tcp(await startPort({ sniffTimeout: 100 }));
  stream.write(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n',
  );
  expect(await readHead(stream)).toMatch(/^HTTP\/1.1 101 /);
  expect(await readAll(stream)).toBe('');
});

it.each([
  ['a SOCKS5 greeting', '\x05\x01\x00'],
  ['null bytes', '\0\0\0\0'],
  ['an SSLv2 hello', '\x80\x2e\x01\x00\x02'],
  ['JSON', '{"hello":1}'],
])('refuses %s with 400', async (_kind, bytes) => {
  const stream = await tcp(await startPort());
  stream.write(Buffer.from(bytes, 'latin1'));
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 400 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_INVALID_REQUEST"/);
});

it.each([
  ['text', 'chicken\r\n\r\n', 405],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n', 400],
  ['a request without Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['a Host with userinfo', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n', 400],
  ['a scheme that is not HTTP', 'GET ftp://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
  ['a head over the limit', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['CONNECT without a port', 'CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
  ['CONNECT to a path', 'CONNECT /a:80 HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
  ['CONNECT to port 0', 'CONNECT a.test:0 HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
])('refuses %s with an error that a page can read', async (_kind, bytes, status) => {
  const stream = await tcp(await startPort({ maxHeaderSize: 16 * 1024 }));
  stream.write(bytes);
  stream.end();
  expect(await readAll(stream)).toMatch(
    new RegExp(`^HTTP/1.1 ${status} [^]*Access-Control-Allow-Origin: \\*[^]*"code": ?"IMPL_`),
  );
});

it('answers a request that says it is the last, whatever is sent after it', async () => {
  const stream = await tcp(await startPort());
  stream.write('GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /more HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 200 [^]*"path":"\/last"(?!.*HTTP\/1.1)/);
});

it('refuses TLS in TLS where no tunnel is in between', async () => {
  const outer = tls.connect({ port: await startPort(), host: '127.0.0.1', rejectUnauthorized: false });
  await once(outer, 'secureConnect');
  outer.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05]));
  expect(await readAll(outer)).toMatch(/^HTTP\/1.1 400 /);
});

it('refuses TLS in TLS terms where there is no certificate', async () => {
  const socket = tls.connect({
    port: await startPort({ tls: undefined }),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE');
});

it('lives on after clients that vanish at any point', async () => {
  const port = await startPort();
  const beginnings = [
    '',
    'P',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0',
    'GET / HT',
    '\x16\x03\x01',
    'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nPRI',
  ];
  for (const bytes of beginnings) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (bytes !== '') await new Promise((resolve) => socket.write(Buffer.from(bytes, 'latin1'), resolve));
    socket.resetAndDestroy();
  }
  expect((await askHttp1(await tcp(port))).path).toBe('/x?y');
});

it('gives the next reader every byte, however they were cut', async () => {
  const text = 'abcdefgh';
  for (let first = 1; first < text.length; first++) {
    const stream = new PassThrough();
    const decided = new Promise<void>((resolve, reject) => {
      readBeginning(stream, 1000, (bytes) => (bytes.length >= 4 ? { value: null } : null), {
        decided: () => resolve(),
        timedOut: () => reject(new Error('timed out')),
        ended: () => reject(new Error('ended')),
      });
    });
    stream.write(text.slice(0, first));
    await new Promise(setImmediate);
    stream.write(text.slice(first));
    await decided;
    stream.end();
    expect(await readAll(stream)).toBe(text);
  }
});
