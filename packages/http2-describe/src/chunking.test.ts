import http2 from 'node:http2';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  bytesOf,
  chunksOf,
  connectionPreface,
  emptySettings,
  frame,
  grpcMessage,
  plainHeaders,
  seededRandom,
  type Turn,
} from './frames.test-support.js';
import { Transcript } from './transcript.js';

const grpcHeaders = { ':path': '/a.B/C', 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' };
const message = bytesOf('0a 05 41 6c 69 63 65 12 07 52 65 64 6d 6f 6e 64');
const messages = Buffer.concat([grpcMessage(message), grpcMessage(gzipSync(message), 1), grpcMessage(Buffer.alloc(0))]);

/** A conversation by hand, with what live peers seldom send. */
const conversation: Turn[] = [
  {
    direction: 'client',
    bytes: Buffer.concat([
      Buffer.from('PROXY TCP6 ::1 ::1 1 2\r\n'),
      connectionPreface,
      frame(4, 0, 0, '00 03 00 00 00 64'),
      frame(
        1,
        0x29,
        1,
        Buffer.concat([bytesOf('02 80 00 00 00 0f'), plainHeaders({ ':path': '/' }).subarray(0, 4), bytesOf('00 00')]),
      ),
      frame(9, 4, 1, plainHeaders({ ':path': '/' }).subarray(4)),
      frame(1, 4, 3, plainHeaders(grpcHeaders)),
      frame(0, 0, 3, messages.subarray(0, 2)),
      frame(0, 8, 3, Buffer.concat([bytesOf('03'), messages.subarray(2, 30), bytesOf('00 00 00')])),
      frame(0, 1, 3, messages.subarray(30)),
      frame(0xbb, 0xff, 7, Buffer.alloc(100, 1)),
    ]),
  },
  {
    direction: 'server',
    bytes: Buffer.concat([
      emptySettings,
      frame(1, 4, 3, plainHeaders({ ':status': '200', 'content-type': 'application/grpc' })),
      frame(0, 0, 3, grpcMessage(message)),
      frame(6, 0, 0, '00 01'),
      frame(7, 0, 0, '00 00 00 00 00 00 00 00 61').subarray(0, 14),
    ]),
  },
];

it('gives the same text for the conversation cut at every byte', () => {
  const whole = transcriptOf(conversation, () => Infinity);
  expect(whole).toContain('   1: "Alice"\n   2: "Redmond"\n');
  expect(whole).toContain('H2_DESCRIBE_TRUNCATED');
  expect(transcriptOf(conversation, () => 1)).toBe(whole);
  for (let size = 2; size < 60; size++) expect(transcriptOf(conversation, () => size)).toBe(whole);
});

it('gives the same text for live traffic in chunks of any size', async () => {
  const turns = await recordLiveTraffic();
  const whole = transcriptOf(turns, () => Infinity);
  expect(whole).not.toContain('Error = ');
  expect(whole).toContain("':path' -> '/large'");
  expect(transcriptOf(turns, () => 1)).toBe(whole);
  for (const seed of [1, 2, 3, 4, 5]) {
    const random = seededRandom(seed);
    expect(
      transcriptOf(turns, () => Math.ceil(random() * 300)),
      `seed ${seed}`,
    ).toBe(whole);
  }
}, 30_000);

it('heads every chunk that completes something, or every turn, as asked', () => {
  const headings = (sections: 'chunk' | 'turn') => {
    const transcript = new Transcript({ client: 'c', server: 's', sections });
    const chunks = [connectionPreface, emptySettings.subarray(0, 4), emptySettings.subarray(4), emptySettings];
    const text =
      chunks.map((chunk) => transcript.describe(chunk, 'client')).join('') +
      transcript.describe(emptySettings, 'server');
    return text.match(/^={60}$/gm)!.length;
  };
  expect(headings('chunk')).toBe(4);
  expect(headings('turn')).toBe(2);
});

function transcriptOf(turns: Turn[], sizeOfNext: () => number): string {
  const transcript = new Transcript({ client: 'c', server: 's', sections: 'turn' });
  let text = '';
  for (const { direction, bytes } of turns) {
    for (const chunk of chunksOf(bytes, sizeOfNext)) text += transcript.describe(chunk, direction);
  }
  return text + transcript.end('client') + transcript.end('server');
}

async function recordLiveTraffic(): Promise<Turn[]> {
  const turns: Turn[] = [];
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, 'x-path': String(headers[':path']) }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'end' }));
    stream.end(headers[':path'] === '/large' ? Buffer.alloc(60_000, 'large ') : 'small');
  });
  const port = await listening(server);
  const recorder = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    near.on('data', (bytes) => void (turns.push({ direction: 'client', bytes }), far.write(bytes)));
    far.on('data', (bytes) => void (turns.push({ direction: 'server', bytes }), near.write(bytes)));
    near.on('end', () => far.end()).on('error', () => far.destroy());
    far.on('end', () => near.end()).on('error', () => near.destroy());
  });
  const session = http2.connect(`http://127.0.0.1:${await listening(recorder)}`);
  for (const path of ['/', '/large', '/again?x=1']) {
    const stream = session.request({ ':path': path, 'x-number': '1' });
    await new Promise((resolve, reject) => stream.on('error', reject).on('close', resolve).resume());
  }
  await new Promise<void>((resolve) => session.close(resolve));
  await Promise.all([server, recorder].map((one) => new Promise((resolve) => one.close(resolve))));
  return turns;
}

async function listening(server: net.Server | http2.Http2Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}
