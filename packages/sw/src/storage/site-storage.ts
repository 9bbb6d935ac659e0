/**
 * @module
 * What a site has stored in this browser beside cookies: all proxied sites share the databases, caches and storage areas of our
 * origin, and each name in them begins with the site's own prefix (`storage-partition.ts` of the runtime).
 */
import { storagePrefix } from '@culvert/runtime';
import type { ClientRegistry } from '../clients/client-registry.js';

export interface SiteStorageOptions {
  /** Null where the browser gives none. */
  databases: (Pick<IDBFactory, 'deleteDatabase'> & Partial<Pick<IDBFactory, 'databases'>>) | null;
  caches: Pick<CacheStorage, 'keys' | 'delete'>;
  clients: Pick<ClientRegistry, 'proxiedWindows'>;
}

export class SiteStorage {
  readonly #options: SiteStorageOptions;

  constructor(options: SiteStorageOptions) {
    this.#options = options;
  }

  /**
   * Removes what an origin has stored under a top-level site. Windows do it for the areas that no worker reaches, and are told
   * before this returns; the rest is for `waitUntil`, as a database that is open goes when it is closed.
   */
  async clear(origin: string, topLevelSite: string): Promise<{ rest: Promise<void> }> {
    const prefix = storagePrefix(origin, topLevelSite);
    for (const { client } of await this.#options.clients.proxiedWindows())
      client.postMessage({ culvert: 'clear-storage', prefix });
    return { rest: this.#clearShared(prefix) };
  }

  async #clearShared(prefix: string): Promise<void> {
    const { databases, caches } = this.#options;
    try {
      for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
      for (const { name } of (await databases?.databases?.()) ?? [])
        if (name?.startsWith(prefix)) databases!.deleteDatabase(name);
    } catch (error) {
      // Storage that does not open (private windows) holds nothing either.
      console.warn('culvert: Failed to clear the storage of a site:', error);
    }
  }
}

/** For the document that says it: a script before the runtime, in the one realm that surely has the tab's own storage. */
export function clearingScript(origin: string, topLevelSite: string): string {
  const prefix = JSON.stringify(storagePrefix(origin, topLevelSite)).replaceAll('<', '\\u003c');
  return `try{for(const a of[localStorage,sessionStorage])for(const k of Object.keys(a))k.startsWith(${prefix})&&a.removeItem(k)}catch{}`;
}
