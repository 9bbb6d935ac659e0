/**
 * @module `contentWindow` and `contentDocument`: whoever reaches a frame finds the runtime in it.
 */
import { companionName } from '@culvert/rewriter';
import { interceptAccessor } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';
import { isSameOriginDomain } from '../../realm/same-origin.js';
import { enterWindow, frameWindow, newFrames } from '../../realm/child-frame.js';

const frameInterfaces = ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement'] as const;

export function interceptFrameElements(realm: Realm): void {
  for (const name of frameInterfaces) {
    const prototype = realm.global[name]?.prototype as object | undefined;
    if (!prototype) continue;
    interceptAccessor(realm, prototype, 'contentWindow', {
      get: (native) =>
        function () {
          const window = native(this) as unknown;
          enterWindow(realm, window);
          return window;
        },
    });
    interceptAccessor(realm, prototype, 'contentDocument', {
      get: (native) =>
        function () {
          const document = native(this) as unknown;
          if (document === null) return null;
          // Scripts may be off in it, so that nothing of ours is there to ask.
          if (realm.natives.hasAttribute(this, companionName('sandbox'))) return null;
          const window = frameWindow(realm, this) as object;
          enterWindow(realm, window);
          const inside = realm.tree.realmOf(window);
          // A document of another (real) origin is nothing a page may touch.
          return inside && !isSameOriginDomain(inside, realm) ? null : document;
        },
    });
  }
}

/** Frames that the parser makes: the records come before the next script runs. */
export function watchParsedFrames(realm: Realm): void {
  const { global, natives } = realm;
  const watch = () => {
    const observer = new global.MutationObserver(() => newFrames(realm)(false)) as MutationObserver;
    observer.observe(realm.document() as Document, { childList: true, subtree: true });
    natives.addEventListener(global as EventTarget, 'load', () => observer.disconnect());
  };
  watch();
  realm.onReboot.push(watch);
  realm.onDocumentOpen.push(watch);
}
