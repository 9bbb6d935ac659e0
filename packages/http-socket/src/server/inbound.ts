/**
 * @module
 * From the client to the far end: the bodies of PUTs, put in order and written, and the end of the stream after them.
 */
import type { Duplex } from 'node:stream';
import { HttpSocketError } from '../errors.js';
import { Reassembly } from '../wire/reassembly.js';

export class Inbound {
  readonly #target: Duplex;
  readonly #limit: number;
  readonly #isFull: () => boolean;
  readonly #reassembly = new Reassembly();
  readonly #waiting = new Set<() => void>();
  #end: number | null = null;

  constructor(target: Duplex, limit: number, isFull: () => boolean) {
    this.#target = target;
    this.#limit = limit;
    this.#isFull = isFull;
    target.on('drain', () => this.wake());
  }

  get received(): number {
    return this.#reassembly.next;
  }

  get bufferedBytes(): number {
    return this.#reassembly.heldBytes + this.#target.writableLength;
  }

  get isEnded(): boolean {
    return this.#end !== null && this.received === this.#end;
  }

  /** How many bytes after `received` are accepted. */
  get window(): number {
    if (this.#isFull() && this.bufferedBytes > 0) return 0;
    return Math.max(0, this.#limit - this.#target.writableLength);
  }

  /** @returns the offset up to which the bytes were taken, or had been before */
  accept(offset: number, bytes: Uint8Array): number {
    if (this.#end !== null && offset + bytes.length > this.#end) {
      throw new HttpSocketError('HTTP_SOCKET_BAD_OFFSET', `Failed to take bytes after the end at ${this.#end}.`, {
        field: 'X-Offset',
        offset,
      });
    }
    if (!this.#target.writable) return offset;
    const { ready, takenTo } = this.#reassembly.accept(offset, bytes, this.received + this.window);
    for (const chunk of ready) this.#target.write(chunk);
    this.#finish();
    return takenTo;
  }

  announceEnd(end: number): void {
    const isConflict = this.#end === null ? end < this.received : end !== this.#end;
    if (isConflict) {
      throw new HttpSocketError(
        'HTTP_SOCKET_END_CONFLICT',
        `Failed to end the stream at ${end}: ${this.#end === null ? `${this.received} bytes are received` : `its end is ${this.#end}`}.`,
        { field: 'X-End', offset: end },
      );
    }
    this.#end = end;
    this.#finish();
  }

  /** Resolves when there may be room again, when the far end is gone, or after `timeout`; true when there is room. */
  async waitForRoom(timeout: number): Promise<boolean> {
    if (!this.#target.writable) return false;
    if (this.window > 0) return true;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeout);
      this.#waiting.add(done);
    });
    return this.#target.writable && this.window > 0;
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  clear(): void {
    this.#reassembly.clear();
    this.wake();
  }

  #finish(): void {
    if (this.isEnded && this.#target.writable) this.#target.end();
  }
}
