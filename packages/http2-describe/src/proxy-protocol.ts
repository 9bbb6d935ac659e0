/**
 * @module
 * The header of the PROXY protocol, version 1 or 2, that a load balancer puts in front of a connection.
 *
 * @see https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 */
import { comparePrefix } from './connection-preface.js';
import { ItemList, type JsonValue } from './description.js';
import { DescribeError } from './errors.js';
import { hex } from './hexdump.js';
import { bytesLiteral } from './python-literal.js';
import { describeVersion2 } from './proxy-protocol-v2.js';

const version1Start = Buffer.from('PROXY ', 'latin1');
const version2Signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** Section 2.1: with its line end. */
const longestVersion1 = 107;
const version2FixedLength = 16;

export type ProxyHeaderVersion = 1 | 2;

/** Which version these bytes begin; 'so far' when there are too few to say, null when neither. */
export function proxyHeaderVersion(bytes: Buffer): ProxyHeaderVersion | 'so far' | null {
  const version1 = comparePrefix(bytes, version1Start);
  const version2 = comparePrefix(bytes, version2Signature);
  if (version1 === 'whole') return 1;
  if (version2 === 'whole') return 2;
  return version1 === 'so far' || version2 === 'so far' ? 'so far' : null;
}

/** How many bytes the header has; null when there are too few to say. Throws when it cannot be one. */
export function proxyHeaderLength(bytes: Buffer, version: ProxyHeaderVersion, offset: number): number | null {
  if (version === 2) return bytes.length < version2FixedLength ? null : version2FixedLength + bytes.readUInt16BE(14);
  const end = bytes.subarray(0, longestVersion1).indexOf('\r\n', 0, 'latin1');
  if (end >= 0) return end + 2;
  if (bytes.length < longestVersion1) return null;
  const reason = `there is no end of line in its first ${longestVersion1} bytes`;
  throw new DescribeError('H2_DESCRIBE_BAD_PROXY_HEADER', offset, 'Proxy Protocol Header', reason);
}

/** `header` is the whole header. */
export function describeProxyHeader(header: Buffer, version: ProxyHeaderVersion, offset: number): ItemList {
  const out = new ItemList();
  const span = { offset, length: header.length };
  if (version === 1) {
    const values: Record<string, JsonValue> = { proxyProtocolVersion: 1 };
    const error = parseVersion1(header.toString('latin1'), values);
    out.block('Proxy Protocol Header', [bytesLiteral(header)], values, span);
    out.hexdump('Proxy Protocol Header', header, null, offset);
    if (error !== null)
      out.error(new DescribeError('H2_DESCRIBE_BAD_PROXY_HEADER', offset, 'Proxy Protocol Header', error));
    return out;
  }
  out.field(
    'Proxy Protocol Signature',
    hex(header.subarray(0, 12)),
    { proxyProtocolVersion: 2 },
    { offset, length: 12 },
  );
  describeVersion2(header, offset, out);
  out.hexdump('Proxy Protocol Header', header, null, offset);
  return out;
}

/** `PROXY TCP4 198.51.100.22 203.0.113.7 35646 80`; returns what is wrong with it. */
function parseVersion1(line: string, values: Record<string, JsonValue>): string | null {
  const [, family, source, destination, sourcePort, destinationPort, ...more] = line.trimEnd().split(' ');
  values.family = family ?? '';
  if (family === 'UNKNOWN') return null;
  if (family !== 'TCP4' && family !== 'TCP6') return `${family} is neither TCP4 nor TCP6 nor UNKNOWN`;
  const ports = [sourcePort, destinationPort].map((port) => (/^\d{1,5}$/.test(port ?? '') ? Number(port) : NaN));
  if (!source || !destination || more.length > 0 || ports.some((port) => !(port <= 65535))) {
    return 'it is not two addresses and two ports';
  }
  Object.assign(values, { source, destination, sourcePort: ports[0]!, destinationPort: ports[1]! });
  return null;
}
