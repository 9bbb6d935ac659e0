/**
 * @module `eval` as a property of the global: an accessor underneath, which shows itself as the data property it is
 * natively (see `reflection.ts`).
 */
import { evalArming, rewriteEvalSource } from '../../global-scope/eval-arming.js';
import { asNativeMethod } from '../../interception/index.js';
import { defineProperty } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptEval(realm: Realm): void {
  const native = realm.natives.eval;
  const arming = evalArming(realm);
  // Called under another name or through `(0, eval)`: global code.
  const indirectEval = asNativeMethod(realm, native, (source) => native(rewriteEvalSource(realm, source)));
  let current: unknown = indirectEval;
  defineProperty(realm.global, 'eval', {
    get: () => (current === indirectEval && arming.take() ? native : current),
    set: (value) => {
      current = value === native ? indirectEval : value;
    },
    enumerable: false,
    configurable: true,
  });
}
