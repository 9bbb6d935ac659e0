import { createServer, connect as connectNet } from 'node:net';
import { once } from 'node:events';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, bytesOfHex, helloHex } from '../../vectors.test-support.js';
import { sniffHost, sniffServerName } from '../index.js';
import { atEnd, listen } from '../local-tunnel.test-support.js';

const hello = bytesOfHex(helloHex);

/** What Node's own TLS client sends first. */
async function capturedHello(options: { servername?: string }): Promise<Buffer> {
  const server = createServer();
  const port = await listen(server);
  const accepted = once(server, 'connection');
  const raw = connectNet(port, '127.0.0.1');
  const client = connect({ socket: raw, rejectUnauthorized: false, ...options });
  client.on('error', () => {});
  atEnd(() => client.destroy());
  const [socket] = await accepted;
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes;
}

/** The same handshake in records of at most `size` bytes. */
function fragmented(bytes: Uint8Array, size: number): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 5; at < bytes.byteLength; at += size) {
    const part = bytes.subarray(at, at + size);
    records.push(Uint8Array.of(0x16, 3, 1, part.byteLength >> 8, part.byteLength & 255), part);
  }
  return Buffer.concat(records);
}

it('reads the server name once the whole ClientHello is there', () => {
  for (let length = 0; length < hello.byteLength; length++) {
    const expected = length === 0 ? 'invalid' : 'more';
    // No bytes at all are no TLS yet: nobody asks then.
    expect(length === 0 ? 'invalid' : sniffServerName(hello.subarray(0, length)).state).toBe(expected);
  }
  expect(sniffServerName(hello)).toEqual({ state: 'done', name: 'pokemap.hellabit.com' });
  expect(sniffServerName(Buffer.concat([hello, hello]))).toEqual({ state: 'done', name: 'pokemap.hellabit.com' });
});

it('reads the server name of a ClientHello in several records', () => {
  for (const size of [1, 7, 50, 150]) {
    const records = fragmented(hello, size);
    expect(sniffServerName(records)).toEqual({ state: 'done', name: 'pokemap.hellabit.com' });
    expect(sniffServerName(records.subarray(0, -1)).state).toBe('more');
  }
});

it('reads what a current TLS client sends, with and without a name', async () => {
  expect(sniffServerName(await capturedHello({ servername: 'a.example' }))).toEqual({
    state: 'done',
    name: 'a.example',
  });
  expect(sniffServerName(await capturedHello({}))).toEqual({ state: 'done', name: undefined });
});

it('refuses a ClientHello whose lengths lie, and never throws', () => {
  const lying = Uint8Array.from(hello);
  lying[43] = 255; // The session id's.
  expect(sniffServerName(lying).state).toBe('invalid');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(hello.byteLength - 1), (noise, at) => {
      const bytes = Uint8Array.from(hello);
      bytes.set(noise.subarray(0, bytes.byteLength - at), at);
      expect(['more', 'done', 'invalid']).toContain(sniffServerName(bytes).state);
      expect(['more', 'done', 'invalid']).toContain(sniffHost(noise).state);
    }),
  );
});

it('reads the host of a request once its head is whole', () => {
  const request = bytesOf('GET / HTTP/1.1\r\nAccept: */*\r\nhOsT:  A.example:8080 \r\n\r\n');
  for (let length = 0; length < request.byteLength; length++) {
    expect(sniffHost(request.subarray(0, length))).toEqual({ state: 'more' });
  }
  expect(sniffHost(request)).toEqual({ state: 'done', name: 'A.example' });
});

it('reads hosts in all the places where requests have them', () => {
  const cases: [string, string | undefined][] = [
    ['GET http://user@b.example:1/x HTTP/1.1\r\nHost: a.example', 'b.example'],
    ['CONNECT c.example:443 HTTP/1.1\r\nHost: a.example', 'c.example'],
    ['GET / HTTP/1.1\r\nHost: [::1]:80', '[::1]'],
    ['\r\nGET / HTTP/1.0', undefined],
    ['OPTIONS * HTTP/1.1\nHost: lf.example\n', 'lf.example'],
  ];
  for (const [head, name] of cases) {
    expect(sniffHost(bytesOf(`${head}\r\n\r\n`))).toEqual({ state: 'done', name });
  }
});

it('refuses what is no request, and two hosts', () => {
  for (const head of [
    '\0\0\0',
    'GET /\r\n\r\n',
    'PRI * HTTP/2.0x\r\n\r\n',
    'SSH-2.0-x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  ]) {
    expect(sniffHost(bytesOf(head)).state).toBe('invalid');
  }
});
