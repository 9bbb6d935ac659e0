/**
 * @module
 * Bytes that arrived and are not described yet. Grows by doubling, so that a connection read byte by byte costs no more
 * than one read at once; who fills it is responsible for taking out what it asked for.
 */

export class ByteQueue {
  #buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** The offset of the first byte in the queue. */
  #offset: number;

  /** `offset`: of the first byte that is pushed. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get offset(): number {
    return this.#offset;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > this.#buffer.length - this.#end) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The first `count` bytes, or fewer; valid until the next call. */
  peek(count: number): Buffer {
    return this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + count));
  }

  /** Removes the first `count` bytes and returns a copy of them. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.peek(count));
    this.skip(count);
    return taken;
  }

  /** Removes up to `count` bytes; returns how many there were. */
  skip(count: number): number {
    const skipped = Math.min(count, this.length);
    this.#start += skipped;
    this.#offset += skipped;
    if (this.#start === this.#end) {
      this.#start = this.#end = 0;
      // One large frame does not leave its buffer behind for the rest of an idle connection.
      if (this.#buffer.length > 256 << 10) this.#buffer = Buffer.alloc(0);
    }
    return skipped;
  }

  #makeRoom(extra: number): void {
    const needed = this.length + extra;
    const target = needed > this.#buffer.length / 2 ? Buffer.allocUnsafeSlow(Math.max(needed * 2, 1024)) : this.#buffer;
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#end = this.length;
    this.#start = 0;
    this.#buffer = target;
  }
}
