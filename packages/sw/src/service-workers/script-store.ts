/**
 * @module
 * The scripts of sites' service workers, the imported ones too: kept as they were when the worker was installed, so that it starts
 * without a network and is the same each time.
 *
 * @see https://w3c.github.io/ServiceWorker/#dfn-script-resource-map
 */
import type { BareResponse } from '@culvert/bare-client';

export interface ScriptCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
  delete(url: string): Promise<boolean>;
  keys(): Promise<readonly { url: string }[]>;
}

export class ScriptStore {
  readonly #open: () => Promise<ScriptCache>;
  readonly #directory: string;

  /** @param directory of our own files; keys of a Cache are URLs */
  constructor(directory: string, open: () => Promise<ScriptCache>) {
    this.#directory = directory;
    this.#open = open;
  }

  async find(version: string, url: string): Promise<BareResponse | null> {
    const found = await (await this.#open()).match(this.#key(version, url));
    return found ? Object.assign(found, { rawHeaders: [...found.headers], finalUrl: url }) : null;
  }

  async put(version: string, url: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<void> {
    const response = new Response(bytes, { headers: { 'content-type': contentType } });
    await (await this.#open()).put(this.#key(version, url), response);
  }

  /** The real URLs of a worker's scripts. */
  async urls(version: string): Promise<string[]> {
    const prefix = this.#key(version, '');
    const keys = await (await this.#open()).keys();
    return keys.flatMap(({ url }) => (url.startsWith(prefix) ? [decodeURIComponent(url.slice(prefix.length))] : []));
  }

  async remove(version: string): Promise<void> {
    const cache = await this.#open();
    for (const url of await this.urls(version)) await cache.delete(this.#key(version, url));
  }

  #key(version: string, url: string): string {
    return `${this.#directory}scripts/${version}/${encodeURIComponent(url)}`;
  }
}
