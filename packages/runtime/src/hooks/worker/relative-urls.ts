/**
 * @module Relative URLs in workers. A worker has no `<base>`: the engine would resolve them against the worker's scoped
 * route, so they are made absolute before it sees them.
 */
import type { UrlClass } from '@culvert/rewriter';
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptConstructor, interceptMethod } from '../../interception/index.js';
import { apply, construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { isLocalUrl, localScripts } from '../universal/local-script.js';

/** Methods that take a URL or a Request, and which argument it is. */
const methods: readonly (readonly [holder: string, method: string, argument: number])[] = [
  ['WorkerGlobalScope', 'fetch', 0],
  ['XMLHttpRequest', 'open', 1],
  ['Cache', 'match', 0],
  ['Cache', 'matchAll', 0],
  ['Cache', 'add', 0],
  ['Cache', 'put', 0],
  ['Cache', 'delete', 0],
  ['Cache', 'keys', 0],
];

export function interceptRelativeUrls(realm: Realm): void {
  const global = realm.global as Record<string, { prototype: object } | undefined> & typeof globalThis;
  const { Request } = global;

  const absolute = (value: unknown, urlClass: UrlClass): unknown => {
    if (value === undefined || value instanceof Request) return value;
    const url = realm.urls.resolve(`${value as string}`);
    // What does not parse is for the native function to refuse.
    return url === null ? value : realm.urls.toBrowser(url, urlClass);
  };

  for (const [holder, method, argument] of methods) {
    const prototype = global[holder]?.prototype;
    if (!prototype) continue;
    interceptMethod(
      realm,
      prototype,
      method,
      (native) =>
        function (this: unknown, ...args: unknown[]) {
          if (args.length > argument) args[argument] = absolute(args[argument], 'fetch');
          return apply(native, this, args) as unknown;
        },
    );
  }
  interceptMethod(
    realm,
    global.Cache?.prototype ?? {},
    'addAll',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        if (args.length > 0) args[0] = Array.from(args[0] as Iterable<unknown>, (item) => absolute(item, 'fetch'));
        return apply(native, this, args) as unknown;
      },
  );

  for (const name of ['Request', 'EventSource']) {
    interceptConstructor(realm, global, name, {
      construct: (native) => (args, newTarget) => {
        if (args.length > 0) args = [absolute(args[0], 'fetch'), ...(args.slice(1) as unknown[])];
        return construct(native, args, newTarget) as object;
      },
    });
  }

  const scripts = localScripts(realm);
  interceptMethod(
    realm,
    global.WorkerGlobalScope!.prototype,
    'importScripts',
    (native) =>
      function (this: unknown, ...args: unknown[]) {
        const urls = args.map((given) => {
          const url = absolute(given, 'script') as string;
          const browserUrl = isLocalUrl(`${url}`) ? scripts.rewritten(`${url}`, 'script') : url;
          return browserUrl === given ? given : withTrustOf(realm, given, browserUrl);
        });
        return apply(native, this, urls) as unknown;
      },
  );
}
