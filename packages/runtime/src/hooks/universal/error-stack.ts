/**
 * @module `Error.stack`: real URLs, and no frame of the runtime.
 *
 * V8 formats a stack when it is first read, by `Error.prepareStackTrace` where there is one
 * (https://v8.dev/docs/stack-trace-api), so ours stands there; what the page puts there is called with call sites as the page
 * must see them. Other engines have an accessor on `Error.prototype`.
 */
import { type AnyFunction, interceptAccessor, nameAsNative } from '../../interception/index.js';
import { apply, defineProperty, NativeProxy, stringIndexOf, stringSlice, uncurryThis } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** The methods of V8's call sites that are of use here. */
interface CallSite {
  getScriptNameOrSourceURL(): string | null;
  getScriptHash?(): string;
  toString(): string;
}

export const stackFormatter = 'prepareStackTrace';

export function interceptErrorStack(realm: Realm): void {
  const NativeError = realm.global.Error as ErrorConstructor & { prepareStackTrace?: unknown };
  const describe = uncurryThis(NativeError.prototype.toString);
  const start = `${(realm.global.location as Location).origin}/`;

  /** Each URL of the proxy's in the text of a frame as the page knows it; what follows it is `:line:column`. */
  const show = (text: string): string => {
    let shown = '';
    let from = 0;
    for (let at; (at = stringIndexOf(text, start, from)) >= 0;) {
      let end = at;
      while (end < text.length && text[end] !== ')' && text[end] !== ' ' && text[end] !== '\n') end++;
      for (let digits = end; digits > at; digits--) {
        const character = text[digits - 1]!;
        if (character === ':') end = digits - 1;
        else if (character < '0' || character > '9') break;
      }
      shown += stringSlice(text, from, at) + realm.urls.fromBrowser(stringSlice(text, at, end));
      from = end;
    }
    return shown + stringSlice(text, from);
  };

  interceptAccessor(realm, NativeError.prototype, 'stack', {
    get: (native) =>
      function () {
        const stack: unknown = native(this);
        return typeof stack === 'string' ? show(stack) : stack;
      },
  });

  let own: CallSite | undefined;
  NativeError[stackFormatter] = (_error: unknown, sites: CallSite[]) => (own = sites[0]);
  void new NativeError().stack;
  delete NativeError[stackFormatter];
  if (!own) return;

  const ownName = own.getScriptNameOrSourceURL();
  let ownHash: string | undefined;
  const isOwn = (site: CallSite): boolean =>
    // In a worker the site's script is the same one as ours. The hash is V8's to compute, once a script.
    realm.kind === 'window' &&
    site.getScriptNameOrSourceURL() === ownName &&
    site.getScriptHash?.() === (ownHash ??= own!.getScriptHash?.());

  const format = (error: unknown, sites: CallSite[]): string => {
    let stack = describe(error as Error);
    for (let index = 0; index < sites.length; index++) {
      if (!isOwn(sites[index]!)) stack += `\n    at ${show(sites[index]!.toString())}`;
    }
    return stack;
  };
  const standIn = (site: CallSite): CallSite =>
    new NativeProxy(site, {
      get(target, key) {
        const value = target[key as keyof CallSite] as unknown;
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) => {
          const result = apply(value as AnyFunction, target, parameters) as unknown;
          return typeof result === 'string' ? show(result) : result;
        };
      },
    });

  const native = nameAsNative(realm, format, stackFormatter, 2) as AnyFunction;
  let formatter = native;
  defineProperty(NativeError, stackFormatter, {
    configurable: true,
    get: () => formatter,
    set(value: unknown) {
      if (typeof value !== 'function' || value === native || value === formatter) {
        if (value !== formatter) formatter = native;
        return;
      }
      formatter = function (error: unknown, sites: CallSite[]) {
        const seen: CallSite[] = [];
        for (let index = 0; index < sites.length; index++) {
          if (!isOwn(sites[index]!)) seen[seen.length] = standIn(sites[index]!);
        }
        return apply(value as AnyFunction, NativeError, [error, seen]) as unknown;
      };
    },
  });
}
