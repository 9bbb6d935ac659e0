import { expect, it } from 'vitest';
import { ConnectionDescriber } from './connection-describer.js';
import { errorsOf } from './description.js';
import {
  bytesOf,
  codesIn,
  connectionPreface,
  describeClientFrames,
  emptySettings,
  errorsIn,
  frame,
  plainHeaders,
  seededRandom,
  textOf,
} from './frames.test-support.js';

/** Where the first frame after the preface and the empty settings stands. */
const start = 33;

it.each([
  ['a PING of 7 bytes', frame(6, 0, 0, '00 00 00 00 00 00 00'), 'H2_DESCRIBE_BAD_LENGTH', start + 9, 'Opaque Data'],
  [
    'a PING of 9 bytes',
    frame(6, 0, 0, '00 00 00 00 00 00 00 00 00'),
    'H2_DESCRIBE_BAD_LENGTH',
    start + 17,
    'Frame Payload',
  ],
  ['SETTINGS of 7 bytes', frame(4, 0, 0, '00 01 00 00 00 01 00'), 'H2_DESCRIBE_BAD_LENGTH', start + 15, 'Settings'],
  ['RST_STREAM of 3 bytes', frame(3, 0, 1, '00 00 00'), 'H2_DESCRIBE_BAD_LENGTH', start + 9, 'Error Code'],
  [
    'an acknowledgement with settings',
    frame(4, 1, 0, '00 01 00 00 00 01'),
    'H2_DESCRIBE_BAD_LENGTH',
    start,
    'Frame Length',
  ],
  [
    'a forbidden setting',
    frame(4, 0, 0, '00 02 00 00 00 02'),
    'H2_DESCRIBE_BAD_VALUE',
    start + 9,
    'SETTINGS_ENABLE_PUSH',
  ],
  ['padding over the end', frame(0, 8, 1, '03 00 00'), 'H2_DESCRIBE_BAD_PADDING', start + 9, 'Pad Length'],
  ['padding that is not zero', frame(0, 8, 1, '02 aa 00 01'), 'H2_DESCRIBE_BAD_PADDING', start + 12, 'Padding'],
  ['DATA on stream 0', frame(0, 0, 0), 'H2_DESCRIBE_PROTOCOL', start + 5, 'Stream Identifier'],
  [
    'PING on a stream',
    frame(6, 0, 1, '00 00 00 00 00 00 00 00'),
    'H2_DESCRIBE_PROTOCOL',
    start + 5,
    'Stream Identifier',
  ],
  ['a window of 0', frame(8, 0, 0, '00 00 00 00'), 'H2_DESCRIBE_BAD_VALUE', start + 9, 'Window Size Increment'],
  ['a dependency on itself', frame(2, 0, 3, '00 00 00 03 00'), 'H2_DESCRIBE_PROTOCOL', start + 9, 'Stream Dependency'],
  ['CONTINUATION of nothing', frame(9, 4, 1, '82'), 'H2_DESCRIBE_PROTOCOL', start, 'Frame Type'],
  ['a frame over the maximum', frame(0, 0, 1, Buffer.alloc(16385)), 'H2_DESCRIBE_FRAME_SIZE', start, 'Frame Length'],
  [
    'an origin longer than ORIGIN',
    frame(12, 0, 0, '00 01 61 00 09 62'),
    'H2_DESCRIBE_BAD_LENGTH',
    start + 14,
    'Origin',
  ],
  ['HPACK index 0', frame(1, 4, 1, '82 80'), 'H2_DESCRIBE_HPACK', start + 10, 'Headers'],
  ['an HPACK index past the end', frame(1, 4, 1, 'be'), 'H2_DESCRIBE_HPACK', start + 9, 'Headers'],
  [
    'an HPACK integer without end',
    frame(1, 4, 1, '82 ff ff ff ff ff ff ff'),
    'H2_DESCRIBE_HPACK',
    start + 10,
    'Headers',
  ],
  ['an HPACK string over the end', frame(1, 4, 1, '00 05 61'), 'H2_DESCRIBE_HPACK', start + 10, 'Headers'],
  [
    'an HPACK string with a wrong Huffman padding',
    frame(1, 4, 1, '00 81 00 00'),
    'H2_DESCRIBE_HPACK',
    start + 10,
    'Headers',
  ],
  ['an HPACK table over the limit', frame(1, 4, 1, '3f e2 1f 82'), 'H2_DESCRIBE_HPACK', start + 9, 'Headers'],
  ['an HPACK table size after a header', frame(1, 4, 1, '82 20'), 'H2_DESCRIBE_HPACK', start + 10, 'Headers'],
])('tells where and in which field %s is wrong', (_, bytes, code, offset, field) => {
  const descriptions = describeClientFrames([bytes, frame(6, 0, 0, '01 02 03 04 05 06 07 08')]);
  expect(errorsIn(descriptions)).toMatchObject([{ code, offset, field }]);
  // The next frame is described all the same.
  expect(textOf(descriptions.at(-1))).toContain('Opaque Data = 01 02 03 04 05 06 07 08');
});

it('writes an error as a line of the frame', () => {
  const [description] = describeClientFrames(frame(3, 0, 1, '00 00 00'));
  expect(textOf(description)).toBe(`Frame Length = 3 (00 00 03)
Frame Type = RST_STREAM (03)
Flags = UNSET (00)
Stream Identifier = 1 (00 00 00 01)
Unread Payload =
   b'\\x00\\x00\\x00'
Hexdump (Unread Payload) =
   00 00 00
Error = H2_DESCRIBE_BAD_LENGTH at byte 42, Error Code: it has 4 bytes, but RST_STREAM has 3 left
`);
});

it('decodes no headers after a block that it could not decode, and says so', () => {
  const descriptions = describeClientFrames([frame(1, 4, 1, '80'), frame(1, 4, 3, '82')]);
  expect(codesIn(descriptions)).toEqual(['H2_DESCRIBE_HPACK', 'H2_DESCRIBE_HPACK_LOST']);
  expect(textOf(descriptions[1])).not.toContain(':method');
});

it('says that only CONTINUATION may follow an unfinished header block', () => {
  const descriptions = describeClientFrames([
    frame(1, 0, 1, '82'),
    frame(6, 0, 0, Buffer.alloc(8)),
    frame(9, 4, 1, '84'),
  ]);
  expect(errorsIn(descriptions).map(({ code, offset }) => [code, offset])).toEqual([
    ['H2_DESCRIBE_PROTOCOL', start + 10],
    ['H2_DESCRIBE_PROTOCOL', start + 27],
  ]);
});

it('tells that the first frame is not SETTINGS', () => {
  const connection = new ConnectionDescriber();
  const [frameDescription] = connection.describe(frame(6, 0, 0, Buffer.alloc(8)), 'server');
  expect(errorsOf(frameDescription!)).toMatchObject([{ code: 'H2_DESCRIBE_PROTOCOL', offset: 3, field: 'Frame Type' }]);
});

it.each([
  ['in the preface', connectionPreface.subarray(0, 10), 'Client Connection Preface', 0, 1],
  ['in a frame header', Buffer.concat([connectionPreface, bytesOf('00 00 08 06')]), 'Frame Length', 28, 2],
  [
    'in a payload',
    Buffer.concat([connectionPreface, frame(6, 0, 0, Buffer.alloc(8)).subarray(0, 12)]),
    'Frame Payload',
    36,
    2,
  ],
])('describes what a connection that ended %s left unfinished', (_, bytes, field, offset, count) => {
  const connection = new ConnectionDescriber();
  const descriptions = [...connection.describe(bytes, 'client'), ...connection.end('client')];
  expect(descriptions.length).toBe(count);
  expect(descriptions.at(-1)!.kind).toBe('truncated');
  expect(errorsOf(descriptions.at(-1)!)).toMatchObject([{ code: 'H2_DESCRIBE_TRUNCATED', field, offset }]);
});

it('shows a frame up to the limit, skips the rest, and reads on after it', () => {
  const long = frame(0, 0, 1, Buffer.alloc(5000, 0x61));
  const connection = new ConnectionDescriber({ limits: { framePayload: 100 } });
  connection.describe(Buffer.concat([connectionPreface, emptySettings]), 'client');
  const descriptions = connection.describe(Buffer.concat([long, frame(6, 0, 0, Buffer.alloc(8))]), 'client');
  expect(descriptions.map(({ length }) => length)).toEqual([5009, 17]);
  expect(errorsIn(descriptions)).toMatchObject([
    { code: 'H2_DESCRIBE_LIMIT', offset: start + 109, field: 'Frame Payload' },
  ]);
  expect(textOf(descriptions[0])).toContain(`b'${'a'.repeat(100)}'`);
});

it('shows an HPACK bomb up to the limit and keeps the table for what follows', () => {
  const value = Buffer.alloc(3000, 0x61);
  const add = Buffer.concat([bytesOf('40 01 78 7f b9 16'), value]);
  const bomb = Buffer.concat([add, Buffer.alloc(10_000, 0xbe)]);
  const descriptions = describeClientFrames([frame(1, 4, 1, bomb), frame(1, 4, 3, 'be')], {
    limits: { headerList: 10_000 },
  });
  expect(errorsIn(descriptions)).toMatchObject([{ code: 'H2_DESCRIBE_LIMIT', field: 'Headers' }]);
  expect(textOf(descriptions[0]).match(/'x' -> /g)?.length).toBe(3);
  expect(textOf(descriptions[1])).toContain("'x' -> 'aaa");
});

it('gives up a header block of too many frames or bytes', () => {
  const flood = [frame(1, 0, 1), ...Array.from({ length: 2000 }, () => frame(9, 0, 1, '82')), frame(9, 4, 1)];
  expect(codesIn(describeClientFrames(flood))).toEqual(['H2_DESCRIBE_LIMIT', 'H2_DESCRIBE_HPACK_LOST']);
  const large = [
    frame(1, 0, 1, Buffer.alloc(900, 0x82)),
    frame(9, 4, 1, Buffer.alloc(200, 0x82)),
    frame(1, 4, 3, '82'),
  ];
  expect(codesIn(describeClientFrames(large, { limits: { headerBlock: 1000 } }))).toEqual([
    'H2_DESCRIBE_LIMIT',
    'H2_DESCRIBE_HPACK_LOST',
  ]);
});

it('never throws and never loses count, whatever the bytes', () => {
  const random = seededRandom(20_240_501);
  for (let round = 0; round < 150; round++) {
    const bytes = Buffer.from(Array.from({ length: 600 }, () => Math.floor(random() * 256)));
    const connection = new ConnectionDescriber({ limits: { framePayload: 64 } });
    // Lengths that fit, so that many frames of any type come about.
    for (let at = 0; at + 9 < bytes.length; at += 40)
      bytes.set([0, 0, 31, bytes[at + 3]! % 18, bytes[at + 4]! & 0x2d, 0, 0, 0, bytes[at + 8]! % 3], at);
    const descriptions = [
      ...connection.describe(connectionPreface, 'client'),
      ...connection.describe(bytes, 'client'),
      ...connection.end('client'),
    ];
    expect(descriptions.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length + connectionPreface.length);
  }
});

it('keeps little of a peer that opens streams and begins messages without end', () => {
  const connection = new ConnectionDescriber({ limits: { streams: 16, pendingMessages: 1000 } });
  connection.describe(Buffer.concat([connectionPreface, emptySettings]), 'client');
  const block = plainHeaders({ ':path': '/a/b', 'content-type': 'application/grpc' });
  const codes = [];
  for (let stream = 1; stream < 400; stream += 2) {
    const bytes = Buffer.concat([
      frame(1, 4, stream, block),
      frame(0, 0, stream, Buffer.concat([bytesOf('00 00 00 ff ff'), Buffer.alloc(300)])),
    ]);
    codes.push(...codesIn(connection.describe(bytes, 'client')));
  }
  expect(new Set(codes)).toEqual(new Set(['H2_DESCRIBE_LIMIT']));
});
