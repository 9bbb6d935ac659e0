/**
 * @module Replaces a constructor by a Proxy of itself: name, length, statics and the prototype object stay its own.
 */
import { defineProperty, getOwnPropertyDescriptor, NativeProxy } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import type { AnyFunction } from './native-appearance.js';

export interface ConstructorHooks {
  /** `new X(...)`, `Reflect.construct` and `super(...)` from a subclass; build with `construct(native, args, newTarget)`. */
  construct?: (native: any) => (args: any[], newTarget: any) => object;
  /** `X(...)` without `new`. Without it the native answers, usually by throwing. */
  call?: (native: any) => (self: any, args: any[]) => any;
}

/** Puts the hooked constructor at `holder[name]`, and at its prototype's `constructor` if the native was there. */
export function interceptConstructor(realm: Realm, holder: object, name: string, hooks: ConstructorHooks): void {
  const descriptor = getOwnPropertyDescriptor(holder, name);
  if (typeof descriptor?.value !== 'function') return;
  defineProperty(holder, name, { ...descriptor, value: hookedConstructor(realm, descriptor.value, hooks) });
}

/** The Proxy alone, for constructors that are reached only through their prototype (AsyncFunction and its kin). */
export function hookedConstructor(realm: Realm, native: AnyFunction, hooks: ConstructorHooks): AnyFunction {
  const handler: ProxyHandler<AnyFunction> = {};
  const onConstruct = hooks.construct?.(native);
  const onCall = hooks.call?.(native);
  if (onConstruct) {
    handler.construct = (_target, args, newTarget) =>
      // `new X` has the Proxy as its new.target; the native must see itself, or `prototype` would be read off the Proxy.
      onConstruct(args, (newTarget as unknown) === hook ? native : newTarget);
  }
  if (onCall) handler.apply = (_target, self, args) => onCall(self, args);
  const hook = new NativeProxy(native, handler);
  realm.shared.nativeOf.set(hook, realm.shared.nativeOf.get(native) ?? native);

  const prototype = native.prototype as object | undefined;
  const back = prototype && getOwnPropertyDescriptor(prototype, 'constructor');
  if (prototype && back?.value === native) defineProperty(prototype, 'constructor', { ...back, value: hook });
  return hook;
}
