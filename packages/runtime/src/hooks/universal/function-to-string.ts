/**
 * @module `Function.prototype.toString`: hooks read as the natives they stand for, rewritten functions as written.
 */
import { asWritten } from '../../dom/rewritten-text.js';
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptFunctionToString(realm: Realm): void {
  const { nativeOf, nativeText } = realm.shared;
  const prototype = realm.natives.Function.prototype as object;
  interceptMethod(
    realm,
    prototype,
    'toString',
    (native) =>
      function (...args) {
        if (typeof this === 'function') {
          const known = nativeText.get(this as object);
          if (known !== undefined) return known;
        }
        const self = ((typeof this === 'function' && nativeOf.get(this as object)) || this) as object;
        const text = apply(native, self, args) as string;
        return asWritten(text);
      },
  );
}
