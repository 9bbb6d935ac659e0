/**
 * @module
 * The hosts that want to be asked by https: alone.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6797
 */
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';

export interface StrictHost {
  host: string;
  includeSubDomains: boolean;
  expires: number;
}

const maximumHosts = 2000;

export class StrictTransport {
  readonly ready: Promise<void>;
  readonly #hosts = new Map<string, StrictHost>();
  readonly #stored: StoredValue<StrictHost[]>;

  constructor(persistence: Persistence<StrictHost[]>, options: StoredValueOptions = {}) {
    this.#stored = new StoredValue(persistence, () => [...this.#hosts.values()], options);
    this.ready = this.#stored.load().then((hosts = []) => {
      for (const host of hosts) if (!this.#hosts.has(host.host)) this.#hosts.set(host.host, host);
    });
  }

  /** Section 8.1. @returns for `waitUntil`; `null` if there is nothing to store */
  note(header: string, remoteUrl: string, now = Date.now()): Promise<void> | null {
    const { protocol, hostname } = new URL(remoteUrl);
    if (protocol !== 'https:' || isIpAddress(hostname)) return null;
    const directives = header.split(';').map((directive) => directive.trim().toLowerCase());
    const ages = directives.flatMap((directive) => /^max-age\s*=\s*"?(\d+)"?$/.exec(directive)?.[1] ?? []);
    if (ages.length !== 1) return null;
    this.#hosts.delete(hostname);
    const age = Number(ages[0]);
    if (age > 0) {
      const includeSubDomains = directives.includes('includesubdomains');
      this.#hosts.set(hostname, { host: hostname, includeSubDomains, expires: now + age * 1000 });
      if (this.#hosts.size > maximumHosts) this.#hosts.delete(this.#hosts.keys().next().value!);
    }
    return this.#stored.save();
  }

  /** Section 8.3. @returns the https: URL to ask for instead, or `null` */
  upgrade(remoteUrl: string, now = Date.now()): string | null {
    if (!remoteUrl.startsWith('http:')) return null;
    const url = new URL(remoteUrl);
    if (!this.#isStrict(url.hostname, now)) return null;
    return toHttps(url);
  }

  #isStrict(hostname: string, now: number): boolean {
    let isSame = true;
    for (let host = hostname; host !== ''; host = host.includes('.') ? host.slice(host.indexOf('.') + 1) : '') {
      const known = this.#hosts.get(host);
      if (known && known.expires > now && (isSame || known.includeSubDomains)) return true;
      isSame = false;
    }
    return false;
  }
}

/** Port 80 becomes 443, another port stays. */
export function toHttps(url: URL): string {
  const upgraded = new URL(url);
  upgraded.protocol = 'https:';
  return upgraded.href;
}

function isIpAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
