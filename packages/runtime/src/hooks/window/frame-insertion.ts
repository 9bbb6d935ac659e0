/**
 * @module The ways to connect what was markup, once more: frames among it are entered before the call returns. Those that
 * pages call most do that themselves (`node-insertion.ts`, and `innerHTML` in `html-sinks.ts`).
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { newFrames } from '../../realm/child-frame.js';
import type { Realm } from '../../realm/realm.js';

const methods: readonly (readonly [interfaces: string, names: string])[] = [
  ['Element', 'insertAdjacentHTML setHTMLUnsafe'],
  ['ShadowRoot', 'setHTMLUnsafe'],
  ['Document', 'write writeln'],
];
const markupSetters: readonly (readonly [interfaces: string, names: string])[] = [['Element', 'outerHTML']];

export function interceptFrameInsertion(realm: Realm): void {
  const enterNewFrames = newFrames(realm);
  const prototypeOf = (name: string) => realm.global[name]?.prototype as object | undefined;
  for (const [interfaces, names] of methods) {
    for (const holder of interfaces.split(' ')) {
      for (const name of names.split(' ')) {
        interceptMethod(
          realm,
          prototypeOf(holder) ?? {},
          name,
          (native) =>
            function (...args) {
              const result = apply(native, this, args) as unknown;
              enterNewFrames(false);
              return result;
            },
        );
      }
    }
  }
  for (const [interfaces, names] of markupSetters) {
    for (const holder of interfaces.split(' ')) {
      for (const name of names.split(' ')) {
        interceptAccessor(realm, prototypeOf(holder) ?? {}, name, {
          set: (native) =>
            function (value) {
              native(this, value);
              enterNewFrames(false);
            },
        });
      }
    }
  }
}
