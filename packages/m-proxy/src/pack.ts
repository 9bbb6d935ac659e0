/**
 * @module
 * Builds messages. Reading them is the unpacker's.
 */
import type { Address } from './address.js';
import { MProxyError } from './errors.js';
import { versionByte, type ServiceEvent } from './frame.js';
import { serializeHeader } from './header.js';

/** Bytes go as they are; any other value goes as its JSON. */
export type PackData = Uint8Array | ArrayBuffer | object | string | number | boolean | null | undefined;

const encoder = new TextEncoder();
const space = new Uint8Array([0x20]);
const nothing = new Uint8Array(0);

/**
 * The message with its data. Data that is missing or empty becomes one space: what the first implementations send, as
 * they never tell a message whose data is empty from one that has not come yet. `packMessage` sends it empty.
 *
 * @param service the event of this message, or the service where it differs from the address's. The address is not changed.
 * @throws MProxyError M_PROXY_COMMA_IN_FIELD, M_PROXY_HEADER_TOO_LONG, M_PROXY_BAD_DATA
 * @example socket.write(pack({ family: 'IPv4', address: '127.0.1.1', port: 4321, service: 'https' }, bytes));
 */
export function pack(address: Partial<Address> | null, data?: PackData, service?: ServiceEvent | string): Uint8Array {
  return packHeader(address, data, service, true, true);
}

/** The message with its data, where none is none. */
export function packMessage(
  address: Partial<Address> | null,
  data?: PackData,
  service?: ServiceEvent | string,
): Uint8Array {
  return packHeader(address, data, service, true, false);
}

/**
 * The header alone: `data` only tells its length, and is to be sent right after.
 *
 * @param andBody appends the data.
 * @param oldWays sends missing and empty data as one space.
 */
export function packHeader(
  address: Partial<Address> | null,
  data?: PackData,
  service?: ServiceEvent | string,
  andBody = false,
  oldWays = false,
): Uint8Array {
  let bytes = toBytes(data);
  if (oldWays && bytes.byteLength === 0) {
    bytes = space;
  }
  const header = serializeHeader(fieldsOf(address ?? {}, bytes.byteLength, service));
  const message = new Uint8Array(2 + header.byteLength + (andBody ? bytes.byteLength : 0));
  message[0] = versionByte;
  message[1] = header.byteLength;
  message.set(header, 2);
  if (andBody) {
    message.set(bytes, 2 + header.byteLength);
  }
  return message;
}

function fieldsOf(address: Partial<Address>, length: number, service: string | undefined): string[] {
  if (service === 'control') {
    return ['', '', '', String(length), service];
  }
  const client = [text(address.family), text(address.address), text(address.port), String(length)];
  // A service port of 0 is none.
  const optional = [text(address.serviceport || ''), text(address.name || '')];
  return service === 'connection'
    ? [...client, service, ...optional, text(address.service || '')]
    : [...client, text(service || address.service || ''), ...optional];
}

function text(value: unknown): string {
  return value == null ? '' : String(value);
}

function toBytes(data: PackData): Uint8Array {
  if (data instanceof Uint8Array) {
    return data;
  }
  if (data instanceof ArrayBuffer) {
    return new Uint8Array(data);
  }
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  if (!data) {
    return nothing;
  }
  try {
    const json = JSON.stringify(data) as string | undefined;
    if (json !== undefined) {
      return encoder.encode(json);
    }
  } catch (cause) {
    throw new MProxyError('M_PROXY_BAD_DATA', 'Failed to pack data: it is neither bytes nor JSON.', {
      field: 'data',
      cause,
    });
  }
  throw new MProxyError('M_PROXY_BAD_DATA', `Failed to pack data: a ${typeof data} has no JSON.`, { field: 'data' });
}
