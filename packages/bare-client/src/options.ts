/**
 * @module
 * What callers pass to the client.
 */
import type { HeaderPair } from '@culvert/bare-protocol';

/** URL of a Bare server's directory. A relative one resolves against the page's or the worker's own URL. */
export type BareServerLocation = string | URL;

/** One server, several to fall back on in order, or a function that picks by the remote's URL. */
export type BareServerOption =
  | BareServerLocation
  | BareServerLocation[]
  | ((remote: URL) => BareServerLocation | BareServerLocation[] | Promise<BareServerLocation | BareServerLocation[]>);

export type BareHeadersInit = HeaderPair[] | Headers | Record<string, string | string[]>;

export interface BareClientOptions {
  /** The `fetch` to reach the Bare server with; the realm's own by default. */
  fetch?: typeof fetch;
  /** The `WebSocket` to reach the Bare server with; needed in Node 20, which has none. */
  WebSocket?: typeof WebSocket;
  /** Redirects to follow before giving up. Browsers allow 20. */
  maxRedirects?: number;
}

export interface BareFetchInit {
  method?: string;
  /** Sent in this order and case. `Host` is put first when it is missing. */
  headers?: BareHeadersInit;
  body?: BodyInit | null;
  /** `manual` returns the redirect itself, with its Location readable. */
  redirect?: 'follow' | 'error' | 'manual';
  signal?: AbortSignal | null;
  /** With a stream as body: send it as it comes, which browsers do over HTTP/2 only. By default it is collected first. */
  duplex?: 'half';
  /** Anything but `no-store` (the default) lets the browser's HTTP cache keep the Bare server's answer. */
  cache?: RequestCache;
  keepalive?: boolean;
}
