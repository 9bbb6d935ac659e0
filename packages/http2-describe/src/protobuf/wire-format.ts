/**
 * @module
 * The wire format of protobuf: the fields of one message by number, without knowing what they mean.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

export type WireField = { number: number; at: number } & (
  | { wire: 'varint'; value: bigint }
  | { wire: 'fixed64' | 'fixed32'; bytes: Buffer }
  | { wire: 'bytes'; bytes: Buffer }
  | { wire: 'group'; fields: WireField[] }
);

export interface WireMessage {
  fields: WireField[];
  /** Where in the message and why reading stopped. */
  error?: { at: number; reason: string };
}

class WireFault extends Error {
  constructor(
    readonly at: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** How deep groups may stand in each other; protobuf's own parsers stop at 100 too. */
export const deepestNesting = 100;

/** How many more fields may be read of one message, inner ones and guesses included: each costs far more than its bytes. */
export interface FieldBudget {
  left: number;
}

export function readWireMessage(bytes: Buffer, budget: FieldBudget): WireMessage {
  const reader = { bytes, at: 0, budget };
  const fields: WireField[] = [];
  try {
    readFields(reader, fields, null, 0);
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return { fields, error: { at: error.at, reason: error.reason } };
  }
  return { fields };
}

interface Reader {
  bytes: Buffer;
  at: number;
  budget: FieldBudget;
}

/** Reads to the end of the message, or of the group with the number `group`. */
function readFields(reader: Reader, fields: WireField[], group: number | null, depth: number): void {
  while (reader.at < reader.bytes.length) {
    const at = reader.at;
    if (reader.budget.left-- <= 0) throw new WireFault(at, 'it has more fields than are shown');
    const tag = readVarint(reader, 'a tag');
    const number = Number(tag >> 3n);
    if (tag > 0xffffffffn || number === 0) throw new WireFault(at, `${tag} is no tag of a field`);
    switch (Number(tag & 7n)) {
      case 0:
        fields.push({ number, at, wire: 'varint', value: readVarint(reader, `field ${number}`) });
        break;
      case 1:
        fields.push({ number, at, wire: 'fixed64', bytes: readBytes(reader, 8, number) });
        break;
      case 2: {
        const length = readVarint(reader, `the length of field ${number}`);
        fields.push({ number, at, wire: 'bytes', bytes: readBytes(reader, length, number) });
        break;
      }
      case 3: {
        if (depth >= deepestNesting) throw new WireFault(at, `groups are nested deeper than ${deepestNesting}`);
        const inner: WireField[] = [];
        fields.push({ number, at, wire: 'group', fields: inner });
        readFields(reader, inner, number, depth + 1);
        break;
      }
      case 4:
        if (number === group) return;
        throw new WireFault(at, `the end of group ${number} does not match`);
      case 5:
        fields.push({ number, at, wire: 'fixed32', bytes: readBytes(reader, 4, number) });
        break;
      default:
        throw new WireFault(at, `wire type ${tag & 7n} of field ${number} does not exist`);
    }
  }
  if (group !== null) throw new WireFault(reader.at, `group ${group} does not end`);
}

function readVarint(reader: Reader, what: string): bigint {
  const start = reader.at;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new WireFault(start, `the message ends inside ${what}`);
    value |= BigInt(byte & 0x7f) << shift;
    if ((byte & 0x80) === 0) return BigInt.asUintN(64, value);
  }
  throw new WireFault(start, `${what} is longer than ten bytes`);
}

function readBytes(reader: Reader, length: number | bigint, number: number): Buffer {
  const available = reader.bytes.length - reader.at;
  if (length > available) {
    throw new WireFault(reader.at, `field ${number} has ${length} bytes, but the message has ${available} more`);
  }
  const bytes = reader.bytes.subarray(reader.at, reader.at + Number(length));
  reader.at += Number(length);
  return bytes;
}

/** Packed numbers: all of a field's bytes, one after another. */
export function readPacked(
  bytes: Buffer,
  wire: 'varint' | 'fixed64' | 'fixed32',
  number: number,
  budget: FieldBudget,
): WireField[] | null {
  const reader = { bytes, at: 0, budget };
  const fields: WireField[] = [];
  try {
    while (reader.at < bytes.length) {
      const at = reader.at;
      if (budget.left-- <= 0) return null;
      if (wire === 'varint') fields.push({ number, at, wire, value: readVarint(reader, 'a packed number') });
      else fields.push({ number, at, wire, bytes: readBytes(reader, wire === 'fixed64' ? 8 : 4, number) });
    }
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    // Not packed numbers after all: shown as the bytes they are.
    return null;
  }
  return fields;
}
