/**
 * @module `location` and `top` where only running the code tells what the name means (in `with`, in handlers, beside a
 * sloppy eval) and where only the value is at hand: what it evaluated to decides.
 */
import { createObject, defineProperty, getOwnPropertyDescriptor } from '../natives.js';
import type { Realm } from '../realm/realm.js';
import { unforgeables } from './window-stand-in.js';

export interface DynamicNames {
  /** `cv$w`: a real Location or the real top gives what the page must see; anything else comes back. */
  read(this: void, value: unknown): unknown;
  /** `cv$t` */
  write(this: void, current: unknown, write: (value: unknown) => void, value: unknown): unknown;
  /** `cv$d` */
  reference(this: void, current: unknown, write: (value: unknown) => void): object;
  /** `cv$f` */
  fixRest(this: void, rest: object): object;
}

export function dynamicNames(realm: Realm): DynamicNames {
  return createNames(realm.kind === 'window' ? windowMeaning(realm) : workerMeaning);
}

interface Meaning {
  read(value: unknown): unknown;
  /** True if the current value is the global's own, and the write has been done (or is none). */
  writesGlobal(current: unknown, value: unknown): boolean;
}

/** In a worker both are ordinary properties. */
const workerMeaning: Meaning = { read: (value) => value, writesGlobal: () => false };

function windowMeaning(realm: Realm): Meaning {
  const access = unforgeables(realm);
  const { location } = realm.natives;
  const nativeTop = realm.global.top as unknown;
  return {
    read(value) {
      if (value === location) return access.own.standIn;
      if (value === nativeTop && value !== realm.global) return access.readTop(realm.global);
      return realm.shared.multi && value !== null && typeof value === 'object'
        ? (realm.shared.natives.get(value)?.location().readBy(realm) ?? value)
        : value;
    },
    writesGlobal(current, value) {
      if (current === location) access.own.set(value, realm);
      return current === location || current === nativeTop;
    },
  };
}

function createNames({ read, writesGlobal }: Meaning): DynamicNames {
  const write: DynamicNames['write'] = (current, writeName, value) => {
    if (!writesGlobal(current, value)) writeName(value);
    return value;
  };
  return {
    read,
    write,
    reference(current, writeName) {
      const object = createObject(null) as object;
      const accessor = {
        get: () => read(current),
        set: (value: unknown) => void write(current, writeName, value),
      };
      defineProperty(object, 'location', accessor);
      defineProperty(object, 'top', accessor);
      return object;
    },
    fixRest(rest) {
      for (const key of ['location', 'top'] as const) {
        const descriptor = getOwnPropertyDescriptor(rest, key);
        if (!descriptor) continue;
        const seen = read(descriptor.value);
        if (seen !== descriptor.value) defineProperty(rest, key, { ...descriptor, value: seen });
      }
      return rest;
    },
  };
}
