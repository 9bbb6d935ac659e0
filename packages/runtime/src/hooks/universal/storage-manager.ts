/**
 * @module `StorageManager.getDirectory`: a site's origin private file system is a folder of the shared one, and shows
 * itself as a root.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { storagePartition } from './storage-partition.js';

export function interceptStorageManager(realm: Realm): void {
  const global = realm.global as typeof globalThis;
  if (typeof global.StorageManager !== 'function' || typeof global.FileSystemDirectoryHandle !== 'function') return;
  if (!('getDirectory' in global.StorageManager.prototype)) return;
  const partition = storagePartition(realm);
  const { getDirectoryHandle } = global.FileSystemDirectoryHandle.prototype;
  // Encoded, because a file name has no slash. Each time, because the window of an initial about:blank becomes another document's.
  const folder = () => encodeURIComponent(partition.prefix);

  interceptMethod(
    realm,
    global.StorageManager.prototype,
    'getDirectory',
    (native) =>
      async function (this: StorageManager, ...args: unknown[]) {
        const root = (await apply(native, this, args)) as FileSystemDirectoryHandle;
        return apply(getDirectoryHandle, root, [folder(), { create: true }]);
      },
  );

  interceptAccessor(realm, global.FileSystemHandle.prototype, 'name', {
    get: (native) =>
      function (this: FileSystemHandle) {
        const name = native(this) as string;
        return name === folder() ? '' : name;
      },
  });
}
