/**
 * @module
 * The length-prefixed messages of gRPC and gRPC-Web in the DATA frames of one direction of a stream.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import type { ItemList } from '../description.js';
import { DescribeError } from '../errors.js';
import { hex } from '../hexdump.js';
import { describeProtobuf } from '../protobuf/describe-protobuf.js';
import type { MessageType } from '../protobuf/schema.js';
import { bytesLiteral } from '../python-literal.js';
import {
  type MessageBudget,
  type MessageRecord,
  mostMessagesInFrame,
  PendingMessage,
  type StreamContent,
  withRecords,
} from '../stream-content.js';
import { decompressMessage } from './message-encoding.js';

const prefixLength = 5;
const compressedFlag = 0x01;
/** gRPC-Web sends the trailers as a message with this bit. */
const trailersFlag = 0x80;

export interface GrpcContentOptions {
  /** `grpc-encoding` */
  encoding: string;
  /** Whether the content type leaves it at protobuf. */
  isProtobuf: boolean;
  /** Of each message, when a schema knows the method. */
  type: MessageType | null;
}

interface OpenMessage {
  flag: number;
  length: number;
  received: number;
  pending: PendingMessage;
}

export class GrpcContent implements StreamContent {
  #prefix = Buffer.alloc(0);
  #message: OpenMessage | null = null;

  constructor(
    private readonly budget: MessageBudget,
    private readonly options: GrpcContentOptions,
  ) {}

  describe(data: Buffer, offset: number, out: ItemList): number {
    let at = 0;
    withRecords('grpcMessages', out, (records) => {
      while (at < data.length && records.length < mostMessagesInFrame) {
        const record: MessageRecord = {};
        records.push(record);
        if (this.#message === null) at += this.#describePrefix(data.subarray(at), offset + at, out, record);
        // A message goes on in the record of its prefix when both are in this frame.
        if (this.#message !== null && at < data.length)
          at += this.#describeBody(data.subarray(at), offset + at, out, record);
      }
    });
    return at;
  }

  end(offset: number, out: ItemList): void {
    const missing = this.#message
      ? `${this.#message.length - this.#message.received} bytes of a message are missing`
      : `the prefix of a message has only ${this.#prefix.length} of ${prefixLength} bytes`;
    if (this.#message === null && this.#prefix.length === 0) return;
    out.error(new DescribeError('H2_DESCRIBE_BAD_GRPC', offset, 'Protobuf Length', `the stream ended, and ${missing}`));
  }

  discard(): void {
    this.#message?.pending.discard();
    this.#message = null;
  }

  #describePrefix(data: Buffer, offset: number, out: ItemList, record: MessageRecord): number {
    const taken = data.subarray(0, prefixLength - this.#prefix.length);
    const wasSplit = taken.length < prefixLength;
    this.#prefix = Buffer.concat([this.#prefix, taken]);
    if (wasSplit) {
      const text = `${this.#prefix.length} of ${prefixLength} bytes (${hex(taken)})`;
      out.field('gRPC Message Prefix', text, {}, { offset, length: taken.length });
      if (this.#prefix.length < prefixLength) return taken.length;
    }
    const prefix = this.#prefix;
    this.#prefix = Buffer.alloc(0);
    const flag = prefix[0]!;
    const length = prefix.readUInt32BE(1);
    const spanOf = (at: number, size: number) => (wasSplit ? undefined : { offset: offset + at, length: size });
    out.field('gRPC Compressed Flag', `${flag} (${hex(prefix.subarray(0, 1))})`, {}, spanOf(0, 1));
    out.field('Protobuf Length', `${length} (${hex(prefix.subarray(1))})`, {}, spanOf(1, 4));
    Object.assign(record, { flag, length });
    if (flag & ~(compressedFlag | trailersFlag)) {
      out.error(
        new DescribeError('H2_DESCRIBE_BAD_GRPC', offset, 'gRPC Compressed Flag', `${flag} is neither 0 nor 1`),
      );
    }
    this.#message = { flag, length, received: 0, pending: new PendingMessage(this.budget) };
    if (length === 0) this.#finish(this.#message, Buffer.alloc(0), offset, out, record);
    return taken.length;
  }

  #describeBody(data: Buffer, offset: number, out: ItemList, record: MessageRecord): number {
    const message = this.#message!;
    const bytes = data.subarray(0, message.length - message.received);
    const first = message.received;
    message.received += bytes.length;
    const isComplete = message.received === message.length;
    if (first === 0 && isComplete) {
      this.#finish(message, bytes, offset, out, record);
      return bytes.length;
    }
    const wasGivenUp = message.pending.isGivenUp;
    message.pending.append(bytes);
    const last = message.received - 1;
    out.field('Protobuf Message Fragment', `bytes ${first} to ${last} of ${message.length}`, {});
    out.hexdump('Protobuf Message Fragment', bytes, null, offset);
    record.fragment = { first, length: bytes.length, of: message.length, bytes: bytes.toString('hex') };
    if (!wasGivenUp && message.pending.isGivenUp) {
      const reason = 'the message is longer than what is kept for it; its parts are shown, but not what they mean';
      out.error(new DescribeError('H2_DESCRIBE_LIMIT', offset, 'Protobuf Message', reason));
    }
    if (isComplete) {
      const whole = message.pending.take();
      this.#message = null;
      if (whole !== null) this.#showMessage(message.flag, whole, offset, out, record, false);
    }
    return bytes.length;
  }

  #finish(message: OpenMessage, bytes: Buffer, offset: number, out: ItemList, record: MessageRecord): void {
    this.#message = null;
    record.bytes = bytes.toString('hex');
    this.#showMessage(message.flag, bytes, offset, out, record, true);
  }

  /** `isShown`: whether the bytes are to be dumped; those of a message in parts have been. */
  #showMessage(
    flag: number,
    bytes: Buffer,
    offset: number,
    out: ItemList,
    record: MessageRecord,
    isShown: boolean,
  ): void {
    const span = isShown ? offset : undefined;
    if ((flag & compressedFlag) === 0) {
      this.#showContent(flag, bytes, offset, out, record);
      if (isShown) out.hexdump(this.#labelFor(flag), bytes, null, span);
      return;
    }
    const { encoding } = this.options;
    const message = decompressMessage(bytes, encoding, this.budget.limits.message);
    if (isShown) out.hexdump('Compressed Protobuf Message', bytes, null, span);
    if (typeof message === 'string') {
      out.error(new DescribeError('H2_DESCRIBE_BAD_GRPC', offset, 'Protobuf Message', message));
      return;
    }
    out.field('gRPC Encoding', `${encoding}, ${bytes.length} bytes decompressed to ${message.length}`, {});
    Object.assign(record, { encoding, decompressed: message.toString('hex') });
    this.#showContent(flag, message, offset, out, record);
    out.hexdump(this.#labelFor(flag), message, null);
  }

  #showContent(flag: number, bytes: Buffer, offset: number, out: ItemList, record: MessageRecord): void {
    if (bytes.length === 0) return;
    if (flag & trailersFlag || !this.options.isProtobuf) {
      out.block(this.#labelFor(flag), [bytesLiteral(bytes)], {});
      return;
    }
    const { lines, fields, error } = describeProtobuf(bytes, this.options.type);
    const typeName = this.options.type?.name;
    out.block(typeName === undefined ? 'Protobuf Message' : `Protobuf Message (${typeName})`, lines, {});
    Object.assign(record, { ...(typeName !== undefined && { type: typeName }), fields });
    if (error) {
      // Inside a compressed message, or one of several frames, a position in it is no offset of the connection.
      const reason = `at byte ${error.at} of the message, ${error.reason}`;
      out.error(new DescribeError('H2_DESCRIBE_BAD_PROTOBUF', offset, 'Protobuf Message', reason));
    }
  }

  #labelFor(flag: number): string {
    if (flag & trailersFlag) return 'gRPC-Web Trailers';
    return this.options.isProtobuf ? 'Protobuf Message' : 'Message';
  }
}
