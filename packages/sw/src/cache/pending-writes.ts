/**
 * @module
 * What is on its way into the store. It is written when the page that loads has what it asked for: writing costs the worker more than
 * answering. Until then it is found here.
 */

export interface PendingWrite {
  bytes: Uint8Array<ArrayBuffer>;
  metadata: string;
}

export interface PendingWritesOptions {
  /** Writing begins when nothing has come for so long, in milliseconds. */
  delay: number;
  /** What is waiting in memory, in bytes; with more, writing begins at once. */
  sizeLimit: number;
}

export class PendingWrites {
  readonly #write: (key: string, item: PendingWrite) => Promise<void>;
  readonly #options: PendingWritesOptions;
  readonly #items = new Map<string, PendingWrite>();
  #size = 0;
  #writing: Promise<void> | null = null;
  #lastAdded = 0;
  #hurry: () => void = () => undefined;

  /** @param write must not reject */
  constructor(write: (key: string, item: PendingWrite) => Promise<void>, options: PendingWritesOptions) {
    this.#write = write;
    this.#options = options;
  }

  get(key: string): PendingWrite | undefined {
    return this.#items.get(key);
  }

  add(key: string, item: PendingWrite): void {
    this.delete(key);
    this.#items.set(key, item);
    this.#size += item.bytes.length;
    this.#lastAdded = performance.now();
    if (this.#size > this.#options.sizeLimit) this.#hurry();
    this.#writing ??= this.#writeAll();
  }

  delete(key: string): void {
    this.#size -= this.#items.get(key)?.bytes.length ?? 0;
    this.#items.delete(key);
  }

  /** For `waitUntil`: settled when all of it is written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    await this.#quiet();
    for (const [key, item] of this.#items) {
      await this.#write(key, item);
      // What has come in its place meanwhile is still to be written.
      if (this.#items.get(key) === item) this.delete(key);
    }
    this.#writing = null;
  }

  async #quiet(): Promise<void> {
    const { delay, sizeLimit } = this.#options;
    let rest = delay;
    while (rest > 0 && this.#size <= sizeLimit) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, rest);
        this.#hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      rest = this.#lastAdded + delay - performance.now();
    }
  }
}
