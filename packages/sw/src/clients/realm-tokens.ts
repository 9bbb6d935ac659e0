/**
 * @module
 * Proofs of who a message is from. A token goes to the runtime of a document or worker with its boot data, which the page never
 * sees; a script of the page can send a message too, but not with a token. Made of a key, so that a worker that starts anew
 * knows the tokens of old pages.
 */
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';

/** Whom a token stands for: what its realm may see and set. */
export interface RealmIdentity {
  url: string;
  topLevelSite: string;
}

const keptTokens = 50;

export class RealmTokens {
  readonly #key: Promise<CryptoKey>;
  /** Of the last ones that were asked for, the newest last. */
  readonly #issued = new Map<string, Promise<string>>();

  constructor(persistence: Persistence<Uint8Array<ArrayBuffer>>, options: StoredValueOptions = {}) {
    let bytes: Uint8Array<ArrayBuffer>;
    const stored = new StoredValue(persistence, () => bytes, options);
    this.#key = stored.load().then((known) => {
      bytes = known ?? crypto.getRandomValues(new Uint8Array(32));
      if (!known) void stored.save();
      return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
    });
  }

  /** The same for the same realm: who asks while the site's answer is on its way has it at once when that is there. */
  issue(identity: RealmIdentity): Promise<string> {
    const key = `${identity.topLevelSite} ${identity.url}`;
    const token = this.#issued.get(key) ?? this.#sign(identity);
    this.#issued.delete(key);
    this.#issued.set(key, token);
    if (this.#issued.size > keptTokens) this.#issued.delete(this.#issued.keys().next().value!);
    return token;
  }

  async #sign(identity: RealmIdentity): Promise<string> {
    const signature = await crypto.subtle.sign('HMAC', await this.#key, textOf(identity));
    return btoa(String.fromCharCode(...new Uint8Array(signature)));
  }

  async isValid(identity: RealmIdentity, token: string): Promise<boolean> {
    if (!/^[\w+/]{43}=$/.test(token)) return false;
    const signature = Uint8Array.from(atob(token), (unit) => unit.charCodeAt(0));
    return crypto.subtle.verify('HMAC', await this.#key, signature, textOf(identity));
  }
}

function textOf({ url, topLevelSite }: RealmIdentity): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${topLevelSite} ${url}`);
}
