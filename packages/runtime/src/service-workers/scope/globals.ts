/**
 * @module The members of `ServiceWorkerGlobalScope`.
 */
import { nameAsNative } from '../../interception/native-appearance.js';
import { defineProperty } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export interface ScopeMembers {
  clients: object;
  registration: object;
  serviceWorker: object;
  skipWaiting(): Promise<void>;
  /** A handler attribute was set. */
  isHandled(type: string): void;
}

const handlerTypes = ['install', 'activate', 'fetch', 'message', 'messageerror'];

export function defineGlobals(realm: Realm, members: ScopeMembers): void {
  const global = realm.global as typeof globalThis & Record<string, unknown>;
  const { addEventListener } = global.EventTarget.prototype;
  const scopePrototype = Object.getPrototypeOf(global) as object;
  const constant = (name: string, value: unknown) => {
    const get = nameAsNative(realm, { get: () => value }.get, `get ${name}`, 0);
    defineProperty(global, name, { get, enumerable: true, configurable: true });
  };
  constant('clients', members.clients);
  constant('registration', members.registration);
  constant('serviceWorker', members.serviceWorker);
  const skipWaiting = nameAsNative(realm, { skipWaiting: () => members.skipWaiting() }.skipWaiting, 'skipWaiting', 0);
  defineProperty(global, 'skipWaiting', { value: skipWaiting, writable: true, enumerable: true, configurable: true });

  for (const type of handlerTypes) {
    let handler: unknown = null;
    let isListening = false;
    defineProperty(global, `on${type}`, {
      get: () => handler,
      set(value: unknown) {
        handler = typeof value === 'function' ? value : null;
        if (handler === null) return;
        members.isHandled(type);
        if (isListening) return;
        isListening = true;
        const listener = (event: Event) => {
          if (typeof handler === 'function') Reflect.apply(handler, global, [event]);
        };
        Reflect.apply(addEventListener, global, [type, listener]);
      },
      enumerable: true,
      configurable: true,
    });
  }

  const shared = global['SharedWorkerGlobalScope'];
  delete global['SharedWorkerGlobalScope'];
  if (typeof shared !== 'function') return;
  defineProperty(shared, 'name', { value: 'ServiceWorkerGlobalScope', configurable: true });
  realm.shared.nativeText.set(shared, 'function ServiceWorkerGlobalScope() { [native code] }');
  defineProperty(scopePrototype, Symbol.toStringTag, { value: 'ServiceWorkerGlobalScope', configurable: true });
  defineProperty(global, 'ServiceWorkerGlobalScope', {
    value: shared,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
