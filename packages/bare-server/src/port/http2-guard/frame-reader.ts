/**
 * @module
 * Follows the frames in one direction of an HTTP/2 connection by their headers (RFC 9113 section 4.1), however the bytes are cut, and lets
 * a frame be left out. Payloads are passed as they came: nothing of them is copied, and nothing of them is looked at but an increment.
 */
import { flags, frameHeaderLength, frameTypes } from '../http2-frame.js';

export interface FrameHeader {
  length: number;
  type: number;
  flags: number;
  stream: number;
  /** Of a WINDOW_UPDATE with a payload of four bytes (section 6.9); 0 for other frames. */
  increment: number;
}

/** What becomes of a frame. After `stop` nothing is passed or read, this frame included. */
export type Verdict = 'pass' | 'drop' | 'stop';

const incrementLength = 4;
const longestHead = frameHeaderLength + incrementLength;
/** The highest bit of a stream identifier and of an increment is reserved. */
const lowest31Bits = 0x7fff_ffff;

export class FrameReader {
  readonly #judge: (frame: Readonly<FrameHeader>) => Verdict;
  readonly #pass: (bytes: Buffer) => void;
  /** One for all frames: it is good until the judge returns. */
  readonly #frame: FrameHeader = { length: 0, type: 0, flags: 0, stream: 0, increment: 0 };
  /** The beginning of a frame that came cut. */
  readonly #head = Buffer.alloc(longestHead);
  #headLength = 0;
  /** How much of the present frame is still to come. */
  #left = 0;
  #isDropping = false;
  #hasStopped = false;

  constructor(judge: (frame: Readonly<FrameHeader>) => Verdict, pass: (bytes: Buffer) => void) {
    this.#judge = judge;
    this.#pass = pass;
  }

  read(chunk: Buffer): void {
    // Up to here, everything is passed or left out.
    let settled = 0;
    let at = 0;
    const passUntil = (end: number): void => {
      if (end > settled) this.#pass(settled === 0 && end === chunk.length ? chunk : chunk.subarray(settled, end));
      settled = end;
    };
    while (at < chunk.length && !this.#hasStopped) {
      if (this.#left > 0) {
        const end = Math.min(chunk.length, at + this.#left);
        this.#left -= end - at;
        at = end;
        if (this.#isDropping) settled = at;
      } else if (this.#headLength === 0 && chunk.length - at >= longestHead) {
        const verdict = this.#begin(chunk, at);
        if (verdict !== 'pass') passUntil(at);
        at += frameHeaderLength;
        if (verdict === 'drop') settled = at;
        this.#left = this.#frame.length;
      } else {
        passUntil(at);
        at = this.#gather(chunk, at);
        settled = at;
      }
    }
    if (!this.#hasStopped) passUntil(at);
  }

  /** The connection has ended: passes what is there of a frame's beginning. */
  end(): void {
    if (this.#headLength > 0 && !this.#hasStopped) this.#pass(Buffer.from(this.#head.subarray(0, this.#headLength)));
    this.#headLength = 0;
  }

  /** @returns where in the chunk to go on */
  #gather(chunk: Buffer, at: number): number {
    const isHeader = this.#headLength < frameHeaderLength;
    const wanted = isHeader ? frameHeaderLength : longestHead;
    const end = Math.min(chunk.length, at + wanted - this.#headLength);
    chunk.copy(this.#head, this.#headLength, at, end);
    this.#headLength += end - at;
    if (this.#headLength < wanted || (isHeader && hasIncrement(this.#head, 0))) return end;
    const verdict = this.#begin(this.#head, 0);
    if (verdict === 'pass') this.#pass(Buffer.from(this.#head.subarray(0, this.#headLength)));
    this.#left = this.#frame.length - (this.#headLength - frameHeaderLength);
    this.#headLength = 0;
    return end;
  }

  #begin(bytes: Buffer, at: number): Verdict {
    const frame = this.#frame;
    frame.length = bytes.readUIntBE(at, 3);
    frame.type = bytes[at + 3]!;
    frame.flags = bytes[at + 4]!;
    frame.stream = bytes.readUInt32BE(at + 5) & lowest31Bits;
    frame.increment = hasIncrement(bytes, at) ? bytes.readUInt32BE(at + frameHeaderLength) & lowest31Bits : 0;
    const verdict = this.#judge(frame);
    this.#isDropping = verdict === 'drop';
    this.#hasStopped = verdict === 'stop';
    return verdict;
  }
}

function hasIncrement(bytes: Buffer, at: number): boolean {
  return bytes[at + 3] === frameTypes.windowUpdate && bytes.readUIntBE(at, 3) === incrementLength;
}

export function hasFlag(frame: Readonly<FrameHeader>, name: keyof typeof flags): boolean {
  return (frame.flags & flags[name]) !== 0;
}
