/**
 * @module `document.cookie`, answered at once from `visible-cookies.ts`.
 */
import { interceptAccessor } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';
import { visibleCookies } from './visible-cookies.js';

export function interceptDocumentCookie(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const cookies = visibleCookies(realm);
  cookies.follow();

  const denied = (verb: string): DOMException => {
    const message = `Failed to ${verb} the 'cookie' property from 'Document': The document is sandboxed and lacks the 'allow-same-origin' flag.`;
    return new realm.natives.DOMException(message, 'SecurityError');
  };
  interceptAccessor(realm, global.Document.prototype, 'cookie', {
    get: (native) =>
      function (this: Document) {
        // Documents without a browsing context have no cookies; the native getter checks the receiver.
        if (this !== realm.document()) return native(this) && '';
        if (cookies.url() === null) throw denied('read');
        return cookies.text();
      },
    set: (native) =>
      function (this: Document, value: unknown) {
        if (this !== realm.document()) {
          native(this, '');
          return;
        }
        const line = `${value as string}`;
        if (cookies.url() === null) throw denied('set');
        void cookies.write(line);
      },
  });
}
