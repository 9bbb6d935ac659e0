/**
 * @module
 * The service worker as a library: start it from a worker script of your own with the runtime's text, or use the built
 * `culvert.sw.js`, which does just that. What a page needs is exported by `@culvert/sw/page`.
 */
export type { ServiceWorkerOptions } from './config.js';
export type { Transport, TransportFactory } from './transports/transport-switch.js';
export type {
  InterceptionEvents,
  InterceptionListener,
  InterceptionListeners,
  InterceptionType,
} from './interception/interception-events.js';
export { startServiceWorker } from './service-worker.js';
