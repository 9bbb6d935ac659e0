/**
 * @module
 * What can go wrong on the page side, as one error class with stable codes.
 */

export type ProxyErrorCode =
  /** The page was opened from a file, which has no origin that a worker could serve. */
  | 'FILE_PROTOCOL'
  /** The page is neither https nor localhost, so the browser offers no service workers. */
  | 'INSECURE_CONTEXT'
  /** The browser has no service workers here: switched off, a private window, or an old browser. */
  | 'SERVICE_WORKER_UNSUPPORTED'
  /** Cookies and site data are blocked for this site, so nothing can be registered. */
  | 'SERVICE_WORKER_FORBIDDEN'
  /** The script of the service worker does not exist or its server failed. */
  | 'WORKER_SCRIPT_UNAVAILABLE'
  /** The script of the service worker is not served as JavaScript. */
  | 'WORKER_SCRIPT_WRONG_TYPE'
  /** The script of the service worker stands too deep for the scope, and its server does not allow the scope by a header. */
  | 'WORKER_SCOPE_NOT_ALLOWED'
  /** The runtime is not beside the script of the service worker. */
  | 'RUNTIME_UNAVAILABLE'
  /** Page, worker and runtime are not of one version. */
  | 'VERSION_MISMATCH'
  /** Another tool's worker has the scope. */
  | 'SCOPE_TAKEN'
  /** The configuration file that was named does not exist, or threw. */
  | 'CONFIG_UNAVAILABLE'
  /** The Bare server cannot be reached. */
  | 'BARE_SERVER_UNREACHABLE'
  /** The Bare server answers, and does not let this origin read it. */
  | 'BARE_SERVER_WITHOUT_CORS'
  /** What answers in the place of the Bare server is none. */
  | 'NOT_A_BARE_SERVER'
  /** The script of the service worker threw while it was evaluated or installed. */
  | 'WORKER_SCRIPT_FAILED'
  /** The worker could not switch to the transport. */
  | 'TRANSPORT_FAILED'
  /** The worker could not be told that this page listens. */
  | 'SUBSCRIPTION_FAILED'
  /** The service worker did not become active in time. */
  | 'REGISTRATION_TIMEOUT'
  /** What was to be opened is not a URL. */
  | 'INVALID_URL'
  /** What was to be opened has a scheme that cannot be proxied. */
  | 'UNSUPPORTED_SCHEME'
  /** A navigation failed: the worker said so. */
  | 'NAVIGATION_FAILED'
  /** The frame shows a document that is not ours: an error page of the browser, or a page outside of the proxy. */
  | 'FRAME_UNREACHABLE';

export class ProxyError extends Error {
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProxyError';
    this.code = code;
  }
}
