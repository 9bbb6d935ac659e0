/**
 * @module
 * What scripts set by `document.cookie` and `cookieStore`. Each line comes twice: posted, which is in order with the page's other
 * messages and its navigations, and in the header of a request, which is in order with its requests. The first counts.
 */
import type { ToServiceWorker } from '@culvert/runtime';
import type { RealmIdentity } from '../clients/realm-tokens.js';
import { isSameOrigin, siteOf } from '../site.js';
import type { CookieBroadcast } from './cookie-broadcast.js';
import type { CookieStore } from './cookie-store.js';

export type SetCookieMessage = Extract<ToServiceWorker, { culvert: 'set-cookie' }>;

/** A line that comes for the second time later than this many realms later is stored again. */
const realmsRemembered = 1000;

export class DocumentCookies {
  readonly #cookies: CookieStore;
  readonly #broadcast: CookieBroadcast;
  /** The last line of each realm that was stored. */
  readonly #last = new Map<number, number>();
  /** Settled when all that came so far is stored: who sends has to be checked, and the lines stay in order. */
  #previous: Promise<void> = Promise.resolve();

  constructor({ cookies, broadcast }: { cookies: CookieStore; broadcast: CookieBroadcast }) {
    this.#cookies = cookies;
    this.#broadcast = broadcast;
  }

  /**
   * Must be called as soon as the line has come: requests that come after it wait until it is stored.
   *
   * @param sender who has proven that the line is its own, if anybody has
   * @param background given what is to be done when the line is stored: to save it, and to tell other documents
   */
  async set(
    message: SetCookieMessage,
    sender: Promise<RealmIdentity | null>,
    senderId: string,
    background: (work: Promise<unknown>) => void,
  ): Promise<void> {
    const done = this.#cookies.expectChange();
    const stored = this.#store(this.#previous, message, sender);
    // The next line has no part in a failure of this one.
    this.#previous = stored.then(() => undefined).catch(() => undefined);
    try {
      const isStored = await stored;
      if (isStored === null) return;
      // The page believes in what it has set. It is told better only if it is wrong.
      background(this.#broadcast.announce(isStored ? { except: senderId } : { always: senderId }));
      if (isStored) background(this.#cookies.save());
    } finally {
      done();
    }
  }

  /** @returns null where there is nothing to do, false where the jar has refused the line */
  async #store(
    previous: Promise<void>,
    { url, cookie, by, index }: SetCookieMessage,
    proof: Promise<RealmIdentity | null>,
  ): Promise<boolean | null> {
    const sender = await proof;
    await previous;
    await this.#cookies.ready;
    if (!sender || !isSameOrigin(sender.url, url) || index <= (this.#last.get(by) ?? 0)) return null;
    this.#remember(by, index);
    const partition = sender.topLevelSite;
    const sameSite = siteOf(url) === partition ? 'strict' : 'cross';
    return this.#cookies.jar.setCookie(cookie, url, { http: false, partition, sameSite }) !== null;
  }

  #remember(by: number, index: number): void {
    this.#last.delete(by);
    this.#last.set(by, index);
    if (this.#last.size > realmsRemembered) this.#last.delete(this.#last.keys().next().value!);
  }
}
