import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { DescribeConfigurationError } from '../errors.js';
import { bytesOf } from '../frames.test-support.js';
import { describeProtobuf } from './describe-protobuf.js';
import { parseSchema } from './schema.js';

const source = `
  syntax = "proto3";
  package t;
  enum Colour { RED = 0; GREEN = 1; }
  message Inner { string some_name = 1; Inner inner = 2; }
  message All {
    int32 a_int32 = 1; int64 a_int64 = 2; uint32 a_uint32 = 3; uint64 a_uint64 = 4; sint32 a_sint32 = 5; sint64 a_sint64 = 6;
    bool a_bool = 7; Colour a_enum = 8; fixed64 a_fixed64 = 9; sfixed64 a_sfixed64 = 10; double a_double = 11;
    fixed32 a_fixed32 = 12; sfixed32 a_sfixed32 = 13; float a_float = 14; string a_string = 15; bytes a_bytes = 16;
    Inner a_message = 17; repeated int32 packed = 18; map<string, Colour> a_map = 19; repeated string many = 20;
  }
`;
const All = parseSchema(source).type('t.All')!;
const encoder = protobuf.parse(source, { keepCase: true }).root.lookupType('t.All');
const linesOf = (values: object) =>
  describeProtobuf(Buffer.from(encoder.encode(encoder.create(values)).finish()), All).lines;

/** A 64-bit number as protobufjs takes it, by its halves. */
const long = (low: number, high: number, unsigned: boolean) => ({ low, high, unsigned });

it.each([
  [{ a_int32: -1 }, ['a_int32: -1']],
  [{ a_int64: long(0, -0x80000000, false) }, ['a_int64: -9223372036854775808']],
  [{ a_uint32: 4294967295 }, ['a_uint32: 4294967295']],
  [{ a_uint64: long(-1, -1, true) }, ['a_uint64: 18446744073709551615']],
  [{ a_sint32: -2147483648 }, ['a_sint32: -2147483648']],
  [{ a_sint64: -3 }, ['a_sint64: -3']],
  [{ a_bool: true }, ['a_bool: true']],
  [{ a_enum: 1 }, ['a_enum: GREEN']],
  [{ a_enum: 7 }, ['a_enum: 7']],
  [{ a_fixed64: 5 }, ['a_fixed64: 5']],
  [{ a_sfixed64: -5 }, ['a_sfixed64: -5']],
  [{ a_double: 0.1 }, ['a_double: 0.1']],
  [{ a_fixed32: 4294967295 }, ['a_fixed32: 4294967295']],
  [{ a_sfixed32: -5 }, ['a_sfixed32: -5']],
  [{ a_float: 0.1 }, ['a_float: 0.1']],
  [{ a_string: 'caf\u00e9 "x"\n' }, ['a_string: "café \\"x\\"\\n"']],
  [{ a_bytes: bytesOf('00 0a 61 ff 5c') }, ['a_bytes: "\\000\\na\\377\\\\"']],
  [
    { a_message: { some_name: 'x', inner: { some_name: 'y' } } },
    ['a_message {', '  some_name: "x"', '  inner {', '    some_name: "y"', '  }', '}'],
  ],
  [{ packed: [1, -2] }, ['packed: 1', 'packed: -2']],
  [{ a_map: { k: 1 } }, ['a_map {', '  key: "k"', '  value: GREEN', '}']],
  [{ many: ['a', ''] }, ['many: "a"', 'many: ""']],
])('describes %j by name', (values, lines) => expect(linesOf(values)).toEqual(lines));

it('falls back to the number for fields that are unknown or of another wire type', () => {
  expect(describeProtobuf(bytesOf('98 06 07 0a 01 78'), All).lines).toEqual(['99: 7', '1: "x"']);
});

it('guesses text, inner messages and bytes without a schema', () => {
  const { lines } = describeProtobuf(
    bytesOf('0a 02 68 69 12 04 0a 02 68 69 1a 02 ff 00 25 01 00 00 00 29 02 00 00 00 00 00 00 00 33 08 01 34'),
    null,
  );
  expect(lines).toEqual([
    '1: "hi"',
    '2 {',
    '  1: "hi"',
    '}',
    '3: "\\377\\000"',
    '4: 0x00000001',
    '5: 0x0000000000000002',
    '6 {',
    '  1: 1',
    '}',
  ]);
});

it.each([
  ['0a 05 61', 2, /has 5 bytes, but the message has 1 more/],
  ['08 80', 1, /ends inside field 1/],
  ['08 ff ff ff ff ff ff ff ff ff ff 01', 1, /longer than ten bytes/],
  ['00', 0, /no tag/],
  ['0e', 0, /wire type 6/],
  ['0c', 0, /end of group 1 does not match/],
  ['0b 08 01', 3, /group 1 does not end/],
  ['0b '.repeat(200), 100, /nested deeper than 100/],
])('tells where %s stops being a message', (hex, at, reason) => {
  const { error } = describeProtobuf(bytesOf(hex), null);
  expect(error?.at).toBe(at);
  expect(error?.reason).toMatch(reason);
});

it('stops at so many fields that describing them would cost more than they are worth', () => {
  const { lines, error } = describeProtobuf(Buffer.alloc(100_000, bytesOf('08 01')), null);
  expect(lines.length).toBe(20_000);
  expect(error?.reason).toBe('it has more fields than are shown');
});

it('refuses a schema that does not parse or names unknown types', () => {
  expect(() => parseSchema('message {')).toThrow(DescribeConfigurationError);
  expect(() => parseSchema('syntax = "proto3"; message A { B b = 1; }')).toThrow(/no such/);
});
