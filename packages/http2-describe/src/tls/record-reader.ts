/**
 * @module
 * Cuts one direction's bytes into TLS records (RFC 8446 section 5.1).
 */
import { ByteQueue } from '../byte-queue.js';
import { DescribeError } from '../errors.js';

export const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const contentTypeNames: Record<number, string> = {
  [ContentType.changeCipherSpec]: 'change_cipher_spec',
  [ContentType.alert]: 'alert',
  [ContentType.handshake]: 'handshake',
  [ContentType.applicationData]: 'application_data',
};

export function contentTypeName(type: number): string {
  return contentTypeNames[type] ?? 'UNKNOWN';
}

export interface TlsRecord {
  /** Of the header, from the start of this direction. */
  offset: number;
  header: Buffer;
  type: number;
  body: Buffer;
}

export const recordHeaderLength = 5;

/** TLS 1.2 allows 2^14 bytes and 2048 for the cipher (RFC 5246 section 6.2.3); TLS 1.3 allows less. */
const longestBody = (1 << 14) + 2048;

export class RecordReader {
  readonly queue: ByteQueue;

  constructor(start = 0) {
    this.queue = new ByteQueue(start);
  }

  /** The next whole record, or null: wait for more bytes. Throws a DescribeError for what cannot be a record. */
  read(): TlsRecord | null {
    const { offset } = this.queue;
    const head = this.queue.peek(recordHeaderLength);
    if (head.length > 0 && contentTypeNames[head[0]!] === undefined)
      throw badRecord(offset, 'TLS Record Type', `${head[0]} is not a type of records`);
    if (head.length > 1 && head[1] !== 3)
      throw badRecord(offset + 1, 'TLS Record Version', `${head[1]} is not TLS's major version, 3`);
    if (head.length < recordHeaderLength) return null;
    const length = head.readUInt16BE(3);
    if (length > longestBody)
      throw badRecord(offset + 3, 'TLS Record Length', `${length} is over the ${longestBody} bytes that TLS allows`);
    if (this.queue.length < recordHeaderLength + length) return null;
    const header = this.queue.take(recordHeaderLength);
    return { offset, header, type: header[0]!, body: this.queue.take(length) };
  }
}

function badRecord(offset: number, field: string, reason: string): DescribeError {
  return new DescribeError('H2_DESCRIBE_BAD_TLS_RECORD', offset, field, reason);
}
