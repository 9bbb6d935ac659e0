/**
 * @module The browsing contexts around a realm as the page may know them: those outside the proxy do not exist.
 */
import { nativeGetter } from '../natives.js';
import type { Realm } from './realm.js';
import { realmOfWindow } from './realm-link.js';

export interface WindowTree {
  /** The realm of a window; null for one outside the proxy. */
  realmOf(window: any): Realm | null;
  /** The parent as the page may see it: the window itself where the proxied tree ends. */
  parentOf(window: any): any;
  /** The outermost proxied ancestor. */
  topOf(window: any): any;
  isWindow(value: unknown): boolean;
}

export function createWindowTree(realm: Realm): WindowTree {
  const nativeParent = nativeGetter(realm.global, 'parent');
  const nativeWindow = nativeGetter(realm.global, 'window');
  const tree: WindowTree = {
    realmOf: (window) => (window === realm.global ? realm : realmOfWindow(window, realm.data.build)),
    parentOf(window) {
      const parent = nativeParent(window);
      // Null in a window whose frame is gone.
      return parent === null || parent === window || tree.realmOf(parent) ? parent : window;
    },
    topOf(window) {
      for (;;) {
        const parent = tree.parentOf(window);
        if (parent === null || parent === window) return parent;
        window = parent;
      }
    },
    isWindow(value) {
      if (value === null || typeof value !== 'object') return false;
      try {
        // The getter's own brand check: it throws for anything but a Window, and answers for one of any realm.
        return nativeWindow(value) !== undefined;
      } catch {
        return false;
      }
    },
  };
  return tree;
}
