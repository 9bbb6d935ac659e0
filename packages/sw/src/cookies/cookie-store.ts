/**
 * @module
 * The one jar: in memory while the worker runs, stored after changes, read once at start.
 *
 * Session cookies are kept like the others, since a worker is stopped many times in a browser session, and go when that session
 * has ended (`browser-session.ts`).
 */
import { CookieJar, type Cookie } from '@culvert/cookies';
import { isPublicSuffix } from '../site.js';
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';

export interface CookieStoreOptions extends StoredValueOptions {
  persistence: Persistence<Cookie[]>;
  partitioning: 'all' | 'attribute';
  /** Does the browser session still last in which the jar was stored? Must not reject. */
  isSameSession?: () => Promise<boolean>;
}

export class CookieStore {
  /** Settled once the jar is what it was when the worker last ran. Never rejects. */
  readonly ready: Promise<void>;
  readonly #stored: StoredValue<Cookie[]>;
  readonly #expected = new Set<Promise<void>>();
  #jar: CookieJar;

  constructor({ persistence, partitioning, isSameSession = async () => true, ...options }: CookieStoreOptions) {
    const createJar = (cookies: Cookie[]) => new CookieJar({ isPublicSuffix, cookies, partitioning });
    this.#jar = createJar([]);
    this.#stored = new StoredValue(persistence, () => this.#jar.toJSON(), options);
    this.ready = Promise.all([this.#stored.load(), isSameSession()]).then(([cookies, isSame]) => {
      if (cookies) this.#jar = createJar(isSame ? cookies : cookies.filter(({ expires }) => expires !== null));
    });
  }

  /** Only after `ready`. */
  get jar(): CookieJar {
    return this.#jar;
  }

  /** Something is under way that will change the jar. @returns what is to be called when it has, or has not */
  expectChange(): () => void {
    const { promise, resolve } = withResolver();
    this.#expected.add(promise);
    return () => {
      this.#expected.delete(promise);
      resolve();
    };
  }

  /** Settled when all changes that are expected by now have been made. */
  async changesExpected(): Promise<void> {
    if (this.#expected.size > 0) await Promise.all(this.#expected);
  }

  /** For `waitUntil`. */
  save(): Promise<void> {
    return this.#stored.save();
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
