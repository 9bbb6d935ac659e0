/**
 * @module
 * The built service worker, a classic script: it loads the runtime beside it and starts. Options are those of
 * `startServiceWorker`, in `self.culvertConfig`, set by a script of your own that imports this one.
 */
import type { ServiceWorkerOptions } from './config.js';
import { startServiceWorker } from './service-worker.js';

interface CulvertGlobals {
  culvertConfig?: Partial<ServiceWorkerOptions>;
  /** Set by `culvert.runtime.js`. */
  culvertRuntime?: (data: unknown) => unknown;
}

const globals = self as unknown as WorkerGlobalScope & CulvertGlobals;
if (!globals.culvertRuntime) globals.importScripts('culvert.runtime.js');
startServiceWorker({ ...globals.culvertConfig, runtimeSource: globals.culvertRuntime!.toString() });
