/**
 * @module
 * Follows the frames in one direction of an HTTP/2 connection by their headers (RFC 9113 section 4.1), however the bytes are cut, and lets
 * a frame be left out. Payloads are passed as they came: nothing of them is copied, and nothing is looked at but the number in two kinds of frames.
 */
import { flags, frameHeaderLength, frameTypes } from '../http2-frame.js';

export interface FrameHeader {
  length: number;
  type: number;
  flags: number;
  stream: number;
  /** The increment of a WINDOW_UPDATE (section 6.9), the error code of a GOAWAY (section 6.8); 0 for other frames, and for such of a wrong size. */
  value: number;
}

/** What becomes of a frame. After `stop` nothing is passed or read, this frame included. */
export type Verdict = 'pass' | 'drop' | 'stop';

/** Bytes of a GOAWAY up to its error code, behind the last stream. */
const goawayHead = frameHeaderLength + 8;
const windowUpdateHead = frameHeaderLength + 4;
const longestHead = goawayHead;
/** The highest bit of a stream identifier and of an increment is reserved. */
const lowest31Bits = 0x7fff_ffff;

export class FrameReader {
  readonly #judge: (frame: Readonly<FrameHeader>) => Verdict;
  readonly #pass: (bytes: Buffer) => void;
  /** One for all frames: it is good until the judge returns. */
  readonly #frame: FrameHeader = { length: 0, type: 0, flags: 0, stream: 0, value: 0 };
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
    let end = at;
    // Twice where the header says that something of the payload is wanted.
    for (;;) {
      const wanted = this.#headLength < frameHeaderLength ? frameHeaderLength : headLengthOf(this.#head, 0);
      const missing = wanted - this.#headLength;
      if (missing === 0) break;
      const start = end;
      end = Math.min(chunk.length, start + missing);
      chunk.copy(this.#head, this.#headLength, start, end);
      this.#headLength += end - start;
      if (end - start < missing) return end;
    }
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
    const head = headLengthOf(bytes, at);
    frame.value = head === frameHeaderLength ? 0 : bytes.readUInt32BE(at + head - 4);
    if (frame.type === frameTypes.windowUpdate) frame.value &= lowest31Bits;
    const verdict = this.#judge(frame);
    this.#isDropping = verdict === 'drop';
    this.#hasStopped = verdict === 'stop';
    return verdict;
  }
}

/** How much of a frame is read: its header, and up to the value in its payload. */
function headLengthOf(bytes: Buffer, at: number): number {
  const [type, length] = [bytes[at + 3], bytes.readUIntBE(at, 3)];
  if (type === frameTypes.windowUpdate && length === 4) return windowUpdateHead;
  return type === frameTypes.goaway && length >= 8 ? goawayHead : frameHeaderLength;
}

export function hasFlag(frame: Readonly<FrameHeader>, name: keyof typeof flags): boolean {
  return (frame.flags & flags[name]) !== 0;
}
