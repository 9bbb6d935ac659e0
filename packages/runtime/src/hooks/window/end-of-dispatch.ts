/**
 * @module Acting on an event after the page's listeners and before the engine's default action.
 *
 * A listener of ours that is the last on the window runs at that very moment, when `defaultPrevented` is final (also by
 * a handler's `return false`, which no hook can see). A page that stops the event keeps it from getting there, so
 * stopping is watched too, and the default action must then be made harmless in advance.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter, nativeMethod, SafeMap, SafeWeakMap } from '../../natives.js';
import { listenFirst } from '../../realm/first-listener.js';
import type { Realm } from '../../realm/realm.js';

export interface PendingDefault {
  /** All listeners have run. `defaultPrevented` tells whether the default action is to come. */
  finish(defaultPrevented: boolean): void;
  /** The page stopped the event: listeners may still run, and nobody will tell whether they prevent the default. */
  stopped(): void;
}

/** Asked first for every event of the type; null leaves the event alone. */
export type ExpectDefault = (event: Event) => PendingDefault | null;

interface DispatchWatch {
  pending: WeakMap<Event, PendingDefault>;
  restores: (() => void)[];
  expectations: Map<string, ExpectDefault>;
}
const watches = new SafeWeakMap<Realm, DispatchWatch>();

function watchOf(realm: Realm): DispatchWatch {
  let watch = watches.get(realm);
  if (!watch) {
    watches.set(realm, (watch = { pending: new SafeWeakMap(), restores: [], expectations: new SafeMap() }));
    watchStopping(realm, watch);
  }
  return watch;
}

/** Runs `restore` when the default action is over: in the next task, or when the script that caused it gets control. */
export function afterDefaultAction(realm: Realm, restore: () => void): void {
  const watch = watchOf(realm);
  watch.restores[watch.restores.length] = restore;
  if (watch.restores.length === 1) realm.natives.setTimeout(defaultActionFlush(realm));
}

/** Gives what runs them at once: it is called after every event that a script dispatches. */
export function defaultActionFlush(realm: Realm): () => void {
  const { restores } = watchOf(realm);
  return () => {
    if (restores.length === 0) return;
    for (let index = restores.length - 1; index >= 0; index--) restores[index]!();
    restores.length = 0;
  };
}

export function expectDefault(realm: Realm, type: string, expect: ExpectDefault): void {
  const capture = dispatchListeners(realm, type, expect);
  listenFirst(realm, type, (event: Event) => capture(event, realm.global as EventTarget));
}

/** Gives the listener that must be called first for each event of the type, with the root at which it was heard. */
function dispatchListeners(realm: Realm, type: string, expect: ExpectDefault) {
  const watch = watchOf(realm);
  const { Event, EventTarget } = realm.global;
  const bubbles = nativeGetter<boolean>(Event.prototype as object, 'bubbles');
  const defaultPrevented = nativeGetter<boolean>(Event.prototype as object, 'defaultPrevented');
  const add = realm.natives.addEventListener;
  const remove = nativeMethod(EventTarget.prototype as object, 'removeEventListener');

  const bubble = (event: Event) => {
    const pending = watch.pending.get(event);
    if (!pending) return;
    watch.pending.delete(event);
    pending.finish(defaultPrevented(event));
  };
  const capture = (event: Event, root: EventTarget) => {
    if (watch.pending.has(event)) return;
    const pending = expect(event);
    if (!pending) return;
    if (!bubbles(event)) {
      pending.stopped();
      return;
    }
    watch.pending.set(event, pending);
    // Added anew each time, to be the last.
    remove(root, type, bubble);
    add(root, type, bubble);
  };
  watch.expectations.set(type, expect);
  return capture;
}

/** Gives a root that the window's listeners do not see its own; for the duration of one script-made dispatch, or for good. */
export function expectDefaultIn(realm: Realm, root: EventTarget, type: string): void {
  const expect = watchOf(realm).expectations.get(type);
  if (!expect) return;
  const capture = dispatchListeners(realm, type, expect);
  realm.natives.addEventListener(root, type, (event: Event) => capture(event, root), true);
}

function watchStopping(realm: Realm, watch: DispatchWatch): void {
  const prototype = realm.global.Event.prototype as object;
  const onStop = (event: Event) => {
    const pending = watch.pending.get(event);
    if (!pending) return;
    watch.pending.delete(event);
    pending.stopped();
  };
  for (const name of ['stopPropagation', 'stopImmediatePropagation']) {
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (...args) {
          apply(native, this, args);
          onStop(this as Event);
        },
    );
  }
  interceptAccessor(realm, prototype, 'cancelBubble', {
    set: (native) =>
      function (value) {
        native(this, value);
        if (value) onStop(this as Event);
      },
  });
}
