/**
 * @module
 * Numbers, booleans and enums of protobuf: which wire type each is sent as, and its value in words.
 */
import type { FieldType } from './schema.js';
import type { WireField } from './wire-format.js';

export const scalarKinds: Record<string, 'varint' | 'fixed64' | 'fixed32'> = {
  int32: 'varint',
  int64: 'varint',
  uint32: 'varint',
  uint64: 'varint',
  sint32: 'varint',
  sint64: 'varint',
  bool: 'varint',
  enum: 'varint',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  double: 'fixed64',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  float: 'fixed32',
};

export function scalarValue(field: WireField, type: FieldType): string {
  if (field.wire === 'varint') return varintValue(field.value, type);
  if (field.wire !== 'fixed64' && field.wire !== 'fixed32') return '';
  const { bytes } = field;
  switch (type.type) {
    case 'double':
      return numberText(bytes.readDoubleLE());
    case 'float':
      // The shortest decimal that is the same float again.
      return numberText(shortestFloat(bytes.readFloatLE()));
    case 'fixed64':
      return bytes.readBigUInt64LE().toString();
    case 'sfixed64':
      return bytes.readBigInt64LE().toString();
    case 'sfixed32':
      return bytes.readInt32LE().toString();
    default:
      return bytes.readUInt32LE().toString();
  }
}

function varintValue(value: bigint, type: FieldType): string {
  switch (type.type) {
    case 'bool':
      return value === 0n ? 'false' : 'true';
    case 'int32':
      return BigInt.asIntN(32, value).toString();
    case 'uint32':
      return BigInt.asUintN(32, value).toString();
    case 'int64':
      return BigInt.asIntN(64, value).toString();
    case 'sint32':
      return zigzag(BigInt.asUintN(32, value)).toString();
    case 'sint64':
      return zigzag(value).toString();
    case 'enum': {
      const number = Number(BigInt.asIntN(32, value));
      return type.enumValueName(number) ?? String(number);
    }
    default:
      return value.toString();
  }
}

function zigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

function shortestFloat(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
