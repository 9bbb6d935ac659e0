/**
 * @module Replaces the getter or setter of an accessor property in place.
 */
import { defineProperty, getOwnPropertyDescriptor, uncurryThis } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { type AnyFunction, asNativeMethod } from './native-appearance.js';

export interface AccessorHooks {
  /** Gets the native getter, to be called as `native(this)`, so that its brand check stays. */
  get?: (native: (self: any) => any) => (this: any) => any;
  set?: (native: (self: any, value: any) => void) => (this: any, value: any) => void;
}

/** Does nothing where the engine has no such accessor; a half that the native lacks is not added. */
export function interceptAccessor(realm: Realm, holder: object, name: PropertyKey, hooks: AccessorHooks): void {
  const descriptor = getOwnPropertyDescriptor(holder, name);
  if (!descriptor || (!descriptor.get && !descriptor.set)) return;
  if (hooks.get && descriptor.get) {
    const native = descriptor.get as AnyFunction;
    descriptor.get = asNativeMethod(realm, native, hooks.get(uncurryThis(native)));
  }
  if (hooks.set && descriptor.set) {
    const native = descriptor.set as AnyFunction;
    descriptor.set = asNativeMethod(realm, native, hooks.set(uncurryThis(native)));
  }
  defineProperty(holder, name, descriptor);
}
