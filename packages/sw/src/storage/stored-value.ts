/**
 * @module
 * One value that outlives the worker, which the browser stops after half a minute without work: read once at start, written
 * after changes. Failures are told of and survived; what the worker has in memory goes on.
 */
import { createStore, get, set, type UseStore } from 'idb-keyval';

export interface Persistence<T> {
  load(): Promise<T | undefined>;
  save(value: T): Promise<void>;
}

export interface StoredValueOptions {
  /** Changes within this time are written together, in milliseconds. */
  delay?: number;
  /** A database that does not open must not hold up every request, in milliseconds. */
  loadTimeout?: number;
}

export class StoredValue<T> {
  readonly #persistence: Persistence<T>;
  readonly #current: () => T;
  readonly #options: StoredValueOptions;
  #saving: Promise<void> | null = null;

  /** @param current what there is to write. */
  constructor(persistence: Persistence<T>, current: () => T, options: StoredValueOptions = {}) {
    this.#persistence = persistence;
    this.#current = current;
    this.#options = options;
  }

  /** Never rejects. */
  async load(): Promise<T | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeLimit = new Promise<never>((_resolve, reject) => {
      const fail = () => reject(new Error('The database did not open in time.'));
      timer = setTimeout(fail, this.#options.loadTimeout ?? 3000);
    });
    try {
      return await Promise.race([this.#persistence.load(), timeLimit]);
    } catch (error) {
      console.warn('culvert: Failed to read what was stored:', error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Writes soon. The promise is for `waitUntil`; nobody should wait for it with an answer. Never rejects. */
  save(): Promise<void> {
    return (this.#saving ??= this.#saveAfterDelay());
  }

  async #saveAfterDelay(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#options.delay ?? 200));
    this.#saving = null;
    try {
      await this.#persistence.save(this.#current());
    } catch (error) {
      console.warn('culvert: Failed to store:', error);
    }
  }
}

/** One connection for all values: a worker that starts must not wait for as many. */
let connection: UseStore | null = null;

/** @param key of this value in the worker's own database. */
export function indexedDbPersistence<T>(key: string): Persistence<T> {
  const store = (connection ??= createStore('culvert', 'state'));
  return { load: () => get<T>(key, store), save: (value) => set(key, value, store) };
}
