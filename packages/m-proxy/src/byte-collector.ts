/**
 * @module
 * Gathers an announced number of bytes from chunks. Memory follows what has come, not what was announced, so that a
 * header that lies costs its sender as many bytes as us.
 */

const firstAllocation = 1024;

export class ByteCollector {
  #size = 0;
  #filled = 0;
  #whole: Uint8Array | undefined;
  #buffer: Uint8Array | undefined;

  expect(size: number): void {
    this.#size = size;
    this.#filled = 0;
    this.#whole = undefined;
    this.#buffer = undefined;
  }

  get missing(): number {
    return this.#size - this.#filled;
  }

  /** Takes what is missing of a chunk and returns the rest. A chunk that has all of it is not copied. */
  add(chunk: Uint8Array): Uint8Array {
    const count = Math.min(this.missing, chunk.byteLength);
    const part = chunk.subarray(0, count);
    if (this.#filled === 0 && count === this.#size) {
      this.#whole = part;
    } else {
      this.#roomFor(count).set(part, this.#filled);
    }
    this.#filled += count;
    return chunk.subarray(count);
  }

  /** What was gathered, once nothing is missing. */
  take(): Uint8Array {
    const bytes = this.#whole ?? this.#buffer?.subarray(0, this.#size) ?? new Uint8Array(0);
    this.expect(0);
    return bytes;
  }

  #roomFor(count: number): Uint8Array {
    const needed = this.#filled + count;
    if (!this.#buffer || this.#buffer.byteLength < needed) {
      const larger = new Uint8Array(Math.min(this.#size, Math.max(needed, 2 * this.#filled, firstAllocation)));
      if (this.#buffer) {
        larger.set(this.#buffer.subarray(0, this.#filled));
      }
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
