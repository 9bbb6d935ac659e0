/**
 * @module `setTimeout` and `setInterval` with source text.
 */
import { rewriteScript } from '@culvert/rewriter';
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptStringTimers(realm: Realm): void {
  for (const name of ['setTimeout', 'setInterval']) {
    interceptMethod(
      realm,
      realm.global as object,
      name,
      (native) =>
        ({
          timer(this: unknown, ...args: unknown[]) {
            if (args.length > 0 && typeof args[0] !== 'function') {
              args[0] = withTrustOf(realm, args[0], rewriteScript(`${args[0] as string}`, { kind: 'eval' }));
            }
            return apply(native, this, args) as unknown;
          },
        }).timer,
    );
  }
}
