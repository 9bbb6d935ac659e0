/**
 * @module
 * What a listener is told of requests, answers and their ends: in the worker, by the option `on`, and in a page, by `proxy.on`.
 */

/** Whose request it is; in every event of one request the same. */
export interface RequestFacts {
  requestId: string;
  /** The real URL, without fragment. */
  url: string;
  destination: RequestDestination;
  isNavigation: boolean;
  /** The real URL of the document or worker that asks; null for the user. */
  initiatorUrl: string | null;
}

export interface RequestInterception extends RequestFacts {
  /** With the real URL, and the headers that the page's request has. A body can be read without harm. */
  request: Request;
  /**
   * Answers in the place of the site. Must be called before the listener returns, or its promise is fulfilled.
   * `Response.error()` is a network error.
   *
   * @throws Error if a listener has answered already
   */
  respondWith(response: Response | PromiseLike<Response>): void;
}

export interface ResponseInterception extends RequestFacts {
  request: Request;
  /** As the site sent it, redirects too. Its body can be read; reading must begin before the listener is done. */
  response: Response;
  /** Did a listener of `request` answer? */
  isMocked: boolean;
  /** As for requests: another answer instead of this one. */
  respondWith(response: Response | PromiseLike<Response>): void;
}

export interface RequestFailure extends RequestFacts {
  request: Request;
  error: { message: string; /** Stable; null for what is no error of ours. */ code: string | null };
}

/** A document of a site has come, redirects behind it. */
export interface ProxiedNavigation {
  requestId: string;
  url: string;
  status: number;
  /** False for a frame of a proxied page. */
  isTopLevel: boolean;
}

/** A navigation has become a file that the browser saves. */
export interface ProxiedDownload {
  requestId: string;
  url: string;
  filename: string;
  mimeType: string;
  /** In bytes, if the site says it. */
  size: number | null;
}

export interface InterceptionEvents {
  request: RequestInterception;
  response: ResponseInterception;
  error: RequestFailure;
  navigate: ProxiedNavigation;
  download: ProxiedDownload;
}

export type InterceptionType = keyof InterceptionEvents;
export type InterceptionListener<Type extends InterceptionType> = (
  event: InterceptionEvents[Type],
) => void | PromiseLike<void>;

/** One listener for each type, as the option `on` of the worker has them. */
export type InterceptionListeners = { [Type in InterceptionType]?: InterceptionListener<Type> };
