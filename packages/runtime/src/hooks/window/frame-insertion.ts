/**
 * @module Every way for a script to connect nodes, once more: frames among them are entered before the call returns.
 */
import { interceptAccessor, interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { enterNewFrames } from '../../realm/child-frame.js';
import type { Realm } from '../../realm/realm.js';

const methods: readonly (readonly [interfaces: string, names: string])[] = [
  ['Node', 'appendChild insertBefore replaceChild'],
  ['Element Document DocumentFragment', 'append prepend replaceChildren'],
  ['Element CharacterData', 'before after replaceWith'],
  ['Element', 'insertAdjacentElement insertAdjacentHTML setHTMLUnsafe'],
  ['ShadowRoot', 'setHTMLUnsafe'],
  ['Document', 'write writeln'],
  ['Range', 'insertNode surroundContents'],
];
const markupSetters: readonly (readonly [interfaces: string, names: string])[] = [
  ['Element', 'innerHTML outerHTML'],
  ['ShadowRoot', 'innerHTML'],
];

export function interceptFrameInsertion(realm: Realm): void {
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
              enterNewFrames(realm);
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
              enterNewFrames(realm);
            },
        });
      }
    }
  }
}
