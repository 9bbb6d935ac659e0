/**
 * @module
 * What Node's HTTP/2 reads and writes in the place of a connection: it passes both directions, with backpressure, and looks at the
 * frames' headers. At the first frame that breaks a rule it passes no more and says why; ending the session is serve-session.ts's.
 */
import type { Duplex } from 'node:stream';
import type { Endpoints } from '../connection.js';
import { frameTypes } from '../http2-frame.js';
import { NestedStream } from '../nested-stream.js';
import { http2Preface } from '../sniff-protocol.js';
import { ClientRules, type Violation } from './client-rules.js';
import { FrameReader } from './frame-reader.js';

export interface GuardEvents {
  /** The client has broken a rule. Called once, after Node has read what came before. */
  violated(violation: Violation): void;
  /** A GOAWAY with an error code has left: the guard's, or Node's own. */
  errorSent(): void;
}

export class GuardedStream extends NestedStream {
  readonly #rules = new ClientRules();
  readonly #received: FrameReader;
  readonly #sent: FrameReader;
  readonly #events: GuardEvents;
  #hasSentError = false;
  /** How much of the client's preface has come; null when it was something else, which is for Node to refuse. */
  #prefaceLength: number | null = 0;
  #wantsMore = true;

  constructor(carrier: Duplex & Endpoints, events: GuardEvents) {
    super(carrier, carrier);
    this.#events = events;
    this.#received = new FrameReader(
      (frame) => this.#rules.judge(frame),
      (bytes) => void (this.#wantsMore = this.push(bytes)),
    );
    this.#sent = new FrameReader((frame) => {
      this.#rules.note(frame);
      this.#hasSentError ||= frame.type === frameTypes.goaway && frame.value !== 0;
      return 'pass';
    }, ignore);
  }

  protected override receive(chunk: Buffer): boolean {
    // What comes after a violation is let go by, so that the answer is not lost to a reset of the connection.
    if (this.#rules.violation !== null) return true;
    this.#wantsMore = true;
    const preface = this.#takePreface(chunk);
    if (preface > 0) this.#wantsMore = this.push(preface === chunk.length ? chunk : chunk.subarray(0, preface));
    if (preface < chunk.length) this.#received.read(preface === 0 ? chunk : chunk.subarray(preface));
    const { violation } = this.#rules as { violation: Violation | null };
    if (violation === null) return this.#wantsMore;
    setImmediate(() => this.#events.violated(violation));
    return true;
  }

  protected override receiveEnd(): void {
    this.#received.end();
    super.receiveEnd();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#sent.read(chunk);
    super._write(chunk, encoding, this.#whenWritten(callback));
  }

  /** HTTP/2 writes a frame's header and its payload apart. */
  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    for (const { chunk } of chunks) this.#sent.read(chunk);
    this.writeAll(chunks, this.#whenWritten(callback));
  }

  #whenWritten(callback: (error?: Error | null) => void): (error?: Error | null) => void {
    if (!this.#hasSentError) return callback;
    return (error) => {
      callback(error);
      this.#events.errorSent();
    };
  }

  /** How much of the chunk is no frame: the rest of the preface (RFC 9113 section 3.4), or all where it is none. */
  #takePreface(chunk: Buffer): number {
    if (this.#prefaceLength === null) return chunk.length;
    if (this.#prefaceLength === http2Preface.length) return 0;
    const end = Math.min(http2Preface.length, this.#prefaceLength + chunk.length);
    const length = end - this.#prefaceLength;
    const isPreface = http2Preface.compare(chunk, 0, length, this.#prefaceLength, end) === 0;
    this.#prefaceLength = isPreface ? end : null;
    return isPreface ? length : chunk.length;
  }
}

function ignore(): void {
  // What the server sends passes by itself; here it is only looked at.
}
