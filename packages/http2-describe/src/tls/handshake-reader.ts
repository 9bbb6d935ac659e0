/**
 * @module
 * Puts handshake messages of one direction together, which run across records as they please (RFC 8446 section 4). Only the
 * hellos are kept: of the others the type and length are all that matters here.
 */
import { DescribeError } from '../errors.js';

export const HandshakeType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  finished: 20,
  keyUpdate: 24,
} as const;

const handshakeTypeNames: Record<number, string> = {
  0: 'hello_request',
  [HandshakeType.clientHello]: 'client_hello',
  [HandshakeType.serverHello]: 'server_hello',
  [HandshakeType.newSessionTicket]: 'new_session_ticket',
  [HandshakeType.endOfEarlyData]: 'end_of_early_data',
  8: 'encrypted_extensions',
  11: 'certificate',
  12: 'server_key_exchange',
  13: 'certificate_request',
  14: 'server_hello_done',
  15: 'certificate_verify',
  16: 'client_key_exchange',
  [HandshakeType.finished]: 'finished',
  22: 'certificate_status',
  [HandshakeType.keyUpdate]: 'key_update',
  25: 'compressed_certificate',
};

export function handshakeTypeName(type: number): string {
  return handshakeTypeNames[type] ?? 'UNKNOWN';
}

export interface HandshakeMessage {
  type: number;
  length: number;
  /** Empty where only the type matters. */
  body: Buffer;
  /** Of its body, as far as one record goes: in the record that ends it. */
  offset: number;
}

const headerLength = 4;
/** A hello of more bytes is an attack. */
const longestHello = 64 << 10;

export class HandshakeReader {
  #head = Buffer.alloc(0);
  #body: Buffer[] = [];
  #bodyLength = 0;

  /** Whether a message is begun: keys may only change between messages. */
  get isInMessage(): boolean {
    return this.#head.length > 0;
  }

  /** The messages that these bytes of a record complete. */
  read(content: Buffer, offset: number): HandshakeMessage[] {
    const messages: HandshakeMessage[] = [];
    let at = 0;
    while (at < content.length) {
      if (this.#head.length < headerLength) {
        const more = content.subarray(at, at + headerLength - this.#head.length);
        this.#head = Buffer.concat([this.#head, more]);
        at += more.length;
        if (this.#head.length < headerLength) break;
      }
      const type = this.#head[0]!;
      const length = this.#head.readUIntBE(1, 3);
      const isKept = type === HandshakeType.clientHello || type === HandshakeType.serverHello;
      if (isKept && length > longestHello) {
        const reason = `a hello of ${length} bytes is not read`;
        throw new DescribeError('H2_DESCRIBE_LIMIT', offset + at, 'Handshake Message', reason);
      }
      const more = content.subarray(at, at + length - this.#bodyLength);
      if (isKept) this.#body.push(Buffer.from(more));
      this.#bodyLength += more.length;
      at += more.length;
      if (this.#bodyLength < length) break;
      messages.push({ type, length, body: Buffer.concat(this.#body), offset: offset + at - more.length });
      this.#head = Buffer.alloc(0);
      this.#body = [];
      this.#bodyLength = 0;
    }
    return messages;
  }
}
