/**
 * @module
 * Messages over a byte stream, with the WebSocket's semantics: text or binary, in order, and a close with code and reason. Both
 * ends are alike. How bytes travel is left to the sink given.
 *
 * A frame is
 *
 *     type (1 byte) | length of the payload (4 bytes, most significant first) | payload
 *
 * with the types below, which are the opcodes of RFC 6455 section 5.2. There are no fragments and no masks: the stream under it
 * is reliable, and no middlebox reads it. The payload of `close` is empty, or a code (2 bytes) and a reason (UTF-8). Whoever
 * receives a `close` answers with one and ends its stream; a stream that ends without one was cut off, which is code 1006.
 */
import { HttpSocketError } from './errors.js';
import { joinBytes } from './wire/retained-bytes.js';

export const frameTypes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type FrameType = keyof typeof frameTypes;

export interface Frame {
  type: FrameType;
  payload: Uint8Array;
}

export interface MessageChannelHandlers {
  message(data: string | ArrayBuffer): void;
  /** Called once, and last. */
  close(code: number, reason: string, wasClean: boolean, error: HttpSocketError | null): void;
}

export interface MessageChannelOptions {
  /** The longest payload accepted; 16 MiB by default. */
  maxPayload?: number;
  /** Milliseconds that the other end has to answer a close; 5 s by default. */
  closeTimeout?: number;
}

/** Where a channel's bytes go. */
export interface MessageSink {
  /** Resolves when they need no room here any more. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  abort(): void;
}

const headLength = 5;
const typeNames = new Map<number, FrameType>(
  Object.entries(frameTypes).map(([name, type]) => [type, name as FrameType]),
);
const encoder = new TextEncoder();
const defaultMaxPayload = 16 * 1024 * 1024;

export function serializeFrame(type: FrameType, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headLength + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, frameTypes[type]);
  view.setUint32(1, payload.length);
  frame.set(payload, headLength);
  return frame;
}

/** Takes a stream's bytes in any chunks. Its errors are final. */
export class FrameDecoder {
  readonly #maxPayload: number;
  readonly #head = new Uint8Array(headLength);
  #headFilled = 0;
  /** Room is made as bytes come: the length is only what the other end says. */
  #parts: Uint8Array[] = [];
  #missing = 0;
  /** Of the frame that is being read. */
  #offset = 0;

  constructor(maxPayload: number = defaultMaxPayload) {
    this.#maxPayload = maxPayload;
  }

  get isBetweenFrames(): boolean {
    return this.#headFilled === 0;
  }

  /** @throws HttpSocketError HTTP_SOCKET_BAD_FRAME, HTTP_SOCKET_FRAME_TOO_LARGE, naming offset and field */
  *decode(chunk: Uint8Array): Generator<Frame> {
    let position = 0;
    while (position < chunk.length) {
      if (this.#headFilled < headLength) {
        const part = chunk.subarray(position, position + headLength - this.#headFilled);
        this.#head.set(part, this.#headFilled);
        this.#headFilled += part.length;
        position += part.length;
        if (this.#headFilled < headLength) return;
        this.#missing = this.#readLength();
      }
      const part = chunk.slice(position, position + this.#missing);
      position += part.length;
      this.#missing -= part.length;
      if (part.length > 0) this.#parts.push(part);
      if (this.#missing === 0) yield this.#takeFrame();
    }
  }

  #readLength(): number {
    const type = this.#head[0]!;
    if (!typeNames.has(type)) {
      throw new HttpSocketError(
        'HTTP_SOCKET_BAD_FRAME',
        `Failed to read the frame at ${this.#offset}: there is no type ${type}.`,
        {
          field: 'type',
          offset: this.#offset,
        },
      );
    }
    const length = new DataView(this.#head.buffer).getUint32(1);
    if (length > this.#maxPayload) {
      throw new HttpSocketError(
        'HTTP_SOCKET_FRAME_TOO_LARGE',
        `Failed to read the frame at ${this.#offset}: its ${length} bytes are more than ${this.#maxPayload}.`,
        { field: 'length', offset: this.#offset + 1 },
      );
    }
    return length;
  }

  #takeFrame(): Frame {
    const payload = this.#parts.length === 1 ? this.#parts[0]! : joinBytes(this.#parts);
    this.#parts = [];
    this.#headFilled = 0;
    this.#offset += headLength + payload.length;
    return { type: typeNames.get(this.#head[0]!)!, payload };
  }
}

export class MessageChannel {
  readonly #sink: MessageSink;
  readonly #handlers: MessageChannelHandlers;
  readonly #decoder: FrameDecoder;
  readonly #closeTimeout: number;
  #bufferedAmount = 0;
  #isCloseSent = false;
  #isClosed = false;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(sink: MessageSink, handlers: MessageChannelHandlers, options: MessageChannelOptions = {}) {
    this.#sink = sink;
    this.#handlers = handlers;
    this.#decoder = new FrameDecoder(options.maxPayload);
    this.#closeTimeout = options.closeTimeout ?? 5000;
  }

  /** Bytes of messages that the sink has still to make room for. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  /** Once closing, messages are dropped, as a WebSocket does. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (this.#isCloseSent || this.#isClosed) return;
    if (typeof data === 'string') this.#write('text', encoder.encode(data));
    else this.#write('binary', toBytes(data));
  }

  /** The reason is cut after 123 bytes, as a WebSocket would not take a longer one. */
  close(code?: number, reason = ''): void {
    if (this.#isCloseSent || this.#isClosed) return;
    this.#isCloseSent = true;
    this.#write('close', code === undefined ? new Uint8Array() : serializeClose(code, reason));
    this.#closeTimer = setTimeout(() => this.#finish(1006, '', false, null), this.#closeTimeout);
  }

  /** To be called with what arrives. */
  receive(chunk: Uint8Array): void {
    if (this.#isClosed) return;
    try {
      for (const frame of this.#decoder.decode(chunk)) {
        this.#handle(frame);
        if (this.#isClosed) return;
      }
    } catch (error) {
      if (!(error instanceof HttpSocketError)) throw error;
      this.#finish(error.code === 'HTTP_SOCKET_FRAME_TOO_LARGE' ? 1009 : 1002, error.message, false, error);
    }
  }

  /** To be called when the stream has ended, or failed. */
  receiveEnd(error: HttpSocketError | null = null): void {
    this.#finish(1006, '', false, error);
  }

  #handle({ type, payload }: Frame): void {
    switch (type) {
      case 'text':
        this.#deliver(decodeText(payload, 'text'));
        break;
      case 'binary':
        this.#deliver(payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.length) as ArrayBuffer);
        break;
      case 'ping':
        if (!this.#isCloseSent) this.#write('pong', payload);
        break;
      case 'pong':
        // Proof of life only.
        break;
      case 'close': {
        const { code, reason } = parseClose(payload);
        if (!this.#isCloseSent) {
          this.#isCloseSent = true;
          this.#write('close', payload);
        }
        this.#finish(code, reason, true, null);
        break;
      }
    }
  }

  #deliver(data: string | ArrayBuffer): void {
    // RFC 6455 section 7.1.1 lets what comes after our close be dropped; a WebSocket delivers it, so does this.
    this.#handlers.message(data);
  }

  #write(type: FrameType, payload: Uint8Array): void {
    const isMessage = type === 'text' || type === 'binary';
    if (isMessage) this.#bufferedAmount += payload.length;
    this.#sink.write(serializeFrame(type, payload)).then(
      () => void (this.#bufferedAmount -= isMessage ? payload.length : 0),
      // The stream has failed, which `receiveEnd` tells.
      () => undefined,
    );
  }

  #finish(code: number, reason: string, wasClean: boolean, error: HttpSocketError | null): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#closeTimer);
    if (wasClean) this.#sink.end();
    else this.#sink.abort();
    this.#handlers.close(code, reason, wasClean, error);
  }
}

/** A channel over a pair of WHATWG streams, such as an HttpSocket. */
export function openMessageChannel(
  streams: { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> },
  handlers: MessageChannelHandlers,
  options: MessageChannelOptions = {},
): MessageChannel {
  const writer = streams.writable.getWriter();
  const reader = streams.readable.getReader();
  // A failure of either stream ends the reading one, and is told there.
  const ignore = (): void => undefined;
  writer.closed.catch(ignore);
  const sink: MessageSink = {
    write: (bytes) => writer.write(bytes),
    end: () => {
      writer.close().catch(ignore);
    },
    abort: () => {
      writer.abort().catch(ignore);
      reader.cancel().catch(ignore);
    },
  };
  const channel = new MessageChannel(sink, handlers, options);
  const read = async (): Promise<void> => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        channel.receive(value);
      }
      channel.receiveEnd();
    } catch (error) {
      channel.receiveEnd(error instanceof HttpSocketError ? error : null);
    }
  };
  void read();
  return channel;
}

function serializeClose(code: number, reason: string): Uint8Array {
  const text = encoder.encode(reason).subarray(0, 123);
  // Not in the middle of a character.
  let length = text.length;
  while (length > 0 && !isWholeText(text.subarray(0, length))) length -= 1;
  const payload = new Uint8Array(2 + length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text.subarray(0, length), 2);
  return payload;
}

function parseClose(payload: Uint8Array): { code: number; reason: string } {
  if (payload.length === 0) return { code: 1005, reason: '' };
  if (payload.length === 1 || payload.length > 125) {
    throw new HttpSocketError('HTTP_SOCKET_BAD_FRAME', `Failed to read a close frame: ${payload.length} bytes.`, {
      field: 'close',
    });
  }
  const code = new DataView(payload.buffer, payload.byteOffset).getUint16(0);
  return { code, reason: decodeText(payload.subarray(2), 'reason') };
}

function decodeText(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new HttpSocketError('HTTP_SOCKET_BAD_FRAME', 'Failed to read a frame: its text is not UTF-8.', {
      field,
      cause,
    });
  }
}

function isWholeText(bytes: Uint8Array): boolean {
  try {
    decodeText(bytes, 'reason');
    return true;
  } catch {
    // Cut within a character: the caller tries a shorter one.
    return false;
  }
}

function toBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return 'buffer' in data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
