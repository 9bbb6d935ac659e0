import { once } from 'node:events';
import { connect } from 'node:http2';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConnectionDescriber } from './connection-describer.js';
import type { Description, Direction } from './description.js';
import { DescribeError } from './errors.js';
import { connectionPreface, emptySettings, frame, plainHeaders } from './frames.test-support.js';
import { renderJson } from './render-json.js';
import { renderText } from './render-text.js';
import { KeyLog } from './tls/key-log.js';

/** Of any type, known or not, with flags and payloads that may not fit. */
const anyFrame = fc
  .record({
    type: fc.oneof(fc.integer({ min: 0, max: 0x10 }), fc.integer({ min: 0, max: 255 })),
    flags: fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 0x2d), fc.integer({ min: 0, max: 255 })),
    stream: fc.oneof(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 0xffffffff })),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc
        .dictionary(fc.constantFrom(':path', ':status', 'content-type', 'x'), fc.string(), { maxKeys: 4 })
        .map(plainHeaders),
      fc
        .constantFrom('application/grpc', 'text/plain')
        .map((type) => plainHeaders({ ':path': '/a/b', 'content-type': type })),
    ),
  })
  .map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload));

const textOf = (descriptions: Description[]) => descriptions.map((one) => renderText(one)).join('');

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

function describeCut(bytes: Buffer, sizes: number[], direction: Direction = 'client') {
  const connection = new ConnectionDescriber();
  const described = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    described.push(...connection.describe(bytes.subarray(at, at + size), direction));
    at += size;
  }
  return [...described, ...connection.end(direction)];
}

it('describes any sequence of frames alike, wherever it is cut, and accounts for each byte', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 12 }), cuts, (frames, sizes) => {
      const bytes = Buffer.concat([connectionPreface, emptySettings, ...frames]);
      const whole = describeCut(bytes, [bytes.length]);
      expect(whole.length).toBe(frames.length + 2);
      expect(whole.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
      expect(describeCut(bytes, sizes).map((one) => renderJson(one))).toEqual(whole.map((one) => renderJson(one)));
      expect(textOf(describeCut(bytes, sizes))).toBe(textOf(whole));
    }),
    { numRuns: 100 },
  );
}, 30_000);

it('shows every byte of every frame in its text', () => {
  fc.assert(
    fc.property(anyFrame, (one) => {
      const [description] = describeCut(Buffer.concat([connectionPreface, emptySettings, one]), [1000]).slice(2);
      const shown = renderText(description!)
        .split('\n')
        .flatMap(
          (line) =>
            /^ {3}((?:[0-9a-f]{2} ?)+)$/.exec(line)?.[1] ?? /\(((?:[0-9a-f]{2}[ |]*)+)\)$/.exec(line)?.[1] ?? [],
        )
        .join(' ')
        .match(/[0-9a-f]{2}/g)!;
      // The same bytes may be shown twice, as where a message is decoded; none may be missing.
      expect(shown.length).toBeGreaterThanOrEqual(one.length - opaqueDataLength(one));
    }),
    { numRuns: 100 },
  );
}, 30_000);

/** PING's bytes stand after an equals sign. */
function opaqueDataLength(bytes: Buffer): number {
  return bytes[3] === 6 ? 8 : 0;
}

it('never throws for any bytes, of either side, and all errors in descriptions are typed', () => {
  const starts = fc.constantFrom(
    Buffer.alloc(0),
    connectionPreface,
    Buffer.concat([connectionPreface, emptySettings]),
    Buffer.from('PROXY TCP4 '),
    Buffer.from('0d0a0d0a000d0a515549540a21', 'hex'),
    Buffer.from('GET / HTTP/1.1\r\nupgrade: h2c\r\n\r\n'),
    Buffer.from('16030100', 'hex'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom<Direction>('client', 'server'), starts, fc.uint8Array({ maxLength: 200 })), {
        maxLength: 6,
      }),
      fc.boolean(),
      (turns, hasKeys) => {
        const connection = new ConnectionDescriber(hasKeys ? { tlsSecrets: new KeyLog() } : {});
        const told = { client: 0, server: 0 };
        const sent = { client: 0, server: 0 };
        const all = turns.flatMap(([direction, start, rest]) => {
          sent[direction] += start.length + rest.length;
          return connection.describe(Buffer.concat([start, rest]), direction);
        });
        all.push(...connection.end('client'), ...connection.end('server'));
        for (const { direction, length, items } of all) {
          told[direction] += length;
          for (const item of items) if (item.kind === 'error') expect(item.error).toBeInstanceOf(DescribeError);
        }
        if (!hasKeys) expect(told).toEqual(sent);
      },
    ),
    { numRuns: 200 },
  );
}, 30_000);

const headerName = fc.stringMatching(/^x-[a-z0-9-]{1,12}$/);
const headerValue = fc.stringMatching(/^[!-~]{0,60}$/);

it("reads back the headers that Node's own encoder sends", async () => {
  const blocks = fc.array(fc.dictionary(headerName, headerValue, { maxKeys: 6 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(blocks, cuts, async (requests, sizes) => {
      const bytes = await bytesOfRequests(requests);
      const seen = describeCut(bytes, sizes)
        .map((one) => renderJson(one))
        .filter(({ frameType }) => frameType === 'HEADERS')
        .map(({ headers }) =>
          (headers as { name: string; value: string }[]).filter(({ name }) => name.startsWith('x-')),
        );
      const sent = requests.map((request) => Object.entries(request).map(([name, value]) => ({ name, value })));
      expect(seen.map((headers) => headers.map(({ name, value }) => ({ name, value })))).toEqual(sent);
    }),
    { numRuns: 25 },
  );
}, 30_000);

/** All that a client of Node's writes for these requests. */
async function bytesOfRequests(requests: Record<string, string>[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, callback) {
      chunks.push(chunk);
      callback();
    },
  });
  const session = connect('http://localhost', { createConnection: () => sink });
  await once(session, 'connect');
  const streams = requests.map((request) => session.request(request, { endStream: true }));
  for (const stream of streams) stream.on('error', () => stream.destroy());
  const expected = requests.length;
  while (countHeaders(Buffer.concat(chunks)) < expected) await new Promise(setImmediate);
  session.destroy();
  return Buffer.concat(chunks);
}

function countHeaders(bytes: Buffer): number {
  let count = 0;
  for (let at = connectionPreface.length; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes[at + 3] === 1 && at + 9 + bytes.readUIntBE(at, 3) <= bytes.length) count++;
  }
  return count;
}
