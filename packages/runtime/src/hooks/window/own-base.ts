/**
 * @module Our `<base>` is not found by what is asked of the document as a whole: a page that looks for one decides by it how it
 * resolves routes and references.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { ownBases } from '../../realm/base-element.js';
import type { Realm } from '../../realm/realm.js';

export function interceptOwnBase(realm: Realm): void {
  const prototype = realm.global.Document.prototype as object;

  interceptMethod(
    realm,
    prototype,
    'querySelector',
    (native) =>
      function (...args) {
        const found = apply(native, this, args) as object | null;
        // It is the last element of the document: where it comes first, nothing else matches.
        return found !== null && ownBases.has(found) ? null : found;
      },
  );
  interceptMethod(
    realm,
    prototype,
    'querySelectorAll',
    (native) =>
      function (...args) {
        const found = apply(native, this, args) as ArrayLike<object>;
        const { length } = found;
        if (length === 0 || !ownBases.has(found[length - 1]!)) return found;
        return apply(native, this, [`:is(${args[0] as string}):not(:root > base:last-child)`]) as unknown;
      },
  );
}
