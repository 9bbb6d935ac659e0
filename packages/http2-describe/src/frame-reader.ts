/**
 * @module
 * Cuts one direction's bytes into frames. A payload longer than the limit is cut there and the rest is skipped, so that a
 * frame that lies about its length costs no memory.
 */
import type { ByteQueue } from './byte-queue.js';

export const frameHeaderLength = 9;

export interface Frame {
  /** Of the frame header, from the start of this direction. */
  offset: number;
  header: Buffer;
  /** As the header says. */
  length: number;
  type: number;
  flags: number;
  reservedBit: number;
  streamId: number;
  payload: Buffer;
  /** Bytes of the payload that were over the limit and are not in `payload`. */
  omitted: number;
}

export class FrameReader {
  /** Bytes of the last frame that are still to be skipped. */
  #skipping = 0;

  constructor(
    private readonly queue: ByteQueue,
    private readonly payloadLimit: number,
  ) {}

  /** The next whole frame, or null: wait for more bytes. */
  read(): Frame | null {
    this.#skipping -= this.queue.skip(this.#skipping);
    if (this.#skipping > 0 || this.queue.length < frameHeaderLength) return null;
    const length = this.queue.peek(3).readUIntBE(0, 3);
    const kept = Math.min(length, this.payloadLimit);
    if (this.queue.length < frameHeaderLength + kept) return null;
    const offset = this.queue.offset;
    const frame = frameFrom(offset, this.queue.take(frameHeaderLength), this.queue.take(kept));
    this.#skipping = frame.omitted;
    return frame;
  }

  /** What is left when the connection ends: a header alone, a part of a payload, or bytes that were being skipped. */
  end(): { frame: Frame | null; rest: Buffer; offset: number; missing: number } {
    const offset = this.queue.offset;
    if (this.queue.length < frameHeaderLength) {
      const rest = this.queue.take(this.queue.length);
      const missing = rest.length > 0 ? frameHeaderLength - rest.length : this.#skipping;
      return { frame: null, rest, offset, missing };
    }
    const header = this.queue.take(frameHeaderLength);
    const payload = this.queue.take(this.queue.length);
    return {
      frame: frameFrom(offset, header, payload),
      rest: payload,
      offset,
      missing: header.readUIntBE(0, 3) - payload.length,
    };
  }
}

function frameFrom(offset: number, header: Buffer, payload: Buffer): Frame {
  const length = header.readUIntBE(0, 3);
  const streamWord = header.readUInt32BE(5);
  return {
    offset,
    header,
    length,
    type: header.readUInt8(3),
    flags: header.readUInt8(4),
    reservedBit: streamWord >>> 31,
    streamId: streamWord & 0x7fffffff,
    payload,
    omitted: length - payload.length,
  };
}
