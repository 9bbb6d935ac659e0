import { describe, expect, it } from 'vitest';
import { ConnectionDescriber } from './connection-describer.js';
import type { Description } from './description.js';
import { bytesOf, codesIn, describeClientFrames, frame, plainHeaders, textOf } from './frames.test-support.js';
import { renderJson } from './render-json.js';
import { renderText } from './render-text.js';

const bodyOf = (bytes: Buffer) => textOf(describeClientFrames(bytes)[0]).split('\n').slice(4).join('\n');

describe('each frame type names its fields', () => {
  const headers = plainHeaders({ a: 'b' });
  const cases: [name: string, frame: Buffer, text: string][] = [
    [
      'PRIORITY',
      frame(2, 0, 3, '80 00 00 01 0f'),
      'Exclusive Bit = 1, Stream Dependency = 1 (80 00 00 01)\nWeight = 16 (0f)\n',
    ],
    ['RST_STREAM', frame(3, 0, 3, '00 00 00 08'), 'Error Code = CANCEL:0x8 (00 00 00 08)\n'],
    ['PING', frame(6, 1, 0, '01 02 03 04 05 06 07 08'), 'Opaque Data = 01 02 03 04 05 06 07 08\n'],
    [
      'GOAWAY',
      frame(7, 0, 0, '00 00 00 05 00 00 00 0b 62 79 65'),
      "Reserved Bit = 0, Last Stream Identifier = 5 (00 00 00 05)\nError Code = ENHANCE_YOUR_CALM:0xb (00 00 00 0b)\nAdditional Debug Data =\n   b'bye'\nHexdump (Additional Debug Data) =\n   62 79 65\n",
    ],
    ['WINDOW_UPDATE', frame(8, 0, 0, '80 00 00 05'), 'Reserved Bit = 1, Window Size Increment = 5 (80 00 00 05)\n'],
    [
      'SETTINGS with unknown ones',
      frame(4, 0, 0, '00 08 00 00 00 01 ab cd 00 00 00 02'),
      'Settings =\n   SETTINGS_ENABLE_CONNECT_PROTOCOL:0x8 -> 1 (00 08 | 00 00 00 01)\n   UNKNOWN:0xabcd -> 2 (ab cd | 00 00 00 02)\n',
    ],
    [
      'ALTSVC',
      frame(10, 0, 0, Buffer.concat([bytesOf('00 03'), Buffer.from('o:1h2=":8"')])),
      "Origin Length = 3 (00 03)\nOrigin = 'o:1'\nHexdump (Origin) =\n   6f 3a 31\nAlt-Svc Field Value = 'h2=\":8\"'\nHexdump (Alt-Svc Field Value) =\n   68 32 3d 22 3a 38 22\n",
    ],
    ['ORIGIN', frame(12, 0, 0, '00 01 61 00 02 62 63'), "Origins =\n   'a' (00 01 | 61)\n   'bc' (00 02 | 62 63)\n"],
    [
      'PRIORITY_UPDATE',
      frame(16, 0, 0, Buffer.concat([bytesOf('00 00 00 05'), Buffer.from('u=1')])),
      "Reserved Bit = 0, Prioritized Stream Identifier = 5 (00 00 00 05)\nPriority Field Value = 'u=1'\nHexdump (Priority Field Value) =\n   75 3d 31\n",
    ],
    [
      'padded DATA',
      frame(0, 8, 1, '02 68 69 00 00'),
      "Pad Length = 2 (02)\nFrame Payload =\n   b'hi'\nHexdump (Frame Payload) =\n   68 69\nHexdump (Padding) =\n   00 00\n",
    ],
    [
      'padded HEADERS with a priority',
      frame(1, 0x2c, 1, Buffer.concat([bytesOf('01 00 00 00 03 ff'), headers, bytesOf('00')])),
      "Pad Length = 1 (01)\nExclusive Bit = 0, Stream Dependency = 3 (00 00 00 03)\nWeight = 256 (ff)\nHeaders =\n   'a' -> 'b'\nHexdump (Compressed Headers) =\n   00 01 61 01 62\nHexdump (Padding) =\n   00\n",
    ],
    [
      'PUSH_PROMISE',
      frame(5, 4, 1, Buffer.concat([bytesOf('00 00 00 02'), headers])),
      "Reserved Bit = 0, Promised Stream Identifier = 2 (00 00 00 02)\nHeaders =\n   'a' -> 'b'\nHexdump (Compressed Headers) =\n   00 01 61 01 62\n",
    ],
    ['an unknown type', frame(0xfa, 0, 1, '01'), "Frame Payload =\n   b'\\x01'\nHexdump (Frame Payload) =\n   01\n"],
  ];
  it.each(cases)('%s', (_, bytes, text) => expect(bodyOf(bytes)).toBe(text));
});

it('names flags and marks unknown ones, unknown types and a set reserved bit', () => {
  const [headers, unknown] = describeClientFrames([frame(0, 0x49, 0x80000001, '00'), frame(0xfa, 0x01, 0)]);
  expect(textOf(headers)).toContain(
    'Flags = END_STREAM:0x1 | PADDED:0x8 | UNKNOWN:0x40 (49)\nStream Identifier = 1 (80 00 00 01)\nReserved Bit = 1\n',
  );
  expect(textOf(unknown)).toContain('Frame Type = UNKNOWN (fa)\nFlags = UNKNOWN:0x1 (01)\n');
});

it('decodes a header block when its last CONTINUATION came, and each fragment where it was sent', () => {
  const block = plainHeaders({ ':path': '/', 'x-y': 'z' });
  const [first, second, third] = describeClientFrames([
    frame(1, 1, 1, block.subarray(0, 3)),
    frame(9, 0, 1, block.subarray(3, 9)),
    frame(9, 4, 1, block.subarray(9)),
  ]);
  expect(textOf(first)).toContain(
    'Header Block = 3 bytes so far, continued in CONTINUATION\nHexdump (Compressed Headers) =\n   00 05 3a\n',
  );
  expect(textOf(second)).toContain('Header Block = 9 bytes so far');
  expect(textOf(third)).toContain(
    "Flags = END_HEADERS:0x4 (04)\nStream Identifier = 1 (00 00 00 01)\nHeaders =\n   ':path' -> '/'\n   'x-y' -> 'z'\n",
  );
});

it('keeps an HPACK table for each direction of each connection', () => {
  const indexed = frame(1, 4, 1, '40 01 61 01 62');
  const again = frame(1, 4, 3, 'be');
  const [, client] = describeClientFrames([indexed, again]);
  expect(textOf(client)).toContain("'a' -> 'b'");
  const connection = new ConnectionDescriber();
  connection.describe(Buffer.concat([frame(4, 0, 0), indexed]), 'server');
  expect(codesIn(describeClientFrames(again))).toEqual(['H2_DESCRIBE_HPACK']);
});

it('quotes header values as Python does, whatever their bytes', () => {
  const block = Buffer.concat([bytesOf('00 01 61 06 c3 a9 27 0a ff 22'), bytesOf('00 01 62 03 e2 80 a8')]);
  const [description] = describeClientFrames(frame(1, 4, 1, block));
  expect(textOf(description)).toContain(`'a' -> 'Ã©\\'\\nÿ"'\n   'b' -> '\\u2028'\n`);
});

it('adds colours and nothing else on a terminal', () => {
  const [description] = describeClientFrames(frame(6, 0, 0, '00 01'));
  const coloured = renderText(description!, { colour: true });
  expect(coloured).toContain('\x1b[36mFrame Length\x1b[0m = 2 (00 00 02)\n');
  expect(coloured).toContain('\x1b[31mError = H2_DESCRIBE_BAD_LENGTH');
  expect(coloured.replaceAll(new RegExp('\x1b\\[\\d+m', 'g'), '')).toBe(renderText(description!));
});

it('gives programs every field, bytes as hexadecimal', () => {
  const [headers, settings] = describeClientFrames([frame(1, 5, 1, '82'), frame(4, 0, 0, '00 03 00 00 00 64')]);
  expect(renderJson(headers!, { client: 'c' })).toEqual({
    client: 'c',
    direction: 'client',
    kind: 'frame',
    offset: 33,
    length: 10,
    frameLength: 1,
    frameType: 'HEADERS',
    frameTypeCode: 1,
    flags: ['END_STREAM', 'END_HEADERS'],
    flagBits: 5,
    streamIdentifier: 1,
    headers: [{ name: ':method', value: 'GET', representation: 'indexed' }],
    headerBlockFragment: '82',
  });
  expect(renderJson(settings!)).toMatchObject({
    settings: [{ identifier: 3, name: 'SETTINGS_MAX_CONCURRENT_STREAMS', value: 100 }],
  });
});

it('accounts for every byte of every frame exactly once', () => {
  const random = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => (index * 37 + size) & 0xff));
  const frames: Buffer[] = [];
  // Every type with every flag that changes the layout, and payloads of any length: valid ones and broken ones.
  for (let type = 0; type <= 0x11; type++) {
    for (const flags of [0, 1, 4, 8, 0x20, 0x2c, 0x2d]) {
      for (const size of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 40])
        frames.push(frame(type, flags, type % 2, random(size)));
    }
  }
  const descriptions = describeClientFrames(frames);
  expect(descriptions.length).toBe(frames.length);
  for (const description of descriptions)
    expect(uncovered(description), JSON.stringify(renderJson(description))).toEqual([]);
});

/** Offsets that no item accounts for, or more than one. */
function uncovered({ offset, length, items }: Description): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const item of items) {
    if (item.kind === 'error' || !item.span) continue;
    for (let at = 0; at < item.span.length; at++) counts[item.span.offset - offset + at]!++;
  }
  return counts.flatMap((count, index) => (count === 1 ? [] : [offset + index]));
}
