/**
 * @module
 * Integrity metadata of the scripts in the markup of documents, until they are asked for: the request of a preload scanner
 * does not have it. In memory alone, since the requests follow their document at once.
 */
import { withoutFragment } from '../../clients/client-registry.js';

const maximumEntries = 2000;

export class NotedIntegrity {
  readonly #entries = new Map<string, string>();

  note(clientId: string, url: string, metadata: string): void {
    const key = keyOf(clientId, url);
    const before = this.#entries.get(key);
    this.#entries.delete(key);
    // Two elements of one URL: the one request is for both.
    this.#entries.set(key, before === undefined || before === metadata ? metadata : `${before} ${metadata}`);
    if (this.#entries.size > maximumEntries) this.#entries.delete(this.#entries.keys().next().value!);
  }

  /** Empty if there is none. */
  find(clientId: string, url: string): string {
    return this.#entries.get(keyOf(clientId, url)) ?? '';
  }
}

function keyOf(clientId: string, url: string): string {
  return `${clientId} ${withoutFragment(url)}`;
}
