/**
 * @module
 * Bytes that were sent or will be, kept until the other end acknowledges them, so that any range can be sent again.
 */

/** Writes shorter than this are joined, so that many small ones do not become many pieces. */
const joinedLength = 16_384;

export class RetainedBytes {
  #start = 0;
  #end = 0;
  readonly #pieces: Uint8Array[] = [];

  /** Everything before this offset is acknowledged and gone. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#end += bytes.length;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.length + bytes.length <= joinedLength) {
      this.#pieces[this.#pieces.length - 1] = joinBytes([last, bytes]);
    } else {
      this.#pieces.push(bytes);
    }
  }

  /** At most `length` bytes from `offset`, which lies between `start` and `end`. */
  slice(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#end);
    const parts: Uint8Array[] = [];
    let position = this.#start;
    for (const piece of this.#pieces) {
      if (position >= end) break;
      if (position + piece.length > offset) {
        parts.push(piece.subarray(Math.max(0, offset - position), Math.min(piece.length, end - position)));
      }
      position += piece.length;
    }
    return parts.length === 1 ? parts[0]! : joinBytes(parts);
  }

  acknowledge(offset: number): void {
    while (this.#start < offset && this.#pieces.length > 0) {
      const first = this.#pieces[0]!;
      const count = Math.min(first.length, offset - this.#start);
      this.#start += count;
      if (count === first.length) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(count);
    }
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#start = this.#end;
  }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
