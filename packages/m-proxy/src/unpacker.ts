/**
 * @module
 * The state machine that takes a stream of bytes, in chunks of any size, and gives one event for each whole message.
 */
import { ByteCollector } from './byte-collector.js';
import { MProxyError } from './errors.js';
import { isServiceEvent, versionByte, type EventName, type State } from './frame.js';
import { parseHeader, type Header } from './header.js';
import { toErrorMessage, toMessage, type ErrorMessage, type Message } from './message.js';

/** One function an event. A message whose event has none goes to `onmessage`. */
export interface UnpackerHandlers {
  onmessage(message: Message): void;
  oncontrol?(message: Message): void;
  onconnection?(message: Message): void;
  onpause?(message: Message): void;
  onresume?(message: Message): void;
  onend?(message: Message): void;
  /** An error of a client that the peer relays, not one of the stream: those are thrown. */
  onerror?(message: ErrorMessage): void;
}

export interface UnpackerLimits {
  /** The most data one message may have, in bytes; 16 MiB by default. */
  maxDataLength?: number;
}

const defaultMaxDataLength = 16 * 1024 * 1024;

/**
 * After an error, or an exception of a handler, the place of the next message is unknown: every later call throws the
 * same again. It holds at most twice the bytes that have come of the message it is in, never what a header promises.
 */
export class Unpacker {
  #state: State = 'version';
  #offset = 0;
  #header: Header | undefined;
  #collector = new ByteCollector();
  #failure: { error: unknown } | undefined;
  #running = false;
  readonly #handlers: UnpackerHandlers;
  readonly #maxDataLength: number;

  constructor(handlers: UnpackerHandlers, limits: UnpackerLimits = {}) {
    this.#handlers = handlers;
    this.#maxDataLength = limits.maxDataLength ?? defaultMaxDataLength;
  }

  get state(): State {
    return this.#state;
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Reads one chunk; handlers are called before it returns. Chunks follow one another without gaps.
   * @throws MProxyError with the offset and the field it broke at
   */
  addChunk(chunk: Uint8Array): void {
    this.#guarded(() => {
      let rest = chunk;
      while (rest.byteLength > 0) {
        const left = this.#step(rest);
        this.#offset += rest.byteLength - left.byteLength;
        rest = left;
        if (this.#state === 'data' && this.#collector.missing === 0) {
          this.#finishMessage();
        }
      }
    });
  }

  /**
   * To be called where the stream ends.
   * @throws MProxyError M_PROXY_TRUNCATED within a message
   */
  end(): void {
    this.#guarded(() => {
      if (this.#state === 'version') {
        return;
      }
      const field = this.#state === 'data' ? 'data' : this.#state === 'header' ? 'family' : 'headerLength';
      throw new MProxyError(
        'M_PROXY_TRUNCATED',
        `Failed to read a message: the stream ends at byte ${this.#offset}, in its ${this.#state}.`,
        { offset: this.#offset, field },
      );
    });
  }

  #guarded(run: () => void): void {
    if (this.#failure) {
      throw this.#failure.error;
    }
    if (this.#running) {
      throw new MProxyError('M_PROXY_REENTERED', 'Failed to read a chunk: a handler is still at work on the last one.');
    }
    this.#running = true;
    try {
      run();
    } catch (error) {
      this.#failure = { error };
      this.#collector = new ByteCollector();
      throw error;
    } finally {
      this.#running = false;
    }
  }

  /** Reads from a chunk that is not empty, and returns what is left of it. */
  #step(chunk: Uint8Array): Uint8Array {
    switch (this.#state) {
      case 'version':
        this.#readVersion(chunk[0]!);
        return chunk.subarray(1);
      case 'headerLength':
        this.#readHeaderLength(chunk[0]!);
        return chunk.subarray(1);
      case 'header': {
        const left = this.#collector.add(chunk);
        if (this.#collector.missing === 0) {
          this.#readHeader(this.#collector.take(), this.#offset + chunk.byteLength - left.byteLength);
        }
        return left;
      }
      case 'data':
        return this.#collector.add(chunk);
    }
  }

  #readVersion(byte: number): void {
    if (byte !== versionByte) {
      throw new MProxyError(
        'M_PROXY_BAD_VERSION',
        `Failed to read a message at byte ${this.#offset}: it begins with ${byte}, version 1 with ${versionByte}. ` +
          'The length of the message before it may be wrong.',
        { offset: this.#offset, field: 'version' },
      );
    }
    this.#state = 'headerLength';
  }

  #readHeaderLength(length: number): void {
    if (length === 0) {
      throw new MProxyError(
        'M_PROXY_BAD_HEADER',
        `Failed to read a message: its header, at byte ${this.#offset}, is empty.`,
        { offset: this.#offset, field: 'headerLength' },
      );
    }
    this.#collector.expect(length);
    this.#state = 'header';
  }

  #readHeader(bytes: Uint8Array, end: number): void {
    const offset = end - bytes.byteLength;
    const header = parseHeader(bytes, offset);
    if (header.datalen > this.#maxDataLength) {
      throw new MProxyError(
        'M_PROXY_DATA_TOO_LONG',
        `Failed to read a message of ${header.datalen} bytes: at most ${this.#maxDataLength} are taken.`,
        { offset, field: 'datalen' },
      );
    }
    this.#header = header;
    this.#collector.expect(header.datalen);
    this.#state = 'data';
  }

  #finishMessage(): void {
    const header = this.#header!;
    const data = header.datalen === 0 ? undefined : this.#collector.take();
    this.#header = undefined;
    this.#state = 'version';
    this.#dispatch(header, data);
  }

  #dispatch(header: Header, data: Uint8Array | undefined): void {
    const event: EventName = header.event !== undefined && isServiceEvent(header.event) ? header.event : 'message';
    const handlers = this.#handlers;
    const handler = handlers[`on${event}`] ?? handlers.onmessage;
    handler.call(handlers, (event === 'error' ? toErrorMessage : toMessage)(header, data) as ErrorMessage);
  }
}

/** The unpacker in the form of the protocol's documentation: `create(handlers).fns.addData(chunk)`. */
export interface Machine {
  readonly state: State;
  readonly fns: {
    addData(chunk: Uint8Array): void;
    /** The same under the name that the first implementation really has. */
    addChunk(chunk: Uint8Array): void;
  };
}

export function create(handlers: UnpackerHandlers, limits?: UnpackerLimits): Machine {
  const unpacker = new Unpacker(handlers, limits);
  const addChunk = (chunk: Uint8Array) => unpacker.addChunk(chunk);
  return {
    get state() {
      return unpacker.state;
    },
    fns: { addData: addChunk, addChunk },
  };
}
