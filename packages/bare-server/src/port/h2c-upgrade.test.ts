/** HTTP/2 by Upgrade, frame by frame: no client of Node's speaks it. curl and nghttp do, in test/wire. */
import { expect, it } from 'vitest';
import { frame, readFrames, type Frame } from './http2-frames.test-support.js';
import { readAll, readHead, secure, startPort, tcp } from './port-clients.test-support.js';
import { http2Preface } from './sniff-protocol.js';

const [data, headers, settings, goaway] = [0x0, 0x1, 0x4, 0x7];
const [ack, endStream] = [0x1, 0x1];

const offer = (setting = '', request = 'GET /up?y HTTP/1.1\r\nX-One: 1') =>
  `${request}\r\nHost: up.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: ${setting}\r\n\r\n`;
const isEnd = ({ flags, stream, type }: Frame): boolean => stream === 1 && type === data && (flags & endStream) !== 0;

function bodyOf(frames: readonly Frame[], stream = 1): Record<string, unknown> {
  const parts = frames.filter((one) => one.type === data && one.stream === stream).map(({ payload }) => payload);
  return JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
}

it('answers the request that asks for the upgrade on stream 1, and acknowledges settings once', async () => {
  const stream = await tcp(await startPort());
  stream.write(offer());
  expect(await readHead(stream)).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  );
  stream.write(Buffer.concat([http2Preface, frame(settings, 0, 0)]));
  const frames = await readFrames(stream, isEnd);
  expect(frames[0]).toMatchObject({ type: settings, flags: 0, stream: 0 });
  expect(frames.filter(({ type, flags }) => type === settings && flags === ack)).toHaveLength(1);
  expect(bodyOf(frames)).toMatchObject({ url: 'http://up.test/up?y', httpVersion: '2.0', headers: { 'x-one': '1' } });
  expect(bodyOf(frames)['headers'] as object).not.toHaveProperty('http2-settings');
});

it('goes on with streams that the client opens', async () => {
  const stream = await tcp(await startPort());
  stream.write(offer());
  await readHead(stream);
  // GET, http, /, and :authority as a literal (RFC 7541 appendix A).
  const request = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x01, 0x06]), Buffer.from('b.test')]);
  stream.write(Buffer.concat([http2Preface, frame(settings, 0, 0), frame(headers, 0x5, 3, request)]));
  const ended = new Set<number>();
  const frames = await readFrames(stream, (one) => {
    if (one.type === data && one.flags & endStream) ended.add(one.stream);
    return ended.size === 2;
  });
  expect(bodyOf(frames, 1)['url']).toBe('http://up.test/up?y');
  expect(bodyOf(frames, 3)['url']).toBe('http://b.test/');
});

it('takes the settings of the HTTP2-Settings header', async () => {
  const stream = await tcp(await startPort());
  // SETTINGS_INITIAL_WINDOW_SIZE (4) = 10
  stream.write(offer(Buffer.from([0, 4, 0, 0, 0, 10]).toString('base64url')));
  await readHead(stream);
  stream.write(Buffer.concat([http2Preface, frame(settings, 0, 0)]));
  const frames = await readFrames(stream, ({ type, stream }) => type === data && stream === 1);
  expect(frames.at(-1)!.payload).toHaveLength(10);
});

it('says a head of more than one frame again', async () => {
  const stream = await tcp(await startPort());
  const long = 'x'.repeat(50_000);
  stream.write(offer('', `GET /up?y HTTP/1.1\r\nX-Long: ${long}`));
  await readHead(stream);
  stream.write(Buffer.concat([http2Preface, frame(settings, 0, 0)]));
  // The answer tells the header back, in more than the window of 64 KiB lets through at once.
  const frames = await readFrames(stream, ({ type, stream }) => type === data && stream === 1);
  expect(frames.find(({ type }) => type === headers)).toMatchObject({ stream: 1 });
  expect(frames.some(({ type }) => type === goaway)).toBe(false);
});

it.each([
  ['with a body', offer('', 'POST /up HTTP/1.1\r\nContent-Length: 5').concat('hello')],
  ['without HTTP2-Settings', 'GET /up HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n'],
  ['with settings that are none', offer('AAAA')],
  ['in HTTP/1.0', offer('', 'GET /up HTTP/1.0')],
  [
    'to a protocol that is not spoken',
    'GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: irc/6.9\r\n\r\n',
  ],
])('answers an upgrade %s over HTTP/1', async (_kind, bytes) => {
  const stream = await tcp(await startPort());
  stream.write(bytes);
  stream.write('GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const text = await readAll(stream);
  expect(text).toMatch(/^HTTP\/1.1 200 /);
  expect(text).toContain('"path":"/up');
  if (bytes.endsWith('hello')) expect(text).toContain('"body":"hello"');
});

it('does not upgrade to cleartext HTTP/2 inside of TLS', async () => {
  const stream = await secure(await tcp(await startPort()), 'http/1.1');
  stream.write(offer().replace('Connection: ', 'Connection: close, '));
  expect(await readAll(stream)).toMatch(/^HTTP\/1.1 200 [^]*"httpVersion":"1.1"/);
});

it('refuses what does not begin as HTTP/2 has to, after the upgrade', async () => {
  const stream = await tcp(await startPort());
  stream.write(offer());
  await readHead(stream);
  stream.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const frames = await readFrames(stream, ({ type }) => type === goaway);
  // RFC 9113 section 7: 0 would say that nothing is wrong.
  expect(frames.at(-1)!.payload.readUInt32BE(4)).not.toBe(0);
});
