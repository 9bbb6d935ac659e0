/**
 * @module Our `<base>` is not found by what is asked of the document as a whole: a page that looks for one decides by it how it
 * resolves routes and references.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod } from '../../natives.js';
import { ownBases } from '../../realm/base-element.js';
import type { Realm } from '../../realm/realm.js';

export function interceptOwnBase(realm: Realm): void {
  const { global } = realm;
  const prototype = global.Document.prototype as object;
  const head = nativeGetter<object | null>(prototype, 'head');
  const elementsInside = nativeMethod<unknown>(global.Element.prototype as object, 'getElementsByTagName');

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
  interceptMethod(
    realm,
    prototype,
    'getElementsByTagName',
    (native) =>
      function (...args) {
        const found = apply(native, this, args) as ArrayLike<object>;
        if (args[0] !== 'base' || found.length === 0 || !ownBases.has(found[found.length - 1]!)) return found;
        // A live collection cannot leave one out; those of a page stand in the head.
        const root = head(this);
        return root ? elementsInside(root, 'base') : found;
      },
  );
}
