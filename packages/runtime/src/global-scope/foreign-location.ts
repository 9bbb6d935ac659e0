/**
 * @module What a script sees of the location of a window of another (real) origin: it may navigate it and nothing else.
 */
import { asNativeMethod, nameAsNative } from '../interception/index.js';
import { createObject, NativeProxy, SafeWeakMap } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { navigateLocation, toNavigationUrl } from './navigate.js';

const locations = new SafeWeakMap<object, object>();

/** Properties that the language asks any object for; cross-origin objects answer undefined. */
export function isAlwaysReadable(key: PropertyKey): boolean {
  return (
    key === 'then' || key === Symbol.toStringTag || key === Symbol.hasInstance || key === Symbol.isConcatSpreadable
  );
}

export function securityError(realm: Realm, what: string): DOMException {
  return new realm.natives.DOMException(
    `${what}: Blocked a frame with origin "${realm.urls.origin()}" from accessing a cross-origin frame.`,
    'SecurityError',
  );
}

/** `window` may also be one whose document has only just begun and has not booted: nothing is known of it yet. */
export function foreignLocation(viewer: Realm, window: object): object {
  const known = locations.get(window);
  if (known) return known;
  const navigate = (url: string, how: 'href' | 'replace') => {
    const target = viewer.tree.realmOf(window);
    if (target) navigateLocation(target, viewer, url, how);
    else navigateUnbooted(viewer, window, url, how);
  };
  const replace = nameAsNative(
    viewer,
    asNativeMethod(viewer, { length: 1 }, (url) => navigate(`${url}`, 'replace')),
    'replace',
    1,
  );
  const setHref = nameAsNative(
    viewer,
    asNativeMethod(viewer, { length: 1 }, (url) => navigate(`${url}`, 'href')),
    'set href',
    1,
  );
  const denied = (key: PropertyKey) =>
    securityError(viewer, `Failed to read a named property '${String(key)}' from 'Location'`);
  const location = new NativeProxy(createObject(null) as object, {
    get(_target, key) {
      if (key === 'replace') return replace;
      if (isAlwaysReadable(key)) return undefined;
      throw denied(key);
    },
    set(_target, key, value) {
      if (key !== 'href') throw denied(key);
      navigate(`${value}`, 'href');
      return true;
    },
    has(_target, key) {
      if (key === 'replace' || key === 'href' || isAlwaysReadable(key)) return true;
      throw denied(key);
    },
    getPrototypeOf: () => null,
    setPrototypeOf: (_target, prototype) => prototype === null,
    isExtensible: () => true,
    preventExtensions: () => false,
    ownKeys: () => ['href', 'replace', 'then', Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable],
    getOwnPropertyDescriptor(_target, key) {
      if (key === 'href') return { get: undefined, set: setHref, enumerable: false, configurable: true };
      if (key === 'replace') return { value: replace, writable: false, enumerable: false, configurable: true };
      if (isAlwaysReadable(key)) return { value: undefined, writable: false, enumerable: false, configurable: true };
      throw denied(key);
    },
    defineProperty(_target, key) {
      throw denied(key);
    },
    deleteProperty(_target, key) {
      throw denied(key);
    },
  });
  locations.set(window, location);
  return location;
}

function navigateUnbooted(viewer: Realm, window: object, url: string, how: 'href' | 'replace'): void {
  const resolved = viewer.urls.resolve(url);
  const next = resolved === null ? url : toNavigationUrl(null, resolved, viewer);
  viewer.navigate((window as Window).location, next, how);
}
