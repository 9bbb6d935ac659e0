/**
 * @module
 * The built service worker, a classic script: it loads the runtime beside it and starts. Options are those of
 * `startServiceWorker`, in `self.culvertConfig`: set by a script of your own that imports this one, or by the file that the
 * query of the worker's own URL names (`worker-query.ts`), or in that query.
 */
import type { ServiceWorkerOptions } from './config.js';
import { startServiceWorker } from './service-worker.js';
import { version } from './version.js';
import { readWorkerQuery } from './worker-query.js';

interface CulvertGlobals {
  culvertConfig?: Partial<ServiceWorkerOptions>;
  /** Set by `culvert.runtime.js`. */
  culvertRuntime?: ((data: unknown) => unknown) & {
    version?: string;
    rewriters: () => unknown;
    serviceWorkers: () => unknown;
  };
}

const globals = self as unknown as WorkerGlobalScope & CulvertGlobals;
const { config, ...options } = readWorkerQuery(globals.location.search);
if (config !== undefined && !globals.culvertConfig) globals.importScripts(config);
if (!globals.culvertRuntime) globals.importScripts('culvert.runtime.js');

const runtime = globals.culvertRuntime!;
if (runtime.version !== version) {
  // The registration fails with this; the page finds out the same by reading both files, and says what to do.
  throw new Error(
    `culvert.sw.js is version ${version} and culvert.runtime.js is ${runtime.version ?? 'older'}. Put both files of one version on the server.`,
  );
}
startServiceWorker({
  ...options,
  ...globals.culvertConfig,
  runtimeSource: runtime.toString(),
  rewritersSource: runtime.rewriters.toString(),
  serviceWorkersSource: runtime.serviceWorkers.toString(),
});
