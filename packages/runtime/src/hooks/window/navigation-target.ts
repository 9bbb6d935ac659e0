/**
 * @module Names of navigation targets: `_top` and `_parent` end where the proxied documents end.
 */
import { nativeGetter, nativeSetter, stringSlice, stringToLowerCase } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export interface NativeTarget {
  name: string;
  /** Undoes what the name needed, once the navigation has been started. */
  release(): void;
}

const nothing = () => undefined;

export function resolveTarget(realm: Realm, written: string): NativeTarget {
  const { global, tree } = realm;
  const name = stringToLowerCase(written);
  if (name === '_parent' || name === '_top') {
    const window = name === '_top' ? tree.topOf(global) : tree.parentOf(global);
    if (window === null || window === global) return { name: '_self', release: nothing };
    if (window === global.top) return { name: '_top', release: nothing };
    if (window === nativeParent(realm)) return { name: '_parent', release: nothing };
    return borrowName(global, window);
  }
  return { name: written, release: nothing };
}

const borrowed = /^culvert-[\d.e-]+-/;

/**
 * A window that no keyword reaches gets a name for the moment. The document that comes may be given that name still
 * (Chromium makes its frame when the navigation begins), so the old one is part of it and is put back at boot, too.
 */
function borrowName(global: any, window: any): NativeTarget {
  const read = nativeGetter<string>(global, 'name');
  const write = nativeSetter<string>(global, 'name');
  const before = read(window);
  const name = `culvert-${(global.Math.random as () => number)()}-${before}`;
  write(window, name);
  return { name, release: () => write(window, before) };
}

export function returnBorrowedName(realm: Realm): void {
  const { global } = realm;
  const read = nativeGetter<string>(global, 'name');
  const write = nativeSetter<string>(global, 'name');
  const restore = () => {
    const name = read(global);
    const found = borrowed.exec(name);
    if (found) write(global, stringSlice(name, found[0].length));
  };
  restore();
  realm.onReboot.push(restore);
}

function nativeParent(realm: Realm): unknown {
  const parent = realm.tree.parentOf(realm.global) as unknown;
  return parent === realm.global ? null : parent;
}
