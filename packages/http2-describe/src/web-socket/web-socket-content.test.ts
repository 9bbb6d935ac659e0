import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ConnectionDescriber } from '../connection-describer.js';
import {
  bytesOf,
  codesIn,
  connectionPreface,
  emptySettings,
  errorsIn,
  frame,
  plainHeaders,
  textOf,
} from '../frames.test-support.js';
import { renderJson } from '../render-json.js';

/** A connection whose stream 1 is a WebSocket. */
function openWebSocket(extensions = '') {
  const connection = new ConnectionDescriber();
  const request = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' };
  const response = { ':status': '200', ...(extensions !== '' && { 'sec-websocket-extensions': extensions }) };
  connection.describe(
    Buffer.concat([connectionPreface, emptySettings, frame(1, 4, 1, plainHeaders(request))]),
    'client',
  );
  connection.describe(Buffer.concat([emptySettings, frame(1, 4, 1, plainHeaders(response))]), 'server');
  return {
    client: (data: Buffer, flags = 0) => connection.describe(frame(0, flags, 1, data), 'client')[0]!,
    server: (data: Buffer, flags = 0) => connection.describe(frame(0, flags, 1, data), 'server')[0]!,
  };
}

it('unmasks the frames of a client', () => {
  // RFC 6455 section 5.7: a masked text message of "Hello".
  const description = openWebSocket().client(bytesOf('81 85 37 fa 21 3d 7f 9f 4d 51 58'));
  expect(textOf(description).split('\n').slice(4).join('\n'))
    .toBe(`WebSocket Frame = FIN | TEXT:0x1, Length = 5, Mask = 37 fa 21 3d (81 85 37 fa 21 3d)
Hexdump (Masked WebSocket Payload) =
   7f 9f 4d 51 58
Hexdump (WebSocket Payload) =
   48 65 6c 6c 6f
WebSocket Message (TEXT) =
   'Hello'
`);
  expect(renderJson(description).webSocketFrames).toEqual([
    { opcode: 'TEXT', isFinal: true, bits: ['FIN'], length: 5, payload: '48656c6c6f', message: 'Hello' },
  ]);
});

it('puts fragments together around a control frame, and frames over DATA frames', () => {
  const { server } = openWebSocket();
  const bytes = bytesOf('01 03 48 65 6c 89 01 21 80 02 6c 6f 88 05 03 e8 62 79 65');
  const texts = [server(bytes.subarray(0, 1)), server(bytes.subarray(1, 4)), server(bytes.subarray(4))].map(textOf);
  expect(texts[0]).toContain('WebSocket Frame Header = 1 of at least 2 bytes (01)\n');
  expect(texts[1]).toContain('WebSocket Frame = TEXT:0x1, Length = 3 (03)\nHexdump (WebSocket Payload) =\n   48 65\n');
  expect(texts[2]).toContain('WebSocket Frame = TEXT, continued\n');
  expect(texts[2]).toContain('WebSocket Frame = FIN | PING:0x9, Length = 1 (89 01)');
  expect(texts[2]).toContain("WebSocket Message (TEXT) =\n   'Hello'\n");
  expect(texts[2]).toContain("WebSocket Close Code = 1000, Reason = 'bye'\n");
});

it('reads lengths of two and of eight bytes', () => {
  const { server } = openWebSocket();
  expect(textOf(server(Buffer.concat([bytesOf('82 7e 01 00'), Buffer.alloc(256)])))).toContain(
    'FIN | BINARY:0x2, Length = 256 (82 7e 01 00)',
  );
  expect(textOf(server(bytesOf('82 7f 00 00 00 00 00 00 00 01 61')))).toContain(
    'Length = 1 (82 7f 00 00 00 00 00 00 00 01)',
  );
});

it('inflates messages, each with those before it as context', async () => {
  const { server } = openWebSocket('permessage-deflate');
  const deflate = createDeflateRaw();
  const compress = (text: string) =>
    new Promise<Buffer>((resolve) => {
      deflate.write(text);
      deflate.flush(constants.Z_SYNC_FLUSH, () => resolve((deflate.read() as Buffer).subarray(0, -4)));
    });
  for (const text of ['the same words', 'the same words again', 'the same words again']) {
    const bytes = await compress(text);
    expect(textOf(server(Buffer.concat([Buffer.from([0xc1, bytes.length]), bytes])))).toContain(
      `inflated to ${text.length} bytes) =\n   '${text}'\n`,
    );
  }
});

it.each([
  ['a client that does not mask', 'client', '81 01 61', /a client masks/],
  ['a server that masks', 'server', '81 81 00 00 00 00 61', /a server does not mask/],
  ['a fragmented control frame', 'server', '09 00', /control frame/],
  ['a continuation of nothing', 'server', '80 00', /no message to continue/],
  ['text that is not UTF-8', 'server', '81 01 ff', /a text message is UTF-8/],
  ['compression that was not agreed on', 'server', 'c1 01 00', /no permessage-deflate/],
  ['a close code of one byte', 'server', '88 01 03', /a close code has two bytes/],
] as const)('tells of %s', (_, direction, hex, message) => {
  const errors = errorsIn([openWebSocket()[direction](bytesOf(hex))]);
  expect(errors).toMatchObject([{ code: 'H2_DESCRIBE_BAD_WEB_SOCKET' }]);
  expect(errors[0]!.message).toMatch(message);
});

it('tells when the stream ends inside a frame, and of a bomb', () => {
  expect(codesIn([openWebSocket().server(bytesOf('81 05 61'), 1)])).toEqual(['H2_DESCRIBE_BAD_WEB_SOCKET']);
  const bomb = deflateRawSync(Buffer.alloc(8 << 20));
  const header = bytesOf('c2 7e 00 00');
  header.writeUInt16BE(bomb.length, 2);
  expect(errorsIn([openWebSocket('permessage-deflate').server(Buffer.concat([header, bomb]))])[0]!.message).toContain(
    'over the limit',
  );
});
