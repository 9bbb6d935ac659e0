/**
 * @module
 * The one jar: in memory while the worker runs, stored after changes, read once at start.
 *
 * Session cookies are kept like the others: a worker is stopped many times in a browser session, and nothing tells it when
 * that session ends.
 */
import { CookieJar, type Cookie } from '@culvert/cookies';
import { isPublicSuffix } from '../site.js';
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';

export interface CookieStoreOptions extends StoredValueOptions {
  persistence: Persistence<Cookie[]>;
  partitioning: 'all' | 'attribute';
}

export class CookieStore {
  /** Settled once the jar is what it was when the worker last ran. Never rejects. */
  readonly ready: Promise<void>;
  readonly #stored: StoredValue<Cookie[]>;
  #jar: CookieJar;

  constructor({ persistence, partitioning, ...options }: CookieStoreOptions) {
    const createJar = (cookies: Cookie[]) => new CookieJar({ isPublicSuffix, cookies, partitioning });
    this.#jar = createJar([]);
    this.#stored = new StoredValue(persistence, () => this.#jar.toJSON(), options);
    this.ready = this.#stored.load().then((cookies) => {
      if (cookies) this.#jar = createJar(cookies);
    });
  }

  /** Only after `ready`. */
  get jar(): CookieJar {
    return this.#jar;
  }

  /** For `waitUntil`. */
  save(): Promise<void> {
    return this.#stored.save();
  }
}
