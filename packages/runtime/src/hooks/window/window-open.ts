/**
 * @module `window.open`.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { enterWindow } from '../../realm/child-frame.js';
import { toNavigationUrl } from '../../global-scope/navigate.js';
import type { Realm } from '../../realm/realm.js';
import { resolveTarget } from './navigation-target.js';

export function interceptWindowOpen(realm: Realm): void {
  interceptMethod(
    realm,
    realm.global as object,
    'open',
    (native) =>
      function (...args) {
        if (args.length > 0 && args[0] !== undefined) {
          const written = `${args[0]}`;
          const resolved = written === '' ? '' : realm.urls.resolve(written);
          // What does not parse is left for the native's SyntaxError.
          args[0] = resolved === null ? written : resolved && toNavigationUrl(null, resolved, realm);
        }
        const target = args.length > 1 && args[1] !== undefined ? resolveTarget(realm, `${args[1]}`) : null;
        if (target) args[1] = target.name;
        try {
          const opened = apply(native, this, args) as unknown;
          enterWindow(realm, opened);
          return opened;
        } finally {
          target?.release();
        }
      },
  );
}
