/**
 * @module What a test's realm holds beyond the language: scripts that are evaluated in it before the test.
 *
 * Both realms look like a window to a script: `window`, and `location` and `top`, which cannot be deleted. In the
 * proxied one they are others than the script must see, and rewritten code finds the helpers that the rewriter's
 * `helper-names.ts` describes. The hooks that belong to them (`eval`, the Function constructors,
 * `Function.prototype.toString`, descriptors of `eval`) are as small here as they can be.
 */

export const windowScript = String.raw`
(function (global, location, top) {
  Object.defineProperty(global, 'window', { value: global, configurable: true, writable: true });
  Object.defineProperty(global, 'location', { get() { return location; }, set() {}, enumerable: true, configurable: false });
  Object.defineProperty(global, 'top', { get() { return top; }, set: undefined, enumerable: true, configurable: false });
})`;

export const helperScript = String.raw`
(function (global, names, rewrite, unrewrite, real, realTop, fake, fakeTop) {
  'use strict';
  const { Proxy, Reflect, Object, WeakMap, String, Array } = global;
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const hidden = (name, descriptor) => defineProperty(global, name, { enumerable: false, configurable: false, ...descriptor });
  const mapValue = (value) => (value === real ? fake : value === realTop ? fakeTop : value);
  const weakMapGet = WeakMap.prototype.get;
  const weakMapSet = WeakMap.prototype.set;
  const proxyNatives = new WeakMap();

  const standIn = new Proxy({}, {
    get: (_, key) => mapValue(Reflect.get(global, key)),
    set: (_, key, value) => (key === 'location' ? true : key === 'top' ? false : Reflect.set(global, key, value)),
    has: (_, key) => key in global,
    deleteProperty: (_, key) => Reflect.deleteProperty(global, key),
    ownKeys: () => Reflect.ownKeys(global),
    getOwnPropertyDescriptor: (_, key) => {
      const found = describe(global, key);
      return found && { ...found, configurable: true };
    },
  });
  hidden(names.standIn, { value: (value) => (value === global ? standIn : value) });
  hidden(names.messageTarget, { value: (value) => value });
  hidden(names.value, { value: mapValue });
  hidden(names.globals, {
    value: Object.defineProperties({}, { location: { get: () => fake, set() {} }, top: { get: () => fakeTop } }),
  });
  hidden(names.scratch, { value: undefined, writable: true });
  hidden(names.absentKey, { value: global.Symbol('absent') });
  hidden(names.fixRest, { value: (rest) => {
    for (const key of ['location', 'top']) if (Object.hasOwn(rest, key)) rest[key] = mapValue(rest[key]);
    return rest;
  } });
  const write = (current, assign, value) => {
    if (current !== real && current !== realTop) assign(value);
    return value;
  };
  hidden(names.writeDynamic, { value: write });
  hidden(names.dynamicReference, { value: (current, assign) => {
    const accessor = { get: () => mapValue(current), set: (value) => void write(current, assign, value) };
    return Object.defineProperties({}, { location: accessor, top: accessor });
  } });
  hidden(names.moduleSpecifier, { value: (specifier) => specifier });

  // eval
  const intrinsic = global.eval;
  const rewriteEval = (source) => (typeof source === 'string' ? rewrite(source, 'eval') : source);
  const indirect = { eval(x) { return intrinsic(rewriteEval(x)); } }.eval;
  apply(weakMapSet, proxyNatives, [indirect, intrinsic]);
  const frames = [];
  let current = indirect;
  hidden(names.armEval, { get() { frames[frames.length] = false; return (result) => result; } });
  hidden(names.evalSource, { value: (source) => {
    const isTaken = frames.length === 0 || frames[frames.length - 1];
    if (frames.length > 0) frames.length--;
    return isTaken ? rewriteEval(source) : source;
  } });
  defineProperty(global, 'eval', {
    get() {
      if (current !== indirect || frames.length === 0 || frames[frames.length - 1]) return current;
      frames[frames.length - 1] = true;
      return intrinsic;
    },
    set(value) { current = value; },
    enumerable: false, configurable: true,
  });
  const evalGetter = getOwnPropertyDescriptor(global, 'eval').get;

  // Function and its kin
  const between = '\n) {\n';
  for (const [head, sample] of [
    ['function anonymous(', function () {}],
    ['async function anonymous(', async function () {}],
    ['function* anonymous(', function* () {}],
    ['async function* anonymous(', async function* () {}],
  ]) {
    const prototype = getPrototypeOf(sample);
    const native = prototype.constructor;
    const rewriteArguments = (args) => {
      const texts = [];
      for (let i = 0; i < args.length; i++) texts[i] = ${'`${args[i]}`'};
      apply(native, undefined, texts);
      let parameters = '';
      for (let i = 0; i < texts.length - 1; i++) parameters += (i > 0 ? ',' : '') + texts[i];
      const body = texts.length > 0 ? texts[texts.length - 1] : '';
      const source = head + parameters + between + body + '\n}';
      const rewritten = rewrite(source, 'function');
      if (rewritten === source) return texts;
      return rewrite.cut(source, rewritten, head.length, parameters.length);
    };
    const hook = new Proxy(native, {
      apply: (_, self, args) => construct(native, rewriteArguments(args)),
      construct: (_, args, newTarget) => construct(native, rewriteArguments(args), newTarget === hook ? native : newTarget),
    });
    apply(weakMapSet, proxyNatives, [hook, native]);
    defineProperty(prototype, 'constructor', { value: hook });
    if (head === 'function anonymous(') defineProperty(global, 'Function', { value: hook });
    else Object.setPrototypeOf(hook, global.Function);
  }

  // Reflection
  const nativeToString = Function.prototype.toString;
  const toString = { toString() {
    const native = typeof this === 'function' ? apply(weakMapGet, proxyNatives, [this]) : undefined;
    return unrewrite(apply(nativeToString, native ?? this, []));
  } }.toString;
  apply(weakMapSet, proxyNatives, [toString, nativeToString]);
  defineProperty(global.Function.prototype, 'toString', { value: toString });
  const describe = (object, key) => {
    const found = getOwnPropertyDescriptor(object, key);
    if (!found || found.get !== evalGetter) return found;
    return { value: current, writable: true, enumerable: false, configurable: found.configurable };
  };
  for (const holder of [Object, Reflect]) {
    const native = holder.getOwnPropertyDescriptor;
    const hook = { getOwnPropertyDescriptor(object, key) {
      const found = apply(native, holder, [object, key]);
      return found && found.get === evalGetter
        ? { value: current, writable: true, enumerable: false, configurable: found.configurable } : found;
    } }.getOwnPropertyDescriptor;
    apply(weakMapSet, proxyNatives, [hook, native]);
    defineProperty(holder, 'getOwnPropertyDescriptor', { value: hook });
  }
})`;
