/**
 * @module
 * The page side of the service worker: registers it, turns URLs into routes and back, and steers a proxied frame.
 */
export { createProxy, type Proxy, type ProxyOptions } from './proxy.js';
export { checkBareServer, type BareServerFacts } from './check-bare-server.js';
export { examine, type DoctorTarget, type Finding } from './doctor/index.js';
export { ProxyError, type ProxyErrorCode } from './errors.js';
export type {
  InterceptionEvents,
  InterceptionListener,
  InterceptionType,
} from '../interception/interception-events.js';
export type { GoOptions, ProxyFrame, ProxyFrameEvents, ProxyFrameState } from './proxy-frame.js';
