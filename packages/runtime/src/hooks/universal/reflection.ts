/**
 * @module The reflective ways to a property, which no source edit sees: descriptors, Reflect, Object.assign and kin.
 * They are only concerned with windows and documents; for any other object they cost one comparison.
 */
import { stackFormatter } from './error-stack.js';
import { isHelperName } from '../../global-scope/rewritten-globals.js';
import { unforgeables } from '../../global-scope/window-stand-in.js';
import { type AnyFunction, asNativeMethod, interceptMethod } from '../../interception/index.js';
import { apply, defineProperty, getOwnPropertyDescriptor, ownKeys, SafeMap } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

export function interceptReflection(realm: Realm): void {
  const { global } = realm;
  const standIn: (object: any) => any = realm.kind === 'window' ? unforgeables(realm).standIn : (object) => object;
  // A stand-in differs from its object exactly where there is something to hide.
  const isContext = (object: unknown) => standIn(object) !== object || object === global;
  const describe = contextDescriptors(realm);

  hideHelpers(realm, isContext);

  for (const holder of [global.Object, global.Reflect]) {
    interceptMethod(
      realm,
      holder,
      'getOwnPropertyDescriptor',
      (native) =>
        ({
          describe(this: unknown, ...args: unknown[]) {
            const descriptor = apply(native, this, args) as PropertyDescriptor | undefined;
            return descriptor && isContext(args[0]) ? describe(args[0], args[1], descriptor) : descriptor;
          },
        }).describe,
    );
  }
  interceptMethod(
    realm,
    global.Object,
    'getOwnPropertyDescriptors',
    (native) =>
      function (...args) {
        const all = apply(native, this, args) as Record<PropertyKey, PropertyDescriptor>;
        if (!isContext(args[0])) return all;
        for (const key of ownKeys(all)) {
          if (isHidden(key)) delete all[key];
          else all[key] = describe(args[0], key, all[key]!)!;
        }
        return all;
      },
  );
  if (realm.kind !== 'window') return;

  interceptMethod(
    realm,
    global.Reflect,
    'get',
    (native) =>
      ({
        get(this: unknown, ...args: any[]) {
          if (!isContext(args[0])) return apply(native, this, args) as unknown;
          return args[1] === 'location' || args[1] === 'top'
            ? (standIn(args[0])[args[1]] as unknown)
            : (apply(native, this, args) as unknown);
        },
      }).get,
  );
  interceptMethod(
    realm,
    global.Reflect,
    'set',
    (native) =>
      function (...args) {
        if (args[1] !== 'location' || !isContext(args[0])) return apply(native, this, args) as unknown;
        standIn(args[0]).location = args[2];
        return true;
      },
  );
  for (const name of ['entries', 'values']) {
    interceptMethod(
      realm,
      global.Object,
      name,
      (native) =>
        ({
          list(this: unknown, ...args: unknown[]) {
            args[0] = standIn(args[0]);
            return apply(native, this, args) as unknown;
          },
        }).list,
    );
  }
  interceptMethod(
    realm,
    global.Object,
    'assign',
    (native) =>
      ({
        assign(this: unknown, ...args: unknown[]) {
          for (let index = 1; index < args.length; index++) args[index] = standIn(args[index]);
          const [target] = args;
          if (standIn(target) === target) return apply(native, this, args) as unknown;
          apply(native, this, [standIn(target), ...args.slice(1)]);
          return target;
        },
      }).assign,
  );
  for (const [name, half] of [
    ['__lookupGetter__', 'get'],
    ['__lookupSetter__', 'set'],
  ] as const) {
    interceptMethod(
      realm,
      global.Object.prototype,
      name,
      (native) =>
        function (...args) {
          const found = apply(native, this, args) as unknown;
          if (this === null || this === undefined || !isContext(this)) return found;
          const own = getOwnPropertyDescriptor(this as object, args[0] as PropertyKey);
          return own ? describe(this, args[0], own)?.[half] : found;
        },
    );
  }
}

function isHidden(key: PropertyKey): boolean {
  return isHelperName(key) || key === stackFormatter;
}

function hideHelpers(realm: Realm, isContext: (object: unknown) => boolean): void {
  for (const [holder, name] of [
    [realm.global.Object, 'getOwnPropertyNames'],
    [realm.global.Reflect, 'ownKeys'],
  ] as const) {
    interceptMethod(
      realm,
      holder,
      name,
      (native) =>
        function (...args) {
          const keys = apply(native, this, args) as PropertyKey[];
          if (args[0] !== realm.global.Error && !isContext(args[0])) return keys;
          let kept = 0;
          for (let index = 0; index < keys.length; index++) if (!isHidden(keys[index]!)) keys[kept++] = keys[index]!;
          keys.length = kept;
          return keys;
        },
    );
  }
}

/** The descriptors as the page must see them: `eval` is a data property, `location` and `top` have accessors of ours. */
function contextDescriptors(realm: Realm) {
  const accessors = new SafeMap<string, AnyFunction>();
  const accessor = (key: string, half: 'get' | 'set', native: AnyFunction | undefined) => {
    if (!native) return undefined;
    const name = `${half} ${key}`;
    let found = accessors.get(name);
    if (!found) {
      const access = unforgeables(realm);
      const body: AnyFunction =
        half === 'set'
          ? function (value) {
              access.standIn(this ?? realm.global)[key] = value;
            }
          : function () {
              const self: unknown = this ?? realm.global;
              const shown: unknown = access.standIn(self);
              // What is no window the native refuses.
              return shown === self ? (apply(native, self, []) as unknown) : (shown as Record<string, unknown>)[key];
            };
      accessors.set(name, (found = asNativeMethod(realm, native, body)));
    }
    return found;
  };

  return (object: any, key: unknown, descriptor: PropertyDescriptor): PropertyDescriptor | undefined => {
    if (typeof key !== 'string') return descriptor;
    if (isHidden(key)) return undefined;
    if (key === 'eval' && descriptor.get && object === realm.global) {
      return { value: realm.global.eval, writable: true, enumerable: false, configurable: true };
    }
    if (realm.kind === 'window' && (key === 'location' || key === 'top') && (descriptor.get || descriptor.set)) {
      defineProperty(descriptor, 'get', {
        ...getOwnPropertyDescriptor(descriptor, 'get'),
        value: accessor(key, 'get', descriptor.get),
      });
      if (descriptor.set) descriptor.set = accessor(key, 'set', descriptor.set);
    }
    return descriptor;
  };
}
