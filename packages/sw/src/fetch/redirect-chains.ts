/**
 * @module
 * What led to a request, over the redirects before it. The browser follows a redirect by itself, so that the next request
 * comes without a past; and a route must stay canonical, so that the past cannot travel in the URL.
 */

interface Entry {
  chain: readonly string[];
  expires: number;
}

const lifetime = 30_000;
const maximumEntries = 500;

export class RedirectChains {
  readonly #entries = new Map<string, Entry>();

  /** @param clientKey the client that asks, or the one that a navigation will make. */
  note(clientKey: string, nextUrl: string, chain: readonly string[], now = Date.now()): void {
    for (const [key, { expires }] of this.#entries) {
      if (expires > now && this.#entries.size < maximumEntries) break;
      this.#entries.delete(key);
    }
    this.#entries.set(entryKey(clientKey, nextUrl), { chain, expires: now + lifetime });
  }

  /** The URLs that redirected to this one, first to last; told once. */
  take(clientKey: string, url: string, now = Date.now()): readonly string[] {
    const key = entryKey(clientKey, url);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry && entry.expires > now ? entry.chain : [];
  }
}

function entryKey(clientKey: string, url: string): string {
  return `${clientKey} ${url}`;
}
