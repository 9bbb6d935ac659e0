/**
 * @module Every hook, in the order in which a realm gets them. One line for each; order matters only where said.
 */
import { interceptDOMStringList } from '../global-scope/ancestor-origins.js';
import type { Intercept } from '../realm/realm.js';
import { interceptErrorHandler } from './universal/error-handler.js';
import { interceptErrorStack } from './universal/error-stack.js';
import { interceptEval } from './universal/eval.js';
import { interceptFetch } from './universal/fetch.js';
import { interceptFunctionConstructors } from './universal/function-constructor.js';
import { interceptFunctionToString } from './universal/function-to-string.js';
import { interceptReflection } from './universal/reflection.js';
import { interceptResponse } from './universal/response.js';
import { interceptStringTimers } from './universal/string-timers.js';
import { interceptDocumentDomain } from './window/document-domain.js';
import { interceptDocumentUrl } from './window/document-url.js';
import { interceptForms } from './window/forms.js';
import { interceptFrameInsertion } from './window/frame-insertion.js';
import { interceptFrameElements, watchParsedFrames } from './window/frame-elements.js';
import { interceptHistory } from './window/history.js';
import { interceptLinks } from './window/links.js';
import { interceptMessageEvent } from './window/message-event.js';
import { interceptNavigationApi } from './window/navigation-api.js';
import { returnBorrowedName } from './window/navigation-target.js';
import { interceptOwnBase } from './window/own-base.js';
import { interceptPolicyViolation } from './window/policy-violation.js';
import { interceptPostMessage } from './window/post-message.js';
import { interceptRtcPeerConnection } from './window/rtc-peer-connection.js';
import { interceptUncontrolledNetwork } from './window/uncontrolled-network.js';
import { interceptUrlBearingEvents } from './window/url-bearing-events.js';
import { interceptWindowAncestors } from './window/window-ancestors.js';
import { interceptWindowOpen } from './window/window-open.js';
import { interceptWebSocket } from './universal/web-socket.js';
import { interceptIdbFactory } from './universal/idb-factory.js';
import { interceptCacheStorage } from './universal/cache-storage.js';
import { interceptBroadcastChannel } from './universal/broadcast-channel.js';
import { interceptLockManager } from './universal/lock-manager.js';
import { interceptPerformanceUrls } from './universal/performance-urls.js';
import { hideAbsentFeatures } from './universal/absent-features.js';
import { interceptStorageManager } from './universal/storage-manager.js';
import { interceptWorker } from './universal/worker.js';
import { hideUnproxiedTransports } from './universal/unproxied-transports.js';
import { interceptDocumentCookie } from './window/document-cookie.js';
import { interceptCookieStore } from './window/cookie-store.js';
import { interceptStorage } from './window/storage.js';
import { interceptStorageEvent } from './window/storage-event.js';
import { interceptElementAttributes } from './window/element-attributes.js';
import { interceptAttr } from './window/attr.js';
import { interceptReflectedAttributes } from './window/reflected-attributes.js';
import { interceptSandboxList } from './window/sandbox-list.js';
import { interceptScriptText } from './window/script-text.js';
import { interceptHtmlSinks } from './window/html-sinks.js';
import { interceptNodeInsertion } from './window/node-insertion.js';
import { interceptDocumentWrite } from './window/document-write.js';
import { interceptXmlHttpRequestFailure } from './universal/xml-http-request-failure.js';
import { interceptXmlHttpRequest } from './window/xml-http-request.js';
import { interceptNavigator } from './window/navigator.js';
import { becomeServiceWorker } from './worker/service-worker-scope.js';
import { interceptWorkerLocation } from './worker/worker-location.js';
import { interceptRelativeUrls } from './worker/relative-urls.js';

/** Windows and workers alike. */
export const universalHooks: Intercept[] = [
  interceptFunctionToString,
  interceptReflection,
  interceptErrorStack,
  interceptErrorHandler,
  interceptEval,
  interceptFunctionConstructors,
  interceptStringTimers,
  interceptFetch,
  interceptResponse,
  interceptPerformanceUrls,
  interceptWebSocket,
  interceptIdbFactory,
  interceptCacheStorage,
  interceptBroadcastChannel,
  interceptLockManager,
  interceptStorageManager,
  interceptWorker,
  hideUnproxiedTransports,
  interceptXmlHttpRequestFailure,
];

/** Windows only, after the universal ones. */
export const windowHooks: Intercept[] = [
  interceptDOMStringList,
  returnBorrowedName,
  interceptWindowAncestors,
  interceptDocumentUrl,
  interceptDocumentDomain,
  interceptPostMessage,
  interceptMessageEvent,
  interceptNavigationApi,
  interceptHistory,
  interceptLinks,
  interceptForms,
  interceptWindowOpen,
  interceptUrlBearingEvents,
  interceptPolicyViolation,
  interceptFrameElements,
  watchParsedFrames,
  interceptUncontrolledNetwork,
  interceptRtcPeerConnection,
  interceptDocumentCookie,
  interceptCookieStore,
  interceptStorage,
  interceptStorageEvent,
  interceptElementAttributes,
  interceptAttr,
  interceptReflectedAttributes,
  interceptSandboxList,
  interceptScriptText,
  interceptHtmlSinks,
  interceptNodeInsertion,
  interceptOwnBase,
  interceptDocumentWrite,
  interceptXmlHttpRequest,
  // After all that need navigator.serviceWorker.
  interceptNavigator,
  // After the hooks that prepare what is inserted, whose result it looks at.
  interceptFrameInsertion,
  // Last: what it hides, the others need.
  hideAbsentFeatures,
];

/** Workers only, after the universal ones. */
export const workerHooks: Intercept[] = [
  interceptWorkerLocation,
  interceptRelativeUrls,
  hideAbsentFeatures,
  becomeServiceWorker,
];
