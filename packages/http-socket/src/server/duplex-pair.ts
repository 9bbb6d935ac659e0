/**
 * @module
 * Two ends of one stream in this process: `connect` gives one of them away, the server's own code uses the other.
 */
import { Duplex } from 'node:stream';

class PairedDuplex extends Duplex {
  peer!: PairedDuplex;
  #resume: (() => void) | null = null;

  override _read(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    if (this.peer.destroyed) callback();
    else if (this.peer.push(chunk)) process.nextTick(callback);
    else this.peer.#resume = callback;
  }

  override _final(callback: () => void): void {
    this.peer.push(null);
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { peer } = this;
    if (!peer.destroyed && !(this.readableEnded && this.writableFinished)) {
      // As with a TCP connection: an end that did not finish resets the other.
      const isAbrupt = error !== null || !this.writableFinished;
      process.nextTick(() => {
        if (!peer.destroyed && isAbrupt)
          peer.destroy(Object.assign(new Error('The other end is gone.'), { code: 'ECONNRESET' }));
      });
    }
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
    callback(error);
  }
}

export function createDuplexPair(): [Duplex, Duplex] {
  const one = new PairedDuplex({ allowHalfOpen: true });
  const other = new PairedDuplex({ allowHalfOpen: true });
  one.peer = other;
  other.peer = one;
  return [one, other];
}
