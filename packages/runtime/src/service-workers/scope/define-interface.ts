/**
 * @module Interfaces that a SharedWorker lacks and a service worker has: classes that look as the engine's own.
 */
import { nameAsNative } from '../../interception/native-appearance.js';
import { defineProperty, getOwnPropertyDescriptor, ownKeys } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** A token without which the constructors of ours that pages cannot call throw, as natively. */
export const internal: unique symbol = Symbol();

export function requireInternal(realm: Realm, token: unknown): void {
  if (token !== internal) throw new (realm.global as typeof globalThis).TypeError('Illegal constructor');
}

/** Puts the class on the global, with enumerable members and a string tag. */
export function defineInterface(realm: Realm, name: string, definition: Function): void {
  const prototype = definition.prototype as object;
  nameAsNative(realm, definition as never, name, definition.length);
  for (const key of ownKeys(prototype)) {
    const descriptor = getOwnPropertyDescriptor(prototype, key)!;
    if (key === 'constructor' || typeof key === 'symbol') continue;
    for (const part of ['value', 'get', 'set'] as const) {
      const member = descriptor[part] as ((...args: never[]) => unknown) | undefined;
      if (typeof member === 'function') nameAsNative(realm, member as never, member.name, member.length);
    }
    defineProperty(prototype, key, { ...descriptor, enumerable: true });
  }
  defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  defineProperty(realm.global, name, { value: definition, writable: true, enumerable: false, configurable: true });
}
