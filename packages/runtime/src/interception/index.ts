/**
 * @module The only code that touches property descriptors of the page's realm.
 */
export { hideProperty } from './hide-property.js';
export { type AccessorHooks, interceptAccessor } from './intercept-accessor.js';
export { type ConstructorHooks, hookedConstructor, interceptConstructor } from './intercept-constructor.js';
export { interceptMethod } from './intercept-method.js';
export { type AnyFunction, asNativeMethod, dressAs, nameAsNative } from './native-appearance.js';
