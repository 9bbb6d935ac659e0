/**
 * @module
 * The worker's own faults, each with a stable code. What goes wrong between here and the site is a `BareError`; the error
 * page knows both kinds by their code.
 */

export type ServiceWorkerErrorCode =
  /** The path below the scope is no route. */
  | 'SW_INVALID_ROUTE'
  /** The first path segment after the scope names no asset. */
  | 'SW_UNKNOWN_ASSET'
  /** The remote URL is neither http: nor https:. */
  | 'SW_UNSUPPORTED_SCHEME'
  /** The remote answered with a status that a browser cannot represent. */
  | 'SW_INVALID_STATUS'
  /** A navigation is redirected to what is no URL, or one that no site may send a browser to. */
  | 'SW_INVALID_REDIRECT'
  /** CORS forbids the request, or that its page sees the answer. */
  | 'SW_CORS_REFUSED'
  /** The content security policy of who asks forbids it. */
  | 'SW_CONTENT_POLICY'
  /** A page that came by https: asks for something by http:. */
  | 'SW_MIXED_CONTENT'
  /** The site does not let this page show it in a frame. */
  | 'SW_FRAMING'
  /** The body is not the one that the page's integrity metadata describes. */
  | 'SW_INTEGRITY'
  /** Cross-Origin-Resource-Policy keeps it from this page. */
  | 'SW_RESOURCE_POLICY'
  /** `mode: "same-origin"`, and the URL or a redirect is of another origin. */
  | 'SW_NOT_SAME_ORIGIN'
  /** Nothing came back for a navigation within the time limit. */
  | 'SW_TIMEOUT'
  /** The transport of the options could not be made, or there is none of the name that a page chose. */
  | 'SW_TRANSPORT_FAILED'
  /** A listener of the embedder answered with `Response.error()`. */
  | 'SW_INTERCEPTED'
  /** The site's own service worker has answered with a network error, or not at all. */
  | 'SW_SITE_WORKER_FAILED'
  /** What was sent to `~/sign-in` is not the form of our page. */
  | 'SW_INVALID_SIGN_IN'
  /** `cache: "only-if-cached"`, and there is no cache. */
  | 'SW_NOT_CACHED';

export class ServiceWorkerError extends Error {
  override readonly name = 'ServiceWorkerError';

  constructor(
    readonly code: ServiceWorkerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The stable code of an error of any of our packages; `null` for others, which are bugs or the platform's. */
export function errorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}
