/**
 * @module
 * What the unpacker hands out: the message of each event, made of a header and its data.
 */
import type { Header } from './header.js';

/** A message of a client. Ports are text, as on the wire. */
export interface Message {
  family: string;
  address: string;
  port: string;
  /** Missing where the header ends before it. */
  service: string | undefined;
  serviceport: string | undefined;
  name: string | undefined;
  /** Undefined when the message has no data. May be a view of the chunk it came in: copy it to keep it. */
  data: Uint8Array | undefined;
}

/** An error of a client. What else the JSON of the message had is there too. */
export interface ErrorMessage extends Message {
  message: unknown;
  code: unknown;
  [key: string]: unknown;
}

const decoder = new TextDecoder();

export function toMessage(header: Header, data: Uint8Array | undefined): Message {
  const { family, address, port, service, serviceport, name } = header;
  return { family, address, port, service, serviceport, name, data };
}

/** The JSON object in the data, with the fields of the header over its own. */
export function toErrorMessage(header: Header, data: Uint8Array | undefined): ErrorMessage {
  return { ...parseErrorData(data), ...toMessage(header, data) };
}

function parseErrorData(data: Uint8Array | undefined): { message: unknown; code: unknown } {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(data));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as { message: unknown; code: unknown };
    }
  } catch {
    // Not JSON: told below, in the same words as JSON that is no object.
  }
  // The form that users of the first implementation know, whose data is a Buffer.
  const shown = data && { type: 'Buffer', data: Array.from(data) };
  return { message: `e:${JSON.stringify(shown)}`, code: 'E_UNKNOWN_ERR' };
}
