/**
 * @module
 * What v1 and v2 have to remember between the requests that make up one WebSocket. Values are strings and every one is taken
 * once, so that any key-value store with an expiry will do (Redis: `SET key value PX lifetime` and `GETDEL key`) when several
 * processes serve the same directory.
 */
import { defaults } from '../../options.js';

export interface MetaStore {
  /** Keeps a value for so many milliseconds. */
  set(key: string, value: string, lifetime: number): void | Promise<void>;
  /** Gives a value and forgets it, in one step; null when there is none, or none any more. */
  take(key: string): string | null | Promise<string | null>;
}

/** Keeps values in this process. */
export class MemoryMetaStore implements MetaStore {
  readonly #entries = new Map<string, { value: string; expires: number }>();

  /**
   * @param now gives the time in milliseconds
   * @param maxEntries values that are held; the oldest make room
   */
  constructor(
    readonly now: () => number = Date.now,
    readonly maxEntries: number = defaults.maxMetaEntries,
  ) {}

  set(key: string, value: string, lifetime: number): void {
    const now = this.now();
    this.#dropExpired(now);
    this.#entries.delete(key);
    this.#entries.set(key, { value, expires: now + lifetime });
  }

  take(key: string): string | null {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry !== undefined && entry.expires > this.now() ? entry.value : null;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Entries stand in the order they were set in, so the first ones expire first. */
  #dropExpired(now: number): void {
    for (const [key, { expires }] of this.#entries) {
      if (expires > now && this.#entries.size < this.maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
