/**
 * @module Makes our functions look like the engine's: no `prototype`, the native's name, length and own keys, and the
 * native's text for `Function.prototype.toString`.
 */
import { apply, defineProperty, getOwnPropertyDescriptor } from '../natives.js';
import type { Realm } from '../realm/realm.js';

export type AnyFunction = (this: any, ...args: any[]) => any;

/**
 * A method of the native's name and length that runs `body`. A method, because methods have no `prototype`; a body that
 * is one is taken as it is, so what pages call in loops should be: every call then is one call less.
 */
export function asNativeMethod(realm: Realm, native: object, body: AnyFunction): AnyFunction {
  if (!getOwnPropertyDescriptor(body, 'prototype')) return dressAs(realm, body, native);
  // The shorthand is what makes a function that cannot be constructed, as natives cannot.
  const hook = {
    method(this: any, ...args: any[]) {
      return apply(body, this, args);
    },
  }.method;
  return dressAs(realm, hook, native);
}

/** Gives `hook` the native's own `length` and `name` and registers whom it stands for. */
export function dressAs<F extends AnyFunction>(realm: Realm, hook: F, native: object): F {
  for (const key of ['length', 'name'] as const) {
    const descriptor = getOwnPropertyDescriptor(native, key);
    if (descriptor) defineProperty(hook, key, descriptor);
  }
  // A hook may be hooked again; both stand for the engine's function.
  realm.shared.nativeOf.set(hook, realm.shared.nativeOf.get(native) ?? native);
  return hook;
}

/**
 * A function that stands for no native in particular (an own accessor of a stand-in, say) but must read as one:
 * `function href() { [native code] }`.
 */
export function nameAsNative<F extends AnyFunction>(realm: Realm, hook: F, name: string, length: number): F {
  defineProperty(hook, 'length', { value: length, writable: false, enumerable: false, configurable: true });
  defineProperty(hook, 'name', { value: name, writable: false, enumerable: false, configurable: true });
  realm.shared.nativeText.set(hook, `function ${name}() { [native code] }`);
  return hook;
}
