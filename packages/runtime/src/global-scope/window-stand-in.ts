/**
 * @module `location` and `top` of windows and documents, which the engine lets nobody redefine. Rewritten code asks
 * `cv$l(object)` for an object on which these two read and write as the page must see them.
 */
import {
  getOwnPropertyDescriptor,
  NativeProxy,
  nativeGetter,
  reflectGet,
  reflectSet,
  regExpTest,
  SafeWeakMap,
} from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { isSameOriginDomain } from '../realm/same-origin.js';
import { enterWindow } from '../realm/child-frame.js';
import { createLocation, type OwnLocation } from './location.js';
import { foreignLocation, isAlwaysReadable, securityError } from './foreign-location.js';

const arrayIndex = /^(?:0|[1-9]\d*)$/;
const crossOriginKeys =
  /^(?:window|self|location|close|closed|focus|blur|frames|length|top|opener|parent|postMessage)$/;

export interface UnforgeableAccess {
  /** `window.location` or `document.location` of any proxied realm, as this realm's scripts see it. */
  readLocation(owner: any): unknown;
  writeLocation(owner: any, value: unknown): void;
  readTop(owner: any): unknown;
  /** The object on which `location`, `top` and dynamic keys read right; anything else comes back as it is. */
  standIn(object: any): any;
  readonly own: OwnLocation;
}

const access = new SafeWeakMap<Realm, UnforgeableAccess>();

/** One for each realm, made at boot. */
export function unforgeables(realm: Realm): UnforgeableAccess {
  let found = access.get(realm);
  if (!found) access.set(realm, (found = createAccess(realm)));
  return found;
}

function createAccess(realm: Realm): UnforgeableAccess {
  const { global, shared } = realm;
  const own = createLocation(realm);
  const defaultView = nativeGetter(global.Document.prototype as object, 'defaultView');
  const standIns = new SafeWeakMap<object, object>();

  const windowOf = (owner: any) => (realm.tree.isWindow(owner) ? owner : defaultView(owner));
  const isForeign = (owner: Realm) => !isSameOriginDomain(owner, realm);

  const readLocation = (owner: any) => {
    if (owner === global || owner === realm.document()) return own.standIn;
    const window = windowOf(owner);
    if (window === null) return null;
    const target = realm.tree.realmOf(window);
    return !target || isForeign(target) ? foreignLocation(realm, window) : target.location().readBy(realm);
  };
  const writeLocation = (owner: any, value: unknown) => {
    const window = windowOf(owner);
    const target = window && realm.tree.realmOf(window);
    if (target) target.location().set(value, realm);
    else if (window) (foreignLocation(realm, window) as Location).href = value as string;
  };
  const readTop = (window: any) => realm.tree.topOf(window);

  const handler = (isWindow: boolean): ProxyHandler<any> => ({
    get(target, key) {
      if (key === 'location') return readLocation(target);
      if (isWindow && key === 'top') return readTop(target);
      if (isWindow && target !== global) checkKey(target, key);
      const value = reflectGet(target, key, target) as unknown;
      if (isWindow && typeof key === 'string' && regExpTest(arrayIndex, key)) enterWindow(realm, value);
      return value;
    },
    set(target, key, value) {
      if (key === 'location') {
        writeLocation(target, value);
        return true;
      }
      return reflectSet(target, key, value, target);
    },
    getOwnPropertyDescriptor: (target, key) => getOwnPropertyDescriptor(target, key),
  });
  const handlers = { window: handler(true), document: handler(false) };

  function checkKey(window: any, key: PropertyKey): void {
    const target = realm.tree.realmOf(window);
    if (!target || !isForeign(target) || isAlwaysReadable(key)) return;
    if (typeof key === 'string' && (regExpTest(crossOriginKeys, key) || regExpTest(arrayIndex, key))) return;
    if (isFrameOf(window, key)) return;
    throw securityError(realm, `Failed to read a named property '${String(key)}' from 'Window'`);
  }

  /** Another origin's frames can be reached by their names. */
  function isFrameOf(window: any, key: PropertyKey): boolean {
    const value = reflectGet(window, key, window) as any;
    return realm.tree.isWindow(value) && value !== window && realm.tree.parentOf(value) === window;
  }

  const makeStandIn = (object: any) => {
    let found = standIns.get(object);
    if (!found) {
      found = new NativeProxy(object, realm.tree.isWindow(object) ? handlers.window : handlers.document) as object;
      standIns.set(object, found);
    }
    return found;
  };

  // The hot path: one comparison for what is no window while there is one realm.
  let document = realm.document();
  realm.onReboot.push(() => (document = realm.document()));
  const standIn = (object: any): any => {
    if (object === global || object === document) return makeStandIn(object);
    if (!shared.multi || typeof object !== 'object' || object === null || object === shared.ordinary) return object;
    if (shared.contexts.has(object as object)) return makeStandIn(object);
    shared.ordinary = object as object;
    return object;
  };

  return { readLocation, writeLocation, readTop, standIn, own };
}
