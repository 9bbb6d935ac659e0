/**
 * @module
 * Bytes that came for a client after it was paused. They are copied into blocks: views would keep alive the whole chunks
 * they came in, and a flood of tiny messages would cost more in objects than in bytes.
 */

const blockSize = 64 * 1024;

export class Backlog {
  #blocks: Buffer[] = [];
  /** How much of the last block is in use. */
  #used = blockSize;
  #length = 0;

  get byteLength(): number {
    return this.#length;
  }

  add(data: Uint8Array): void {
    let rest = data;
    while (rest.byteLength > 0) {
      if (this.#used === blockSize) {
        this.#blocks.push(Buffer.allocUnsafeSlow(blockSize));
        this.#used = 0;
      }
      const part = rest.subarray(0, blockSize - this.#used);
      this.#blocks.at(-1)!.set(part, this.#used);
      this.#used += part.byteLength;
      this.#length += part.byteLength;
      rest = rest.subarray(part.byteLength);
    }
  }

  /** The oldest bytes, at most a block; undefined when there are none. */
  take(): Buffer | undefined {
    const block = this.#blocks.shift();
    if (!block) {
      return undefined;
    }
    const bytes = this.#blocks.length > 0 ? block : block.subarray(0, this.#used);
    if (this.#blocks.length === 0) {
      this.#used = blockSize;
    }
    this.#length -= bytes.byteLength;
    return bytes;
  }

  clear(): void {
    this.#blocks = [];
    this.#used = blockSize;
    this.#length = 0;
  }
}
