/**
 * @module
 * The header's text: fields joined by commas, which has no escape, so that a field with a comma cannot be carried.
 */
import { MProxyError, type MessageField } from './errors.js';
import { headerFields, maxHeaderLength } from './frame.js';

/** The header of one message as it was on the wire; fields after the data's length may be missing. */
export interface Header {
  family: string;
  address: string;
  port: string;
  datalen: number;
  /** The fifth field: the service, or the name of an event. */
  event: string | undefined;
  /** The client's service: the fifth field, of a `connection` the eighth. */
  service: string | undefined;
  serviceport: string | undefined;
  name: string | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws MProxyError M_PROXY_COMMA_IN_FIELD, M_PROXY_HEADER_TOO_LONG */
export function serializeHeader(fields: readonly string[]): Uint8Array {
  fields.forEach((value, index) => {
    if (value.includes(',')) {
      const field = fieldName(index);
      throw new MProxyError(
        'M_PROXY_COMMA_IN_FIELD',
        `Failed to pack the ${field} ${JSON.stringify(value)}: commas separate the fields of a header.`,
        { field },
      );
    }
  });
  const header = encoder.encode(fields.join(','));
  if (header.byteLength > maxHeaderLength) {
    throw new MProxyError(
      'M_PROXY_HEADER_TOO_LONG',
      `Failed to pack a header of ${header.byteLength} bytes: its length is one byte, at most ${maxHeaderLength}.`,
      { field: 'headerLength' },
    );
  }
  return header;
}

/**
 * @param offset where in the stream the header begins; errors count from there.
 * @throws MProxyError M_PROXY_BAD_HEADER, M_PROXY_BAD_LENGTH, M_PROXY_COMMA_IN_FIELD
 */
export function parseHeader(bytes: Uint8Array, offset: number): Header {
  const fields = decodeText(bytes, offset).split(',');
  if (fields.length < 4) {
    const field = fieldName(fields.length);
    throw new MProxyError(
      'M_PROXY_BAD_HEADER',
      `Failed to read a header at byte ${offset}: it has no ${field}, only ${fields.length} of 4 fields.`,
      { offset: offset + bytes.byteLength, field },
    );
  }
  const [family = '', address = '', port = '', length = '', event, serviceport, name, service] = fields;
  const most = event === 'connection' ? headerFields.length + 1 : headerFields.length;
  if (fields.length > most) {
    throw new MProxyError(
      'M_PROXY_COMMA_IN_FIELD',
      `Failed to read a header at byte ${offset}: it has ${fields.length} fields, at most ${most} have a meaning.`,
      { offset: offset + fieldOffset(fields, most), field: fieldName(most - 1) },
    );
  }
  // Enough digits for any safe integer; "1e3", "0x10", "-1" and " 1" are not lengths.
  if (!/^\d{1,15}$/.test(length)) {
    const at = offset + fieldOffset(fields, 3);
    throw new MProxyError(
      'M_PROXY_BAD_LENGTH',
      `Failed to read the data's length ${JSON.stringify(length)} at byte ${at}: it is no decimal number.`,
      { offset: at, field: 'datalen' },
    );
  }
  return {
    family,
    address,
    port,
    datalen: Number(length),
    event,
    service: event === 'connection' ? service : event,
    serviceport,
    name,
  };
}

function decodeText(bytes: Uint8Array, offset: number): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MProxyError('M_PROXY_BAD_HEADER', `Failed to read the header at byte ${offset}: it is not UTF-8.`, {
      offset,
      field: 'family',
      cause,
    });
  }
}

/** The eighth field is the service of a connection. */
function fieldName(index: number): MessageField {
  return headerFields[index] ?? 'service';
}

function fieldOffset(fields: readonly string[], index: number): number {
  return fields.slice(0, index).reduce((sum, field) => sum + encoder.encode(field).byteLength + 1, 0);
}
