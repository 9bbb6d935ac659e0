/** The guard in each place where HTTP/2 begins, as a client sees it. */
import { once } from 'node:events';
import { Duplex, Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { errorCodes, frameTypes } from '../http2-frame.js';
import { frame, readFrames, requestBlock, type Frame } from '../http2-frames.test-support.js';
import {
  askHttp1,
  askHttp2,
  readHead,
  secure,
  startPort,
  tcp,
  tunnel,
  tunnelOverHttp2,
} from '../port-clients.test-support.js';
import { http2Preface } from '../sniff-protocol.js';
import { GuardedStream } from './guarded-stream.js';

const noEndpoints = { remoteAddress: undefined, remotePort: undefined, localAddress: undefined, localPort: undefined };
const preface = Buffer.concat([http2Preface, frame(frameTypes.settings, 0, 0)]);
const get = (stream: number): Buffer => frame(frameTypes.headers, 0x5, stream, requestBlock);
const isAnswer = ({ type, flags }: Frame): boolean => type === frameTypes.data && (flags & 1) === 1;
const isGoaway = ({ type }: Frame): boolean => type === frameTypes.goaway;

const upgrade =
  'GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n';

/** What speaks HTTP/2 next, and the next stream that is free. */
const places: Record<string, (port: number) => Promise<{ stream: Duplex; next: number }>> = {
  'with prior knowledge': async (port) => ({ stream: await tcp(port), next: 1 }),
  'over TLS, by ALPN': async (port) => ({ stream: await secure(await tcp(port), 'h2'), next: 1 }),
  'over TLS without ALPN': async (port) => ({ stream: await secure(await tcp(port)), next: 1 }),
  'by upgrade': async (port) => {
    const stream = await tcp(port);
    stream.write(upgrade);
    await readHead(stream);
    return { stream, next: 3 };
  },
  'in a tunnel': async (port) => ({ stream: await tunnel(await tcp(port), 'in.test:80'), next: 1 }),
  'over TLS in a tunnel in a stream of HTTP/2': async (port) => {
    const outer = await tunnelOverHttp2(await secure(await tcp(port), 'h2'), 'in.test:443');
    return { stream: await secure(outer, 'h2'), next: 1 };
  },
};

it.each(Object.entries(places))('ends a connection that reopens a closed stream, %s', async (_place, open) => {
  const port = await startPort();
  const { stream, next } = await open(port);
  stream.write(Buffer.concat([preface, get(next)]));
  await readFrames(stream, (one) => isAnswer(one) && one.stream === next);
  stream.write(get(next));
  const last = (await readFrames(stream, isGoaway)).at(-1)!;
  expect(last.payload.readUInt32BE(0)).toBe(next);
  expect(last.payload.readUInt32BE(4)).toBe(errorCodes.streamClosed);
  expect(String(last.payload.subarray(8))).toContain(`HEADERS on the closed stream ${next}`);
  stream.resume();
  if (!stream.closed) await once(stream, 'close');
  expect((await askHttp1(await tcp(port))).path).toBe('/x?y');
});

it('names the rule by its error code', async () => {
  const port = await startPort();
  const window = frame(frameTypes.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]));
  for (const [bytes, code] of [
    [Buffer.concat([get(5), get(3)]), errorCodes.protocolError],
    [window, errorCodes.flowControlError],
    [Buffer.concat([get(1), frame(frameTypes.data, 0x1, 1, Buffer.from('late'))]), errorCodes.streamClosed],
  ] as const) {
    const stream = await tcp(port);
    stream.write(Buffer.concat([preface, bytes]));
    const last = (await readFrames(stream, isGoaway)).at(-1)!;
    expect(last.payload.readUInt32BE(4)).toBe(code);
  }
});

it('goes on after a PING that answers nothing', async () => {
  const stream = await tcp(await startPort());
  const ping = (flags: number, text: string): Buffer => frame(frameTypes.ping, flags, 0, Buffer.from(text));
  stream.write(Buffer.concat([preface, ping(1, 'nobody00'), ping(0, 'question'), get(1)]));
  const frames = await readFrames(stream, isAnswer);
  const answers = frames.filter(({ type }) => type === frameTypes.ping);
  expect(answers.map(({ flags, payload }) => [flags, String(payload)])).toEqual([[1, 'question']]);
});

it('loses no byte of a large body, however slowly the port reads it', async () => {
  const body = Array.from({ length: 400_000 }, (_, index) => index % 10).join('');
  for (const open of [places['with prior knowledge']!, places['over TLS, by ALPN']!]) {
    const { stream } = await open(await startPort());
    expect((await askHttp2(stream, { body })).body).toBe(body);
  }
});

it('takes no more from a client than its reader does', async () => {
  const endless = new Readable({ read: () => void endless.push(Buffer.alloc(10_000)) });
  let written = 0;
  const carrier = Duplex.from({
    readable: endless,
    // Takes one chunk, and never says that it is done with it.
    writable: new Writable({ write: (chunk: Buffer) => void (written += chunk.length) }),
  });
  const guarded = new GuardedStream(Object.assign(carrier, noEndpoints), {
    violated: () => undefined,
    errorSent: () => undefined,
  });
  await once(guarded, 'readable');
  await new Promise(setImmediate);
  expect(guarded.readableLength).toBeLessThan(200_000);
  const before = guarded.readableLength;
  await new Promise(setImmediate);
  expect(guarded.readableLength).toBe(before);
  let isTaken = true;
  for (let count = 0; isTaken && count < 1000; count++) isTaken = guarded.write(Buffer.alloc(10_000));
  expect(isTaken).toBe(false);
  expect(written).toBeLessThan(200_000);
  guarded.destroy();
});

it('can be left out', async () => {
  const stream = await tcp(await startPort({ http2Guard: false }));
  stream.write(Buffer.concat([preface, get(5), get(3), get(7)]));
  const frames = await readFrames(stream, (one) => isAnswer(one) && one.stream === 7);
  expect(frames.some(isGoaway)).toBe(false);
});

it('refuses over TLS what is no preface as Node does', async () => {
  const stream = await secure(await tcp(await startPort()), 'h2');
  stream.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const last = (await readFrames(stream, isGoaway)).at(-1)!;
  expect(last.payload.readUInt32BE(4)).not.toBe(0);
});
