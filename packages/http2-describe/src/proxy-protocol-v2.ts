/**
 * @module
 * The binary header of the PROXY protocol (its section 2.2): addresses and TLVs.
 */
import { type ItemList, type JsonValue } from './description.js';
import { DescribeError } from './errors.js';
import { hex } from './hexdump.js';
import { bytesLiteral } from './python-literal.js';

const commands: Record<number, string> = { 0x0: 'LOCAL', 0x1: 'PROXY' };
const families: Record<number, { name: string; addressLength: number }> = {
  0x0: { name: 'AF_UNSPEC', addressLength: 0 },
  0x1: { name: 'AF_INET', addressLength: 4 },
  0x2: { name: 'AF_INET6', addressLength: 16 },
  0x3: { name: 'AF_UNIX', addressLength: 108 },
};
const transports: Record<number, string> = { 0x0: 'UNSPEC', 0x1: 'STREAM', 0x2: 'DGRAM' };
const tlvNames: Record<number, string> = {
  0x01: 'PP2_TYPE_ALPN',
  0x02: 'PP2_TYPE_AUTHORITY',
  0x03: 'PP2_TYPE_CRC32C',
  0x04: 'PP2_TYPE_NOOP',
  0x05: 'PP2_TYPE_UNIQUE_ID',
  0x20: 'PP2_TYPE_SSL',
  0x30: 'PP2_TYPE_NETNS',
  0xea: 'PP2_TYPE_AWS',
};

/** Adds what follows the signature. */
export function describeVersion2(header: Buffer, offset: number, out: ItemList): void {
  const fail = (at: number, field: string, reason: string) =>
    out.error(new DescribeError('H2_DESCRIBE_BAD_PROXY_HEADER', offset + at, field, reason));
  const part = (at: number, length: number) => ({
    bytes: header.subarray(at, at + length),
    span: { offset: offset + at, length },
  });

  const first = part(12, 1);
  const version = header[12]! >> 4;
  const command = commands[header[12]! & 0xf] ?? 'UNKNOWN';
  out.field('Version', `${version}, Command = ${command} (${hex(first.bytes)})`, { command }, first.span);
  if (version !== 2) fail(12, 'Version', `${version} is not 2`);
  const second = part(13, 1);
  const family = families[header[13]! >> 4];
  const transport = transports[header[13]! & 0xf] ?? 'UNKNOWN';
  const familyName = family?.name ?? 'UNKNOWN';
  out.field(
    'Address Family',
    `${familyName}, Transport Protocol = ${transport} (${hex(second.bytes)})`,
    { family: familyName, transport },
    second.span,
  );
  const lengthPart = part(14, 2);
  out.field('Length', `${header.readUInt16BE(14)} (${hex(lengthPart.bytes)})`, {}, lengthPart.span);

  let at = 16;
  if (family !== undefined && family.addressLength > 0) {
    const portsLength = familyName === 'AF_UNIX' ? 0 : 4;
    const needed = family.addressLength * 2 + portsLength;
    if (header.length - at < needed) {
      fail(at, 'Source Address', `${familyName} has ${needed} bytes of addresses, but ${header.length - at} are left`);
      return;
    }
    at = describeAddresses(familyName, family.addressLength, at, part, out);
  } else if (family === undefined) {
    fail(13, 'Address Family', 'it is not known, so neither is what follows');
    return;
  }
  describeTlvs(header, at, part, out, fail);
}

type Part = (at: number, length: number) => { bytes: Buffer; span: { offset: number; length: number } };

function describeAddresses(family: string, length: number, start: number, part: Part, out: ItemList): number {
  let at = start;
  for (const [label, key] of [
    ['Source Address', 'source'],
    ['Destination Address', 'destination'],
  ] as const) {
    const { bytes, span } = part(at, length);
    const address = addressText(family, bytes);
    out.field(label, `${address} (${hex(bytes)})`, { [key]: address }, span);
    at += length;
  }
  if (family === 'AF_UNIX') return at;
  for (const [label, key] of [
    ['Source Port', 'sourcePort'],
    ['Destination Port', 'destinationPort'],
  ] as const) {
    const { bytes, span } = part(at, 2);
    out.field(label, `${bytes.readUInt16BE()} (${hex(bytes)})`, { [key]: bytes.readUInt16BE() }, span);
    at += 2;
  }
  return at;
}

function addressText(family: string, bytes: Buffer): string {
  if (family === 'AF_INET') return bytes.join('.');
  if (family === 'AF_UNIX') return bytes.toString('latin1').replace(/\0.*$/s, '');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function describeTlvs(
  header: Buffer,
  start: number,
  part: Part,
  out: ItemList,
  fail: (at: number, field: string, reason: string) => void,
): void {
  const tlvs: JsonValue[] = [];
  let at = start;
  while (at < header.length) {
    const left = header.length - at;
    const length = left < 3 ? 0 : header.readUInt16BE(at + 1);
    if (left < 3 || left - 3 < length) {
      fail(at, 'TLV', `it has ${length + 3} bytes, but ${left} are left`);
      return;
    }
    const { bytes, span } = part(at, 3 + length);
    const type = bytes[0]!;
    const name = tlvNames[type] ?? 'UNKNOWN';
    const value = bytes.subarray(3);
    out.field(
      `TLV ${name}:0x${type.toString(16)}`,
      `${bytesLiteral(value)} (${hex(bytes.subarray(0, 1))} | ${hex(bytes.subarray(1, 3))} | ${hex(value)})`,
      { tlvs },
      span,
    );
    tlvs.push({ type, name, value: value.toString('hex') });
    at += bytes.length;
  }
}
