/**
 * @module
 * What a client knows about one Bare server: its manifest, which versions of it work, and how it has done lately.
 */
import { unlessAborted } from '../fetch-within.js';
import type { BareClientOptions, BareVersion } from '../options.js';
import { BareError } from '../errors.js';
import { fetchManifest } from './manifest.js';

/** Newest first. */
const spokenVersions: readonly BareVersion[] = ['v3', 'v2', 'v1'];
/** How long a server that failed waits behind the others, doubled for each further failure, and at most so long. */
const firstRest = 15_000;
const longestRest = 300_000;
/** How long a version that did not work is not tried again, while another one is there. */
const brokenFor = 300_000;

/** A version may work for requests and not for WebSockets. */
export type Use = 'request' | 'socket';

export class BareServer {
  /** Asked for when first needed. */
  #versions: Promise<BareVersion[]> | null = null;
  readonly #broken = new Map<string, number>();
  #failures = 0;
  #restsUntil = 0;

  /** @param url absolute, with a slash at its end */
  constructor(
    readonly url: string,
    readonly options: BareClientOptions,
  ) {}

  /**
   * The versions to use, best first. Never empty.
   *
   * @throws BareError when the manifest cannot be had (the next call asks again), or has no version that is known here
   */
  async versions(use: Use, signal: AbortSignal | null = null): Promise<BareVersion[]> {
    const { version } = this.options;
    if (version !== undefined) return [version];
    this.#versions ??= this.#readVersions();
    const known = await unlessAborted(this.#versions, signal);
    const now = Date.now();
    const working = known.filter((candidate) => (this.#broken.get(`${use} ${candidate}`) ?? 0) <= now);
    return working.length > 0 ? working : known;
  }

  reportBroken(use: Use, version: BareVersion): void {
    this.#broken.set(`${use} ${version}`, Date.now() + brokenFor);
    // It promised what is not there: it may be another server by now.
    if (use === 'request') this.#versions = null;
  }

  reportFailure(): void {
    this.#restsUntil = Date.now() + Math.min(firstRest * 2 ** this.#failures++, longestRest);
  }

  reportSuccess(): void {
    this.#failures = 0;
    this.#restsUntil = 0;
  }

  get isResting(): boolean {
    return this.#restsUntil > Date.now();
  }

  async #readVersions(): Promise<BareVersion[]> {
    try {
      const { fetch, connectTimeout } = this.options;
      const manifest = await fetchManifest(this.url, { fetch, timeout: connectTimeout });
      const common = spokenVersions.filter((version) => manifest.versions.includes(version));
      if (common.length === 0) {
        throw new BareError({
          code: 'IMPL_NO_COMMON_VERSION',
          id: 'response.body',
          message: `Failed to use the Bare server ${this.url}: it speaks ${JSON.stringify(manifest.versions)}, and this client ${spokenVersions.join(', ')}. Use another server.`,
        });
      }
      return common;
    } catch (error) {
      this.#versions = null;
      throw error;
    }
  }
}
