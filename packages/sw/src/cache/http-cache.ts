/**
 * @module
 * The HTTP cache: answers as the site sent them, by top-level site and URL, and beside a script what it was rewritten to.
 * What is old by RFC 9111 is `freshness.ts`'s, what a request makes of it `fetch/steps/send-to-remote.ts`'s.
 */
import type { BareResponse, HeaderPair } from '@culvert/bare-client';
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';
import { PendingWrites, type PendingWrite } from './pending-writes.js';
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
  /** Answers are written when none has come for so long, in milliseconds. Default: 1000. */
  writeDelay?: number;
}

/** Bytes of answers that wait in memory to be written. */
const pendingLimit = 16 * 2 ** 20;

const metadataHeader = 'x-culvert-entry';

export class HttpCache {
  readonly #open: () => Promise<ResponseStore>;
  readonly #limits: CacheLimits;
  readonly #usage = new Map<string, number>();
  readonly #stored: StoredValue<Usage[]>;
  readonly #ready: Promise<void>;
  readonly #pending: PendingWrites;
  #store: Promise<ResponseStore | null> | null = null;

  constructor({ open, usage, limits, writeDelay = 1000, ...options }: HttpCacheOptions) {
    this.#open = open;
    this.#pending = new PendingWrites((key, item) => this.#writeOut(key, item), {
      delay: writeDelay,
      sizeLimit: pendingLimit,
    });
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
    const stored = await this.#read(key);
    if (stored === null) return null;
    const { body, metadata } = stored;
    const entry = JSON.parse(metadata) as CacheEntry;
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
   * Takes a copy of an answer, when its last byte has come.
   *
   * @param body of its own, to be read to its end here
   * @returns `null` if it was not kept
   */
  async put(
    key: string,
    answer: StoredAnswer & { statusText: string },
    requestHeaders: readonly HeaderPair[],
    body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null,
  ): Promise<CacheEntry | null> {
    const headers = answer.headers.filter(([name]) => !/^set-cookie2?$/i.test(name));
    const version = `${answer.responseTime}-${Math.random().toString(36).slice(2)}`;
    const vary = varyValues(headers, requestHeaders);
    const entry: CacheEntry = { ...answer, headers, key, vary, version };
    try {
      const bytes = await readLimited(body, this.#limits.entrySize);
      await this.#ready;
      if (bytes !== null) {
        this.#put(key, bytes, JSON.stringify(entry));
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
    this.#put(entry.key, new Uint8Array(await found.body.arrayBuffer()), JSON.stringify(entry));
  }

  /** For `waitUntil`: settled when what has been put is stored. */
  written(): Promise<void> {
    return this.#pending.written();
  }

  async delete(key: string): Promise<void> {
    await this.#ready;
    const related = [...this.#usage.keys()].filter((other) => other === key || other.startsWith(`${key}#`));
    if (related.length === 0) return;
    for (const name of related) {
      this.#usage.delete(name);
      this.#pending.delete(name);
      await this.#with((store) => store.delete(withoutHash(name)));
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
  async findRewritten({ key, version }: CacheEntry, variant: string): Promise<Response | null> {
    const name = `${key}#${variant}`;
    const stored = await this.#read(name);
    if (stored?.metadata !== version) return null;
    this.#touch(name);
    return stored.body;
  }

  async putRewritten({ key, version }: CacheEntry, variant: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#ready;
    // The answer itself is stored when it has been read, or was not worth it.
    if (this.#usage.has(key)) this.#put(`${key}#${variant}`, bytes, version);
  }

  async #read(key: string): Promise<{ body: Response; metadata: string } | null> {
    if (!this.#usage.has(key)) return null;
    const pending = this.#pending.get(key);
    if (pending) return { body: new Response(pending.bytes), metadata: pending.metadata };
    const body = await this.#with((store) => store.match(withoutHash(key)));
    const metadata = body?.headers.get(metadataHeader);
    return body && metadata ? { body, metadata: decodeURIComponent(metadata) } : null;
  }

  /** Not before `#ready`. */
  #put(key: string, bytes: Uint8Array<ArrayBuffer>, metadata: string): void {
    this.#usage.delete(key);
    this.#usage.set(key, bytes.length);
    this.#pending.add(key, { bytes, metadata });
  }

  async #writeOut(key: string, { bytes, metadata }: PendingWrite): Promise<void> {
    const headers = { [metadataHeader]: encodeURIComponent(metadata) };
    const isStored = await this.#with(async (store) => {
      await store.put(withoutHash(key), new Response(bytes, { headers }));
      return true;
    });
    if (!isStored) this.#usage.delete(key);
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
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body.length > limit ? null : body;
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
