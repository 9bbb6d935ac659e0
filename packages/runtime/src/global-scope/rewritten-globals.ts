/**
 * @module The helpers that rewritten code calls; the rewriter's `helper-names.ts` has their contracts. They are globals,
 * neither enumerable nor configurable, and hidden from reflection.
 */
import { helperNames } from '@culvert/rewriter';
import { messageTarget } from '../hooks/window/post-message.js';
import { createObject, defineProperty, stringStartsWith } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { dynamicNames } from './dynamic-names.js';
import { evalArming } from './eval-arming.js';
import { moduleSpecifier } from './module-specifier.js';
import { unforgeables } from './window-stand-in.js';

/** True for the names that reflection must not show: the helpers, the link and what rewritten code declares. */
export function isHelperName(key: PropertyKey): boolean {
  return typeof key === 'string' && stringStartsWith(key, 'cv$');
}

export function installRewrittenGlobals(realm: Realm): void {
  const install = (name: string, value: unknown, writable = false) =>
    defineProperty(realm.global, name, { value, writable, enumerable: false, configurable: false });
  const isWindow = realm.kind === 'window';
  const names = dynamicNames(realm);

  install(helperNames.standIn, isWindow ? unforgeables(realm).standIn : identity);
  // A worker's location is hooked in its place and `top` is no more there than natively.
  install(helperNames.globals, isWindow ? freeIdentifiers(realm) : realm.global);
  // Rewritten code declares it with `var`, which leaves a property that is there already as it is.
  install(helperNames.scratch, undefined, true);
  install(helperNames.absentKey, Symbol());
  install(helperNames.fixRest, names.fixRest);
  install(helperNames.value, names.read);
  install(helperNames.writeDynamic, names.write);
  install(helperNames.dynamicReference, names.reference);
  install(helperNames.messageTarget, isWindow ? messageTarget(realm) : identity);
  install(helperNames.moduleSpecifier, (specifier: unknown, base?: string) => moduleSpecifier(realm, specifier, base));

  const arming = evalArming(realm);
  defineProperty(realm.global, helperNames.armEval, {
    get: arming.arm,
    set: undefined,
    enumerable: false,
    configurable: false,
  });
  install(helperNames.evalSource, arming.disarm);
}

const identity = (value: unknown) => value;

/** `location` and `top` as free identifiers. */
function freeIdentifiers(realm: Realm): object {
  const access = unforgeables(realm);
  const object = createObject(null) as object;
  defineProperty(object, 'location', {
    get: () => access.own.standIn,
    set: (value) => access.own.set(value, realm),
    enumerable: true,
    configurable: false,
  });
  // No setter, as natively: an assignment is ignored in sloppy code and throws in strict code.
  defineProperty(object, 'top', { get: () => access.readTop(realm.global), enumerable: true, configurable: false });
  return object;
}
