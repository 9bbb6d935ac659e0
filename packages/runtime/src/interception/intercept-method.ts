/**
 * @module Replaces a method in place: same property flags and place in the key order, a hook that looks native.
 */
import { defineProperty, getOwnPropertyDescriptor } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { type AnyFunction, asNativeMethod } from './native-appearance.js';

/**
 * `make` gets the native function (call it with `apply(native, this, args)`) and gives the body of the hook.
 * Does nothing where the engine has no such method.
 */
export function interceptMethod(
  realm: Realm,
  holder: object,
  name: PropertyKey,
  make: (native: AnyFunction) => AnyFunction,
): void {
  const descriptor = getOwnPropertyDescriptor(holder, name);
  if (typeof descriptor?.value !== 'function') return;
  const native = descriptor.value as AnyFunction;
  descriptor.value = asNativeMethod(realm, native, make(native));
  defineProperty(holder, name, descriptor);
}
