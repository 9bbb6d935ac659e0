/**
 * @module The engine's own functions, captured before the page can replace them. Hooks call these and never a method
 * found on an object or a prototype that the page can reach.
 */

// These few belong to the realm that the bundle runs in, which is always the realm that it boots.
export const { apply, construct, defineProperty, deleteProperty, getPrototypeOf, ownKeys } = Reflect;
export const reflectGet = Reflect.get;
export const reflectSet = Reflect.set;
export const reflectHas = Reflect.has;
export const getOwnPropertyDescriptor = Reflect.getOwnPropertyDescriptor;
export const createObject = Object.create as (prototype: object | null) => any;
export const setPrototypeOf = Reflect.setPrototypeOf;
export const nativeFunctionToString = Function.prototype.toString;
export const NativeProxy = Proxy;
export const NativeURL = URL;
export const nativeJsonStringify = JSON.stringify;
export const nativeJsonParse = JSON.parse;

/** Turns a method into a function whose first argument is `this`; the result never looks anything up again. */
export const uncurryThis = Function.prototype.bind.bind(Function.prototype.call) as <This, Args extends unknown[], R>(
  method: (this: This, ...args: Args) => R,
) => (self: This, ...args: Args) => R;

export const stringStartsWith = uncurryThis(String.prototype.startsWith);
export const stringIndexOf = uncurryThis(String.prototype.indexOf);
export const stringSlice = uncurryThis(String.prototype.slice);
export const stringToLowerCase = uncurryThis(String.prototype.toLowerCase);
export const stringTrim = uncurryThis(String.prototype.trim);
export const arraySlice = uncurryThis(Array.prototype.slice);
export const arrayFilter = uncurryThis(Array.prototype.filter) as <T>(array: T[], keep: (item: T) => boolean) => T[];
export const regExpTest = uncurryThis(RegExp.prototype.test);

type AnyConstructor = abstract new (...args: any[]) => object;

/** Gives a subclass its own copies of the methods and cuts it off from the prototype that the page can patch. */
function makeSafe<C extends AnyConstructor>(unsafe: C, safe: C): C {
  for (const key of ownKeys(unsafe.prototype)) {
    if (key === 'constructor') continue;
    defineProperty(safe.prototype, key, getOwnPropertyDescriptor(unsafe.prototype, key)!);
  }
  setPrototypeOf(safe.prototype, null);
  return safe;
}

/** Collections whose methods the page cannot replace. */
export const SafeWeakMap = makeSafe(WeakMap, class SafeWeakMap extends WeakMap {}) as typeof WeakMap;
export const SafeWeakSet = makeSafe(WeakSet, class SafeWeakSet extends WeakSet {}) as typeof WeakSet;
export const SafeMap = makeSafe(Map, class SafeMap extends Map {}) as typeof Map;
export const SafeSet = makeSafe(Set, class SafeSet extends Set {}) as typeof Set;

/** The function that reads an accessor property, found on the object or its prototype chain, as the engine made it. */
export function nativeGetter<T = any>(holder: object, name: PropertyKey): (self: any) => T {
  const get = findDescriptor(holder, name)?.get;
  return get ? uncurryThis(get as (this: any) => T) : () => undefined as T;
}

/** The function that writes an accessor property, as the engine made it. */
export function nativeSetter<T = any>(holder: object, name: PropertyKey): (self: any, value: T) => void {
  const set = findDescriptor(holder, name)?.set;
  return set ? uncurryThis(set as (this: any, value: T) => void) : () => undefined;
}

/** A method as the engine made it, with `this` as its first argument. */
export function nativeMethod<R = any>(holder: object, name: PropertyKey): (self: any, ...args: any[]) => R {
  const method = findDescriptor(holder, name)?.value;
  return typeof method === 'function' ? uncurryThis(method as (this: any, ...args: any[]) => R) : () => undefined as R;
}

export function findDescriptor(holder: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let object: object | null = holder; object; object = getPrototypeOf(object)) {
    const descriptor = getOwnPropertyDescriptor(object, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

/**
 * What hooks share beyond the language itself. Window-only members are inert functions in a worker. A hook that needs
 * another native captures it in its own intercept function, which runs at boot.
 */
export interface Natives {
  eval: (source: any) => any;
  Function: FunctionConstructor;
  setTimeout: (callback: () => void, delay?: number) => number;
  queueMicrotask: (callback: () => void) => void;
  DOMException: typeof DOMException;
  fetch: typeof fetch;
  XMLHttpRequest: typeof XMLHttpRequest;
  addEventListener: (self: EventTarget, type: string, listener: (event: any) => void, options?: any) => void;
  /** The native `location` of a window or worker, whose members are unforgeable and so safe to use directly. */
  location: Location;
  locationHref: () => string;
  baseUri: (node: any) => string;
  getAttribute: (element: any, name: string) => string | null;
  setAttribute: (element: any, name: string, value: string) => void;
  removeAttribute: (element: any, name: string) => void;
  hasAttribute: (element: any, name: string) => boolean;
  appendChild: (parent: any, child: any) => any;
  remove: (element: any) => void;
  /** Of HTML, in a document of any type. */
  createElement: (document: any, name: string) => any;
  documentElement: (document: any) => any;
  characterSet: (document: any) => string;
  /** Of a link: parsed as the engine does it for the link's document. */
  linkHref: (link: any) => string;
  querySelectorAll: (root: any, selector: string) => NodeListOf<Element>;
  postMessage: (window: any, ...args: any[]) => void;
}

/** Captures the natives of the realm that the bundle runs in; called once, before anything is hooked. */
export function captureNatives(global: any): Natives {
  const element = global.Element?.prototype ?? {};
  const node = global.Node?.prototype ?? {};
  const doc = global.Document?.prototype ?? {};
  const { location } = global;
  const bind = (name: string) => {
    const method = global[name];
    return typeof method === 'function' ? (...args: any[]): any => apply(method, global, args) : () => undefined as any;
  };
  // In an XML document `createElement` gives elements of no namespace.
  const createElementNS = nativeMethod<Element>(doc, 'createElementNS');
  return {
    eval: global.eval,
    Function: global.Function,
    setTimeout: bind('setTimeout'),
    queueMicrotask: bind('queueMicrotask'),
    DOMException: exceptionsWithStack(global),
    fetch: bind('fetch'),
    XMLHttpRequest: global.XMLHttpRequest,
    addEventListener: nativeMethod(global.EventTarget.prototype, 'addEventListener'),
    location,
    locationHref: () => location.href,
    baseUri: nativeGetter(node, 'baseURI'),
    getAttribute: nativeMethod(element, 'getAttribute'),
    setAttribute: nativeMethod(element, 'setAttribute'),
    removeAttribute: nativeMethod(element, 'removeAttribute'),
    hasAttribute: nativeMethod(element, 'hasAttribute'),
    appendChild: nativeMethod(node, 'appendChild'),
    remove: nativeMethod(element, 'remove'),
    createElement: (document, name) => createElementNS(document, 'http://www.w3.org/1999/xhtml', name) as unknown,
    documentElement: nativeGetter(doc, 'documentElement'),
    characterSet: nativeGetter(doc, 'characterSet'),
    linkHref: nativeGetter(global.HTMLAnchorElement?.prototype ?? {}, 'href'),
    querySelectorAll: nativeMethod(doc, 'querySelectorAll'),
    postMessage: nativeMethod(global, 'postMessage'),
  };
}

/** V8 gives a stack to those that the engine throws, and none to those that a script makes. */
function exceptionsWithStack(global: any): typeof DOMException {
  const Native = global.DOMException as typeof DOMException;
  const capture = (global.Error as { captureStackTrace?: (error: object) => void }).captureStackTrace;
  if (!capture) return Native;
  return function (message: string, name: string) {
    const error = new Native(message, name);
    capture(error);
    return error;
  } as unknown as typeof DOMException;
}
