/**
 * @module
 * A protobuf message as text and as JSON, in the order of the wire: by name with a type, by number without, and by number
 * too wherever the bytes are not what the type says.
 */
import type { JsonValue } from '../description.js';
import { utf8Text } from '../text-of-bytes.js';
import { scalarKinds, scalarValue } from './scalar-value.js';
import type { FieldType, MessageType } from './schema.js';
import { quotedBytes, quotedText } from './text-literal.js';
import { deepestNesting, type FieldBudget, readPacked, readWireMessage, type WireField } from './wire-format.js';

export interface ProtobufDescription {
  lines: string[];
  fields: JsonValue[];
  error?: { at: number; reason: string };
}

const mostFields = 20_000;

export function describeProtobuf(bytes: Buffer, type: MessageType | null): ProtobufDescription {
  const budget = { left: mostFields };
  const { fields, error } = readWireMessage(bytes, budget);
  const out: Output = { lines: [], fields: [], budget };
  for (const field of fields) describeField(field, type, out, 0);
  return { lines: out.lines, fields: out.fields, ...(error && { error }) };
}

/** What one message adds to; inner messages share the lines and the budget. */
interface Output {
  lines: string[];
  fields: JsonValue[];
  budget: FieldBudget;
}

function describeField(field: WireField, type: MessageType | null, out: Output, depth: number): void {
  const fieldType = type?.fieldOf(field.number) ?? null;
  if (fieldType !== null && describeTyped(field, fieldType, out, depth)) return;
  const indent = '  '.repeat(depth);
  const name = String(field.number);
  if (field.wire === 'group') {
    describeNested(field.number, name, field.fields, null, out, depth);
    return;
  }
  if (field.wire !== 'bytes') {
    const value = field.wire === 'varint' ? field.value.toString() : bigEndianHex(field.bytes);
    out.lines.push(`${indent}${name}: ${value}`);
    out.fields.push({ number: field.number, wire: field.wire, value });
    return;
  }
  const text = utf8Text(field.bytes);
  // Text is the likeliest meaning of bytes that print; a message nearly always has a byte that does not.
  if (text !== null && !/[\p{C}]/u.test(text)) {
    out.lines.push(`${indent}${name}: ${quotedText(text)}`);
    out.fields.push({ number: field.number, wire: 'bytes', value: text });
    return;
  }
  const inner = depth < deepestNesting ? readWireMessage(field.bytes, out.budget) : null;
  if (inner !== null && inner.error === undefined) {
    describeNested(field.number, name, inner.fields, null, out, depth);
    return;
  }
  out.lines.push(`${indent}${name}: ${quotedBytes(field.bytes)}`);
  out.fields.push({ number: field.number, wire: 'bytes', bytes: field.bytes.toString('hex') });
}

/** False when the wire holds something else than the type allows. */
function describeTyped(field: WireField, type: FieldType, out: Output, depth: number): boolean {
  const indent = '  '.repeat(depth);
  if (type.message !== null) {
    if (depth >= deepestNesting) return false;
    if (field.wire === 'group') {
      describeNested(field.number, type.name, field.fields, type.message, out, depth);
      return true;
    }
    if (field.wire !== 'bytes') return false;
    const inner = readWireMessage(field.bytes, out.budget);
    if (inner.error !== undefined) return false;
    describeNested(field.number, type.name, inner.fields, type.message, out, depth);
    return true;
  }
  if (type.type === 'string' || type.type === 'bytes') {
    if (field.wire !== 'bytes') return false;
    const text = type.type === 'string' ? utf8Text(field.bytes) : null;
    out.lines.push(`${indent}${type.name}: ${text === null ? quotedBytes(field.bytes) : quotedText(text)}`);
    const value: { [key: string]: JsonValue } =
      text === null ? { bytes: field.bytes.toString('hex') } : { value: text };
    out.fields.push({ number: field.number, name: type.name, type: type.type, ...value });
    return true;
  }
  const wire = scalarKinds[type.type];
  if (wire === undefined) return false;
  const isPacked = field.wire === 'bytes' && type.isRepeated;
  const numbers = isPacked
    ? readPacked(field.bytes, wire, field.number, out.budget)
    : field.wire === wire
      ? [field]
      : null;
  if (numbers === null) return false;
  for (const number of numbers) {
    const value = scalarValue(number, type);
    out.lines.push(`${indent}${type.name}: ${value}`);
    out.fields.push({ number: field.number, name: type.name, type: type.type, value });
  }
  return true;
}

function describeNested(
  number: number,
  name: string,
  fields: WireField[],
  type: MessageType | null,
  out: Output,
  depth: number,
): void {
  const indent = '  '.repeat(depth);
  const inner: Output = { ...out, fields: [] };
  out.lines.push(`${indent}${name} {`);
  for (const field of fields) describeField(field, type, inner, depth + 1);
  out.lines.push(`${indent}}`);
  const names: { [key: string]: JsonValue } = name === String(number) ? {} : { name };
  out.fields.push({ number, ...names, ...(type && { type: type.name }), fields: inner.fields });
}

/** The wire has it in little-endian order. */
function bigEndianHex(bytes: Buffer): string {
  return `0x${Buffer.from(bytes).reverse().toString('hex')}`;
}
