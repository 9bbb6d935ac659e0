/**
 * @module The runtime: the script that runs before a proxied page's own. Its bundle is built from `boot.ts`; other
 * packages import only the types they share with it.
 */
export type { BootData } from './boot-data.js';
export type { Rewriters } from './late/rewriters.js';
export type {
  ClientDescription,
  FromServiceWorker,
  HandledRequest,
  HandledResponse,
  RegistrationState,
  ServiceWorkerReply,
  ServiceWorkerRequest,
  ServiceWorkerSnapshot,
  ToWorkerScope,
  FromWorkerScope,
  WorkerPhase,
  WorkerState,
  MessageSender,
  NavigationProgress,
  PolicyViolation,
  PortSocketEvent,
  PortSocketMessage,
  ToServiceWorker,
} from './messages.js';
export { absentFeatures, type AbsentFeatures } from './absent-features.js';
export { storagePrefix } from './storage-prefix.js';
export { opaqueStatusText } from './response-marks.js';
export { corsCheck, filterCorsHeaders, isSafelistedMethod, judgePreflight, unsafeHeaderNames } from './cors-rules.js';
