/**
 * @module What realms that can reach each other synchronously have in common: one set of objects, made by the
 * outermost realm and found by the others through `realm-link.ts`.
 */
import { SafeWeakMap, SafeWeakSet } from '../natives.js';
import type { LoadedRewriters, ServiceWorkersSource } from '../late/rewriters-loader.js';
import type { Realm } from './realm.js';

export interface SharedState {
  /** Windows and documents of proxied realms; a realm knows its own without looking here. */
  readonly contexts: WeakSet<object>;
  /**
   * What was last found to be in `contexts` not: loops ask for the same object again and again, and to compare is cheaper.
   * Null after each addition.
   */
  ordinary: object | null;
  /** False while there is one realm, so that the common case pays nothing for the others. */
  multi: boolean;
  /** True once a realm is in it: the next one makes it several. */
  occupied: boolean;
  /** Which native a hook stands for. */
  readonly nativeOf: WeakMap<object, object>;
  /** The text of hooks that stand for no native of their own. */
  readonly nativeText: WeakMap<object, string>;
  /** Location stand-ins and the realm whose location each is. */
  readonly locations: WeakMap<object, Realm>;
  /** The same for the native Locations. */
  readonly natives: WeakMap<object, Realm>;
  /** The parsers, once one of the realms has needed them. */
  rewriters: LoadedRewriters | null;
  /** The part for service workers, likewise. */
  serviceWorkersSource: ServiceWorkersSource | null;
}

/** Makes a realm's window and document known as such to all realms that share the state. */
export function addContexts(shared: SharedState, { global, document }: Pick<Realm, 'global' | 'document'>): void {
  shared.contexts.add(global as object);
  shared.contexts.add(document() as object);
  shared.ordinary = null;
}

export function createSharedState(): SharedState {
  return {
    contexts: new SafeWeakSet(),
    ordinary: null,
    multi: false,
    occupied: false,
    nativeOf: new SafeWeakMap(),
    nativeText: new SafeWeakMap(),
    locations: new SafeWeakMap(),
    natives: new SafeWeakMap(),
    rewriters: null,
    serviceWorkersSource: null,
  };
}
