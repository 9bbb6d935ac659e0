/**
 * @module `Worker` and `SharedWorker`: a worker starts at its scoped route, where the service worker puts the runtime in
 * it; one from a blob: or data: URL gets it here.
 */
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptConstructor } from '../../interception/index.js';
import { construct } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { isLocalUrl, localScripts } from './local-script.js';

export function interceptWorker(realm: Realm): void {
  interceptWorkerConstructor(realm, 'Worker', 'worker');
  interceptWorkerConstructor(realm, 'SharedWorker', 'sharedworker');
}

function interceptWorkerConstructor(
  realm: Realm,
  name: 'Worker' | 'SharedWorker',
  kind: 'worker' | 'sharedworker',
): void {
  const global = realm.global as typeof globalThis;
  if (!(name in global)) return;
  const scripts = localScripts(realm);

  interceptConstructor(realm, global, name, {
    construct: (native) => (args, newTarget) => {
      const [given, options] = args as [unknown, unknown];
      if (args.length === 0) return construct(native, args, newTarget) as object;
      const written = `${given as string}`;
      const url = realm.urls.resolve(written);
      if (url === null) {
        throw new realm.natives.DOMException(
          `Failed to construct '${name}': '${written}' is not a valid URL.`,
          'SyntaxError',
        );
      }
      const start = (browserUrl: string) =>
        construct(native, [withTrustOf(realm, given, browserUrl), ...args.slice(1)], newTarget) as object;
      if (isLocalUrl(url)) return start(scripts.workerUrl(url, kind, workerType(options)));
      const origin = realm.urls.origin();
      if (new URL(url).origin !== origin) {
        throw new realm.natives.DOMException(
          `Failed to construct '${name}': Script at '${url}' cannot be accessed from origin '${origin}'.`,
          'SecurityError',
        );
      }
      return start(realm.urls.toBrowser(url, kind));
    },
  });
}

function workerType(options: unknown): 'classic' | 'module' {
  const isObject = typeof options === 'object' && options !== null;
  return isObject && (options as WorkerOptions).type === 'module' ? 'module' : 'classic';
}
