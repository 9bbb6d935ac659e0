/**
 * @module The names under which a site's data is kept in the storage that all proxied sites share: every database,
 * cache, channel, lock and storage key of a site carries a prefix made of its storage key (origin and, in a third-party
 * frame, top-level site).
 */
import type { Realm } from '../../realm/realm.js';
import { storagePrefix } from '../../storage-prefix.js';

export { partitionKey } from '../../storage-prefix.js';

export interface StoragePartition {
  /** The prefix of everything that belongs to this realm. Ends in a character that no origin contains. */
  readonly prefix: string;
  add(name: string): string;
  /** The page's own name for a shared one, or null when it belongs to another site. */
  strip(sharedName: string): string | null;
}

export function storagePartition(realm: Realm): StoragePartition {
  return {
    // Not computed once: the window of an initial about:blank can become another document's.
    get prefix() {
      return storagePrefix(realm.urls.origin(), realm.data.topLevelSite);
    },
    add(name) {
      return this.prefix + name;
    },
    strip(sharedName) {
      const { prefix } = this;
      return sharedName.startsWith(prefix) ? sharedName.slice(prefix.length) : null;
    },
  };
}
