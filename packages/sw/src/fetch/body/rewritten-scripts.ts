/**
 * @module
 * What scripts were rewritten to that the HTTP cache may not keep: a page that is loaded again gets them anew from its site, mostly the
 * same bytes. In memory alone, by what they hold.
 */

type Bytes = Uint8Array<ArrayBuffer>;

/** Of all that is kept, in bytes. */
const defaultLimit = 8 * 2 ** 20;

export class RewrittenScripts {
  readonly #limit: number;
  /** `null` for a script without edits; the one that was used last comes last. */
  readonly #known = new Map<string, Bytes | null>();
  #size = 0;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  /** @param kind all that the rewriting depends on beside the bytes */
  async rewrite(source: Bytes, kind: string, rewrite: () => Bytes): Promise<Bytes> {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', source));
    const key = `${kind} ${btoa(String.fromCharCode(...digest))}`;
    const known = this.#known.get(key);
    const isKnown = known !== undefined;
    const rewritten = isKnown ? (known ?? source) : rewrite();
    this.#keep(key, rewritten === source ? null : rewritten);
    return rewritten;
  }

  #keep(key: string, rewritten: Bytes | null): void {
    this.#drop(key);
    this.#known.set(key, rewritten);
    this.#size += sizeOf(rewritten);
    for (const oldest of this.#known.keys()) {
      if (this.#size <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const rewritten = this.#known.get(key);
    if (rewritten !== undefined) this.#size -= sizeOf(rewritten);
    this.#known.delete(key);
  }
}

/** The key counts too: a site may send ever new scripts without edits. */
function sizeOf(rewritten: Bytes | null): number {
  return (rewritten?.length ?? 0) + 200;
}
