/**
 * @module
 * WebSocket frames (RFC 6455 section 5.2) in the DATA frames of one direction of an extended CONNECT (RFC 8441).
 */
import type { Direction, ItemList } from '../description.js';
import { DescribeError } from '../errors.js';
import { hex } from '../hexdump.js';
import { bytesLiteral, stringLiteral } from '../python-literal.js';
import {
  type MessageBudget,
  type MessageRecord,
  mostMessagesInFrame,
  PendingMessage,
  type StreamContent,
  withRecords,
} from '../stream-content.js';
import { utf8Text } from '../text-of-bytes.js';
import { type DeflateAgreement, MessageInflater } from './deflate.js';
import { opcodeName, parseFrameHeader, type WebSocketFrameHeader, headerLengthOf } from './web-socket-frame.js';

interface OpenFrame extends WebSocketFrameHeader {
  received: number;
}

const closeOpcode = 8;

export class WebSocketContent implements StreamContent {
  #header = Buffer.alloc(0);
  #frame: OpenFrame | null = null;
  /** The message that data frames make up; control frames come between them. */
  #message: { opcode: number; isCompressed: boolean; pending: PendingMessage } | null = null;
  #control: PendingMessage | null = null;
  #inflater: MessageInflater | null = null;

  constructor(
    private readonly budget: MessageBudget,
    private readonly direction: Direction,
  ) {}

  useDeflate(agreement: DeflateAgreement | null): void {
    this.#inflater = agreement === null ? null : new MessageInflater(agreement, this.budget.limits.message);
  }

  describe(data: Buffer, offset: number, out: ItemList): number {
    let at = 0;
    withRecords('webSocketFrames', out, (records) => {
      while (at < data.length && records.length < mostMessagesInFrame) {
        const record: MessageRecord = {};
        records.push(record);
        if (this.#frame === null) at += this.#describeHeader(data.subarray(at), offset + at, out, record);
        else out.field('WebSocket Frame', `${opcodeName(this.#frame.opcode)}, continued`, {});
        // The payload of a header at the end of the data comes in another frame.
        if (this.#frame !== null && at < data.length)
          at += this.#describePayload(data.subarray(at), offset + at, out, record);
      }
    });
    return at;
  }

  end(offset: number, out: ItemList): void {
    if (this.#frame === null && this.#header.length === 0) return;
    const reason = 'the stream ended inside a frame';
    out.error(new DescribeError('H2_DESCRIBE_BAD_WEB_SOCKET', offset, 'WebSocket Frame', reason));
  }

  discard(): void {
    this.#message?.pending.discard();
    this.#control?.discard();
    this.#message = this.#control = this.#frame = null;
  }

  #describeHeader(data: Buffer, offset: number, out: ItemList, record: MessageRecord): number {
    const before = this.#header.length;
    let bytes = Buffer.concat([this.#header, data.subarray(0, 14)]);
    const needed = headerLengthOf(bytes);
    bytes = bytes.subarray(0, needed);
    const span = { offset, length: bytes.length - before };
    if (bytes.length < needed) {
      this.#header = Buffer.from(bytes);
      out.field(
        'WebSocket Frame Header',
        `${bytes.length} of at least ${needed} bytes (${hex(bytes.subarray(before))})`,
        {},
        span,
      );
      return span.length;
    }
    this.#header = Buffer.alloc(0);
    const header = parseFrameHeader(bytes);
    const bits = ['FIN', 'RSV1', 'RSV2', 'RSV3'].filter((_, index) => header.firstByte & (0x80 >> index));
    const mask = header.mask === null ? '' : `, Mask = ${hex(header.mask)}`;
    const name = opcodeName(header.opcode);
    const text = `${[...bits, `${name}:0x${header.opcode.toString(16)}`].join(' | ')}, Length = ${header.length}${mask} (${hex(bytes.subarray(before))})`;
    out.field('WebSocket Frame', text, {}, span);
    Object.assign(record, { opcode: name, isFinal: header.isFinal, bits, length: Number(header.length) });
    for (const reason of this.#violations(header)) {
      out.error(new DescribeError('H2_DESCRIBE_BAD_WEB_SOCKET', offset, 'WebSocket Frame', reason));
    }
    this.#begin(header);
    if (header.length === 0n) this.#finish(header, offset, out, record);
    return span.length;
  }

  #violations(header: WebSocketFrameHeader): string[] {
    const reasons = [];
    if ((header.mask !== null) !== (this.direction === 'client')) {
      reasons.push(this.direction === 'client' ? 'a client masks its frames' : 'a server does not mask its frames');
    }
    if (header.isControl && (header.length > 125n || !header.isFinal)) {
      reasons.push('a control frame has at most 125 bytes and is not fragmented');
    }
    if (header.firstByte & 0x30) reasons.push('RSV2 and RSV3 mean nothing here');
    if (header.opcode === 0 && this.#message === null) reasons.push('there is no message to continue');
    if (!header.isControl && header.opcode !== 0 && this.#message !== null)
      reasons.push('the message before is not finished');
    return reasons;
  }

  #begin(header: WebSocketFrameHeader): void {
    this.#frame = { ...header, received: 0 };
    if (header.isControl) {
      this.#control = new PendingMessage(this.budget);
      return;
    }
    if (header.opcode === 0 && this.#message !== null) return;
    this.#message?.pending.discard();
    const isCompressed = (header.firstByte & 0x40) !== 0;
    this.#message = { opcode: header.opcode, isCompressed, pending: new PendingMessage(this.budget) };
  }

  #describePayload(data: Buffer, offset: number, out: ItemList, record: MessageRecord): number {
    const frame = this.#frame!;
    const left = frame.length - BigInt(frame.received);
    const bytes = left < BigInt(data.length) ? data.subarray(0, Number(left)) : data;
    const payload = unmask(bytes, frame);
    frame.received += bytes.length;
    const pending = frame.isControl ? this.#control! : this.#message!.pending;
    const wasGivenUp = pending.isGivenUp;
    pending.append(payload);
    record.payload = payload.toString('hex');
    if (frame.mask !== null) out.hexdump('Masked WebSocket Payload', bytes, null, offset);
    out.hexdump('WebSocket Payload', payload, null, frame.mask === null ? offset : undefined);
    if (!wasGivenUp && pending.isGivenUp) {
      const reason = 'the message is longer than what is kept for it; its parts are shown, but not what they mean';
      out.error(new DescribeError('H2_DESCRIBE_LIMIT', offset, 'WebSocket Message', reason));
    }
    if (BigInt(frame.received) === frame.length) this.#finish(frame, offset, out, record);
    return bytes.length;
  }

  #finish(frame: WebSocketFrameHeader, offset: number, out: ItemList, record: MessageRecord): void {
    this.#frame = null;
    if (frame.isControl) {
      const bytes = this.#control?.take() ?? null;
      this.#control = null;
      if (frame.opcode === closeOpcode && bytes !== null) showClose(bytes, offset, out, record);
      return;
    }
    const message = this.#message;
    if (!frame.isFinal || message === null) return;
    this.#message = null;
    const bytes = message.pending.take();
    if (bytes === null) this.#inflater?.skip('it was longer than what is kept');
    else this.#showMessage(message, bytes, offset, out, record);
  }

  #showMessage(
    message: { opcode: number; isCompressed: boolean },
    bytes: Buffer,
    offset: number,
    out: ItemList,
    record: MessageRecord,
  ): void {
    let content = bytes;
    if (message.isCompressed) {
      const inflated = this.#inflater?.inflate(bytes) ?? 'no permessage-deflate was agreed on';
      if (typeof inflated === 'string') {
        out.error(new DescribeError('H2_DESCRIBE_BAD_WEB_SOCKET', offset, 'WebSocket Message', inflated));
        return;
      }
      content = inflated;
    }
    const text = message.opcode === 1 ? utf8Text(content) : null;
    const inflatedNote = message.isCompressed ? `, inflated to ${content.length} bytes` : '';
    out.block(
      `WebSocket Message (${opcodeName(message.opcode)}${inflatedNote})`,
      [text === null ? bytesLiteral(content) : stringLiteral(text)],
      {},
    );
    record.message = text ?? content.toString('hex');
    if (message.opcode === 1 && text === null) {
      out.error(
        new DescribeError('H2_DESCRIBE_BAD_WEB_SOCKET', offset, 'WebSocket Message', 'a text message is UTF-8'),
      );
    }
  }
}

function unmask(bytes: Buffer, { mask, received }: OpenFrame): Buffer {
  const payload = Buffer.from(bytes);
  if (mask !== null) for (let at = 0; at < payload.length; at++) payload[at]! ^= mask[(received + at) % 4]!;
  return payload;
}

function showClose(bytes: Buffer, offset: number, out: ItemList, record: MessageRecord): void {
  if (bytes.length === 0) return;
  if (bytes.length === 1) {
    const reason = 'a close code has two bytes';
    out.error(new DescribeError('H2_DESCRIBE_BAD_WEB_SOCKET', offset, 'WebSocket Close Code', reason));
    return;
  }
  const code = bytes.readUInt16BE();
  const reason = utf8Text(bytes.subarray(2)) ?? bytes.subarray(2).toString('latin1');
  out.field('WebSocket Close Code', `${code}, Reason = ${stringLiteral(reason)}`, {});
  Object.assign(record, { closeCode: code, closeReason: reason });
}
