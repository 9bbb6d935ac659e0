/**
 * @module
 * The HTTP cache: answers as the site sent them, by top-level site and URL, and beside a script what it was rewritten to.
 * What is old by RFC 9111 is `freshness.ts`'s, what a request makes of it `fetch/steps/send-to-remote.ts`'s.
 */
import type { BareResponse, HeaderPair } from '@culvert/bare-client';
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';
import { variesAlike, varyValues, type StoredAnswer } from './freshness.js';

/** The part of the Cache API that is used. */
export interface ResponseStore {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  delete(key: string): Promise<boolean>;
}

export interface CacheLimits {
  /** Of all bodies together, in bytes. Default: 128 MB. */
  totalSize: number;
  /** What is longer is not kept, in bytes. Default: 16 MB. */
  entrySize: number;
}

export const defaultCacheLimits: CacheLimits = { totalSize: 128 * 2 ** 20, entrySize: 16 * 2 ** 20 };

/** An answer that is stored, and the key of it. */
export interface CacheEntry extends StoredAnswer {
  key: string;
  statusText: string;
  vary: Record<string, string>;
  /** Changes with the body. */
  version: string;
}

/** What is known without opening the store: least recently used first. */
interface Usage {
  key: string;
  size: number;
}

export interface HttpCacheOptions extends StoredValueOptions {
  open(): Promise<ResponseStore>;
  usage: Persistence<Usage[]>;
  limits?: Partial<CacheLimits>;
}

const metadataHeader = 'x-culvert-entry';

export class HttpCache {
  readonly #open: () => Promise<ResponseStore>;
  readonly #limits: CacheLimits;
  readonly #usage = new Map<string, number>();
  readonly #stored: StoredValue<Usage[]>;
  readonly #ready: Promise<void>;
  /** What has come whole and is being written: who asks again at once, as pages do, must find it. */
  readonly #arriving = new Map<string, Promise<unknown>>();
  #store: Promise<ResponseStore | null> | null = null;

  constructor({ open, usage, limits, ...options }: HttpCacheOptions) {
    this.#open = open;
    this.#limits = { ...defaultCacheLimits, ...limits };
    this.#stored = new StoredValue(usage, () => [...this.#usage].map(([key, size]) => ({ key, size })), options);
    this.#ready = this.#stored.load().then((entries = []) => {
      for (const { key, size } of entries) if (!this.#usage.has(key)) this.#usage.set(key, size);
    });
  }

  keyOf(topLevelSite: string, url: string): string {
    return `https://cache.invalid/${encodeURIComponent(topLevelSite)}/${encodeURIComponent(url)}`;
  }

  /** @returns `null` if there is none for such a request */
  async find(
    key: string,
    requestHeaders: readonly HeaderPair[],
  ): Promise<{ entry: CacheEntry; body: Response } | null> {
    await this.#ready;
    await this.#arriving.get(key);
    if (!this.#usage.has(key)) return null;
    const body = await this.#with((store) => store.match(key));
    const text = body?.headers.get(metadataHeader);
    if (!body || !text) return null;
    const entry = JSON.parse(decodeURIComponent(text)) as CacheEntry;
    if (!variesAlike(entry.vary, requestHeaders)) return null;
    this.#touch(key);
    return { entry, body };
  }

  /** As if the site had answered it just now. */
  respond({ entry, body }: { entry: CacheEntry; body: Response }): BareResponse {
    const { status, statusText, headers } = entry;
    const response = new Response(isNullBody(status) ? null : body.body, { status, statusText });
    return Object.assign(response, { rawHeaders: [...headers], finalUrl: '' });
  }

  /**
   * Takes a copy of an answer. For `waitUntil`: it is kept when its last byte has come.
   *
   * @param body of its own, to be read to its end here
   * @returns `null` if it was not kept
   */
  async put(
    key: string,
    answer: StoredAnswer & { statusText: string },
    requestHeaders: readonly HeaderPair[],
    body: ReadableStream<Uint8Array> | null,
  ): Promise<CacheEntry | null> {
    const headers = answer.headers.filter(([name]) => !/^set-cookie2?$/i.test(name));
    const version = `${answer.responseTime}-${Math.random().toString(36).slice(2)}`;
    const vary = varyValues(headers, requestHeaders);
    const entry: CacheEntry = { ...answer, headers, key, vary, version };
    try {
      const bytes = await readLimited(body, this.#limits.entrySize);
      await this.#ready;
      if (bytes !== null) {
        await this.#write(key, bytes, entry);
        return entry;
      }
    } catch {
      // The body broke off: half an answer is none. The page has learned of it from its own copy.
    }
    await this.delete(key);
    return null;
  }

  /** New headers for what is stored (a 304 has come). */
  async update(found: { entry: CacheEntry; body: Response }, entry: CacheEntry): Promise<void> {
    await this.#ready;
    await this.#write(entry.key, new Uint8Array(await found.body.arrayBuffer()), entry);
  }

  async delete(key: string): Promise<void> {
    await this.#ready;
    for (const related of [...this.#usage.keys()].filter((other) => other === key || other.startsWith(`${key}#`))) {
      this.#usage.delete(related);
      await this.#with((store) => store.delete(withoutHash(related)));
    }
    await this.#stored.save();
  }

  /** @param matches gets the top-level site and the URL; without it all goes */
  async clear(matches: (topLevelSite: string, url: string) => boolean = () => true): Promise<void> {
    await this.#ready;
    for (const key of this.#usage.keys()) {
      const [site = '', url = ''] = key.split('#')[0]!.split('/').slice(3).map(decodeURIComponent);
      if (key.includes('#') || !matches(site, url)) continue;
      await this.delete(key);
    }
  }

  /** What a script was rewritten to; `null` if that was not kept, or of another body. */
  async findRewritten({ key, version }: CacheEntry, variant: string): Promise<ReadableStream<Uint8Array> | null> {
    const name = `${key}#${variant}`;
    if (!this.#usage.has(name)) return null;
    const response = await this.#with((store) => store.match(withoutHash(name)));
    if (response?.headers.get(metadataHeader) !== encodeURIComponent(version)) return null;
    this.#touch(name);
    return response.body;
  }

  async putRewritten({ key, version }: CacheEntry, variant: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#ready;
    // The answer itself is stored when it has been read, or was not worth it.
    if (!this.#usage.has(key)) return;
    await this.#put(`${key}#${variant}`, bytes, version);
  }

  async #write(key: string, bytes: Uint8Array<ArrayBuffer>, entry: CacheEntry): Promise<void> {
    await this.#put(key, bytes, JSON.stringify(entry));
  }

  /** Not before `#ready`. */
  async #put(key: string, bytes: Uint8Array<ArrayBuffer>, metadata: string): Promise<void> {
    const headers = { [metadataHeader]: encodeURIComponent(metadata) };
    const storing = this.#with(async (store) => {
      await store.put(withoutHash(key), new Response(bytes, { headers }));
      this.#usage.delete(key);
      this.#usage.set(key, bytes.length);
      return true;
    });
    this.#arriving.set(key, storing);
    const isStored = await storing;
    if (this.#arriving.get(key) === storing) this.#arriving.delete(key);
    if (!isStored) return;
    await this.#evict();
    await this.#stored.save();
  }

  #touch(key: string): void {
    const size = this.#usage.get(key);
    if (size === undefined) return;
    this.#usage.delete(key);
    this.#usage.set(key, size);
  }

  async #evict(): Promise<void> {
    let total = 0;
    for (const size of this.#usage.values()) total += size;
    for (const [key, size] of this.#usage) {
      if (total <= this.#limits.totalSize) return;
      total -= size;
      this.#usage.delete(key);
      await this.#with((store) => store.delete(withoutHash(key)));
    }
  }

  /** A store that fails (quota, private windows, cleared underneath) is as an empty one; it is told of once. */
  async #with<T>(use: (store: ResponseStore) => Promise<T>): Promise<T | undefined> {
    try {
      const store = await (this.#store ??= this.#open());
      return store === null ? undefined : await use(store);
    } catch (error) {
      console.warn('culvert: Failed to use the HTTP cache:', error);
      if ((error as Error).name === 'QuotaExceededError') return undefined;
      this.#store = null;
      return undefined;
    }
  }
}

/** The Cache API takes no notice of fragments. */
function withoutHash(key: string): string {
  return key.replace('#', '/rewritten/');
}

function isNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

async function readLimited(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
