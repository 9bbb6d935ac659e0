import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import {
  bytesOf,
  codesIn,
  describeClientFrames,
  errorsIn,
  frame,
  grpcMessage,
  plainHeaders,
  textOf,
} from '../frames.test-support.js';
import { renderJson } from '../render-json.js';

const alice = bytesOf('0a 05 41 6c 69 63 65');

function describeData(data: Buffer[], headers: Record<string, string> = {}, endsStream = false, limits = {}) {
  const request = plainHeaders({ ':path': '/a.B/C', 'content-type': 'application/grpc+proto', ...headers });
  const frames = data.map((bytes, index) => frame(0, endsStream && index === data.length - 1 ? 1 : 0, 1, bytes));
  return describeClientFrames([frame(1, 4, 1, request), ...frames], { limits }).slice(1);
}

it('decodes by field numbers without a schema, several messages in a frame', () => {
  const [description] = describeData([
    Buffer.concat([grpcMessage(alice), grpcMessage(Buffer.alloc(0)), grpcMessage(bytesOf('10 96 01'))]),
  ]);
  expect(textOf(description).split('\n').slice(4).join('\n')).toBe(`gRPC Compressed Flag = 0 (00)
Protobuf Length = 7 (00 00 00 07)
Protobuf Message =
   1: "Alice"
Hexdump (Protobuf Message) =
   0a 05 41 6c 69 63 65
gRPC Compressed Flag = 0 (00)
Protobuf Length = 0 (00 00 00 00)
gRPC Compressed Flag = 0 (00)
Protobuf Length = 3 (00 00 00 03)
Protobuf Message =
   2: 150
Hexdump (Protobuf Message) =
   10 96 01
`);
  expect(renderJson(description!).grpcMessages).toEqual([
    { flag: 0, length: 7, bytes: alice.toString('hex'), fields: [{ number: 1, wire: 'bytes', value: 'Alice' }] },
    { flag: 0, length: 0, bytes: '' },
    { flag: 0, length: 3, bytes: '109601', fields: [{ number: 2, wire: 'varint', value: '150' }] },
  ]);
});

it('puts a message together that runs over frames, prefix and all', () => {
  const bytes = grpcMessage(alice);
  const [first, second, third] = describeData([bytes.subarray(0, 2), bytes.subarray(2, 8), bytes.subarray(8)]);
  expect(textOf(first)).toContain('gRPC Message Prefix = 2 of 5 bytes (00 00)\n');
  expect(textOf(second)).toContain(
    'gRPC Message Prefix = 5 of 5 bytes (00 00 07)\ngRPC Compressed Flag = 0 (00)\nProtobuf Length = 7 (00 00 00 07)\nProtobuf Message Fragment = bytes 0 to 2 of 7\nHexdump (Protobuf Message Fragment) =\n   0a 05 41\n',
  );
  expect(textOf(third)).toContain(
    'Protobuf Message Fragment = bytes 3 to 6 of 7\nHexdump (Protobuf Message Fragment) =\n   6c 69 63 65\nProtobuf Message =\n   1: "Alice"\n',
  );
});

it.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('decompresses %s', (encoding, compress) => {
  const [description] = describeData([grpcMessage(compress(alice), 1)], { 'grpc-encoding': encoding });
  expect(textOf(description)).toContain('gRPC Compressed Flag = 1 (01)');
  expect(textOf(description)).toContain('Hexdump (Compressed Protobuf Message) =');
  expect(textOf(description)).toContain(
    'decompressed to 7\nProtobuf Message =\n   1: "Alice"\nHexdump (Protobuf Message) =\n   0a 05 41 6c 69 63 65\n',
  );
});

it.each([
  ['a flag that does not exist', grpcMessage(alice, 4), {}, 'gRPC Compressed Flag', /neither 0 nor 1/],
  [
    'compression that was not announced',
    grpcMessage(alice, 1),
    {},
    'Protobuf Message',
    /no grpc-encoding was announced/,
  ],
  [
    'compression that is not known',
    grpcMessage(alice, 1),
    { 'grpc-encoding': 'constructor' },
    'Protobuf Message',
    /constructor is not known/,
  ],
  [
    'bytes that are not gzip',
    grpcMessage(alice, 1),
    { 'grpc-encoding': 'gzip' },
    'Protobuf Message',
    /incorrect header check/,
  ],
  [
    'a bomb',
    grpcMessage(gzipSync(Buffer.alloc(1 << 20)), 1),
    { 'grpc-encoding': 'gzip' },
    'Protobuf Message',
    /over the limit of 65536/,
  ],
])('tells of %s', (_, bytes, headers, field, message) => {
  const errors = errorsIn(describeData([bytes], headers, false, { message: 65536 }));
  expect(errors).toMatchObject([{ code: 'H2_DESCRIBE_BAD_GRPC', field }]);
  expect(errors[0]!.message).toMatch(message);
});

it('tells when the stream ends inside a message', () => {
  expect(errorsIn(describeData([grpcMessage(alice).subarray(0, 8)], {}, true))).toMatchObject([
    { code: 'H2_DESCRIBE_BAD_GRPC', message: 'the stream ended, and 4 bytes of a message are missing' },
  ]);
});

it('shows the parts of a message over the limit, but keeps none of them', () => {
  const descriptions = describeData([bytesOf('00 00 01 00 00'), Buffer.alloc(600), Buffer.alloc(600)], {}, false, {
    message: 1000,
  });
  expect(codesIn(descriptions)).toEqual(['H2_DESCRIBE_LIMIT']);
  expect(textOf(descriptions[2])).toContain('Protobuf Message Fragment = bytes 600 to 1199 of 65536');
});

it('shows JSON messages and the trailers of gRPC-Web as what they are', () => {
  const json = describeData([grpcMessage(Buffer.from('{}'))], { 'content-type': 'application/grpc+json' });
  expect(textOf(json[0])).toContain("Message =\n   b'{}'\n");
  const web = describeData([grpcMessage(Buffer.from('grpc-status: 0\r\n'), 0x80)], {
    'content-type': 'application/grpc-web+proto',
  });
  expect(textOf(web[0])).toContain("gRPC-Web Trailers =\n   b'grpc-status: 0\\r\\n'\n");
  expect(codesIn(web)).toEqual([]);
});

it('shows so many messages of a frame, and the rest of the stream as bytes', () => {
  const [first, second] = describeData([Buffer.alloc(3000 * 5), grpcMessage(alice)]);
  expect(textOf(first).match(/^Protobuf Length = /gm)!.length).toBe(2000);
  expect(codesIn([first!])).toEqual(['H2_DESCRIBE_LIMIT']);
  expect(textOf(second)).toContain('Frame Payload =\n');
});
