import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeFirstBytes, startCanary, type CanaryHit } from './canary.mjs';

let canary: Awaited<ReturnType<typeof startCanary>>;
let hit: Promise<CanaryHit>;

beforeEach(async () => {
  let tell: (hit: CanaryHit) => void;
  hit = new Promise((resolve) => (tell = resolve));
  canary = await startCanary((found) => tell(found));
});
afterEach(() => canary.close());

it('names the host of an HTTP request', async () => {
  const socket = connect(canary.port, '127.0.0.1').on('error', () => undefined);
  socket.write('GET /x HTTP/1.1\r\naccept: *');
  socket.write('/*\r\nHost: site.test:81\r\n\r\n');
  expect(await hit).toEqual({ host: 'site.test:81', detail: 'GET /x HTTP/1.1' });
});

it('names the host of a TLS handshake', async () => {
  connectTls({ port: canary.port, host: '127.0.0.1', servername: 'secure.test' }).on('error', () => undefined);
  expect(await hit).toEqual({ host: 'secure.test', detail: 'a TLS handshake' });
});

it('counts a connection that sends nothing', async () => {
  connect(canary.port, '127.0.0.1').on('error', () => undefined);
  expect(await hit).toMatchObject({ detail: 'a connection without a request' });
});

it('does not fail on a handshake that is cut short', () => {
  expect(describeFirstBytes(Buffer.from([0x16, 3, 1, 0, 200, 1, 2]))).toMatchObject({ host: '(unknown)' });
});
