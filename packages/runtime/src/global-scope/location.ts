/**
 * @module The stand-in for `location`: the same own members in the same order as the engine's Location, reading the
 * real URL and navigating through the proxy.
 */
import {
  apply,
  createObject,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  nativeGetter,
  nativeSetter,
  NativeURL,
  ownKeys,
  regExpTest,
  stringIndexOf,
  stringSlice,
  stringToLowerCase,
} from '../natives.js';
import { type AnyFunction, asNativeMethod } from '../interception/index.js';
import type { Realm } from '../realm/realm.js';
import { createAncestorOrigins } from './ancestor-origins.js';
import { updateBaseElement } from '../realm/base-element.js';
import { navigateLocation } from './navigate.js';

const urlParts = ['href', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash', 'origin'] as const;
type UrlPart = (typeof urlParts)[number];

const readPart = {} as Record<UrlPart, (url: URL) => string>;
const writePart = {} as Record<UrlPart, (url: URL, value: string) => void>;
for (const part of urlParts) {
  readPart[part] = nativeGetter(NativeURL.prototype, part);
  writePart[part] = nativeSetter(NativeURL.prototype, part);
}

/**
 * Whose base URL the next navigation through a shared stand-in resolves against: that of the script that just read it
 * off a foreign window (`parent.location.href = '/x'` is relative to the reader's document).
 */
let reader: Realm | null = null;

/** Called by the reader's runtime on the owner's, when `foreignWindow.location` is read. */
export type LocationStandIn = object & { readonly href: string };

export interface OwnLocation {
  readonly standIn: LocationStandIn;
  /** `window.location = value` by a script of `caller`. */
  set(value: unknown, caller: Realm): void;
  readBy(caller: Realm): LocationStandIn;
}

export function createLocation(realm: Realm): OwnLocation {
  const native = realm.natives.location;
  const standIn = createObject(getPrototypeOf(native)) as LocationStandIn;
  realm.shared.locations.set(standIn, realm);
  realm.shared.natives.set(native, realm);

  for (const key of ownKeys(native)) {
    const descriptor = getOwnPropertyDescriptor(native, key)!;
    const replacement: PropertyDescriptor = { ...descriptor };
    if (descriptor.get) replacement.get = getterFor(realm, key as UrlPart | 'ancestorOrigins', descriptor.get);
    if (descriptor.set) replacement.set = setterFor(realm, key as UrlPart, descriptor.set);
    if (typeof descriptor.value === 'function' && key !== 'valueOf') {
      replacement.value = methodFor(realm, key as string, descriptor.value as AnyFunction);
    }
    defineProperty(standIn, key, replacement);
  }

  return {
    standIn,
    set: (value, caller) => navigateLocation(realm, caller, `${value as string}`, 'href'),
    readBy(caller) {
      reader = caller;
      realm.natives.queueMicrotask(forgetReader);
      return standIn;
    },
  };
}

function forgetReader(): void {
  reader = null;
}

/** The realm of a stand-in; undefined for any other `this`, which then goes to the native and fails its brand check. */
function realmOf(realm: Realm, self: unknown): Realm | undefined {
  return self !== null && typeof self === 'object' ? realm.shared.locations.get(self) : undefined;
}

function getterFor(realm: Realm, key: UrlPart | 'ancestorOrigins', native: AnyFunction): AnyFunction {
  let partOf = '';
  let part = '';
  const { get } = {
    get(this: unknown) {
      const target = realmOf(realm, this);
      if (!target) return apply(native, this, []) as unknown;
      if (key === 'ancestorOrigins') return createAncestorOrigins(target);
      const url = target.urls.documentUrl();
      // The URL parser wrote it already.
      if (key === 'href') return url;
      if (url !== partOf) {
        part = readPart[key](new NativeURL(url));
        partOf = url;
      }
      return part;
    },
  };
  return asNativeMethod(realm, native, get);
}

function setterFor(realm: Realm, part: UrlPart, native: AnyFunction): AnyFunction {
  return asNativeMethod(realm, native, function (value) {
    const target = realmOf(realm, this);
    if (!target) return apply(native, this, [value]);
    const text = `${value}`;
    // The fragment is native on both sides, and so are the events and the scrolling that come of it.
    if (part === 'hash') {
      target.natives.location.hash = text;
      updateBaseElement(target);
    } else if (part === 'href') navigateLocation(target, reader ?? realm, text, 'href');
    else if (part === 'protocol') setProtocol(target, reader ?? realm, text);
    else {
      const url = new NativeURL(target.urls.documentUrl());
      writePart[part](url, text);
      navigateLocation(target, reader ?? realm, readPart.href(url), 'href');
    }
    return undefined;
  });
}

const schemeName = /^[a-z][a-z\d+.-]*$/i;

function setProtocol(target: Realm, caller: Realm, text: string): void {
  const url = new NativeURL(target.urls.documentUrl());
  writePart.protocol(url, text);
  const after = readPart.protocol(url);
  const colon = stringIndexOf(text, ':');
  const scheme = colon < 0 ? text : stringSlice(text, 0, colon);
  if (!regExpTest(schemeName, scheme)) {
    throw new target.natives.DOMException(
      `Failed to set the 'protocol' property on 'Location': '${text}' is an invalid protocol.`,
      'SyntaxError',
    );
  }
  const wanted = `${stringToLowerCase(scheme)}:`;
  // The URL setter keeps the scheme where it may not become the one that was asked for; then nothing happens natively.
  if (after !== wanted || (after !== 'https:' && after !== 'http:')) return;
  navigateLocation(target, caller, readPart.href(url), 'href');
}

function methodFor(realm: Realm, name: string, native: AnyFunction): AnyFunction {
  return asNativeMethod(realm, native, function (...args) {
    const target = realmOf(realm, this);
    if (!target || ((name === 'assign' || name === 'replace') && args.length === 0)) {
      return apply(native, target ? target.natives.location : this, args);
    }
    if (name === 'assign' || name === 'replace') return navigateLocation(target, reader ?? realm, `${args[0]}`, name);
    if (name === 'toString') return target.urls.documentUrl();
    return apply(native, target.natives.location, args);
  });
}
