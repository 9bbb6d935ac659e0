/**
 * @module
 * The bytes that all sessions of a server keep, counted together.
 */

export interface LedgerAccount {
  /** What this session keeps now. */
  set(bytes: number): void;
}

export class BufferLedger {
  #total = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return this.#total;
  }

  get isFull(): boolean {
    return this.#total >= this.#limit;
  }

  openAccount(): LedgerAccount {
    let own = 0;
    return {
      set: (bytes) => {
        this.#total += bytes - own;
        own = bytes;
      },
    };
  }
}
