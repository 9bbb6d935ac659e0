/**
 * @module Event handler IDL attributes (`onopen` and the like) for interfaces whose state is ours: the handler keeps the
 * place in the listener order at which it was first set, as HTML has it.
 */
import { interceptAccessor } from '../../interception/index.js';
import { apply } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

interface HandlerSlot {
  callback: object | null;
  listener: EventListener;
}

/**
 * Gives `prototype` the attributes `on…` for objects that `isOurs` claims; for any other the native accessor answers.
 *
 * @param types the event types, without `on`
 */
export function interceptEventHandlers(
  realm: Realm,
  prototype: object,
  types: readonly string[],
  isOurs: (target: object) => boolean,
): void {
  const { addEventListener, removeEventListener } = (realm.global as typeof globalThis).EventTarget.prototype;
  for (const type of types) {
    const slots = new WeakMap<object, HandlerSlot>();
    interceptAccessor(realm, prototype, `on${type}`, {
      get: (native) =>
        function (this: object) {
          return isOurs(this) ? (slots.get(this)?.callback ?? null) : native(this);
        },
      set: (native) =>
        function (this: object, value: unknown) {
          if (!isOurs(this)) return native(this, value);
          const callback =
            (typeof value === 'object' && value !== null) || typeof value === 'function' ? (value as object) : null;
          const slot = slots.get(this);
          if (slot && callback) {
            slot.callback = callback;
          } else if (slot) {
            slots.delete(this);
            apply(removeEventListener, this, [type, slot.listener]);
          } else if (callback) {
            const created: HandlerSlot = {
              callback,
              listener(event) {
                if (typeof created.callback !== 'function') return;
                if (apply(created.callback, event.currentTarget, [event]) === false) event.preventDefault();
              },
            };
            slots.set(this, created);
            apply(addEventListener, this, [type, created.listener]);
          }
        },
    });
  }
}
