/**
 * @module
 * What callers pass to the client.
 */
import type { HeaderPair } from '@culvert/bare-protocol';
import type { RemoteChannel } from './remote-channel.js';
import type { BareSocketConnector } from './socket/bare-socket.js';

/** URL of a Bare server's directory. A relative one resolves against the page's or the worker's own URL. */
export type BareServerLocation = string | URL;

type BareServerLocations = BareServerLocation | BareServerLocation[];

/**
 * One server, several to fall back on in order, or a function that picks by the remote's URL. The function is called again, with
 * the number of servers that were tried, when all that it gave before are out; it ends the search by giving nothing new.
 */
export type BareServerOption =
  BareServerLocations | ((remote: URL, attempt: number) => BareServerLocations | Promise<BareServerLocations>);

/** What a client reaches remotes through: Bare servers, or what `fromTransport` makes of another transport. */
export type BareClientTarget = BareServerOption | RemoteChannel;

export type BareHeadersInit = HeaderPair[] | Headers | Record<string, string | string[]>;

/** Versions of the Bare protocol that the client speaks. */
export type BareVersion = 'v1' | 'v2' | 'v3';

export interface BareClientOptions {
  /** Speak this version and no other, whatever the manifest says. The manifest is not asked for then. */
  version?: BareVersion;
  /** The `fetch` to reach the Bare server with; the realm's own by default. */
  fetch?: typeof fetch;
  /** The `WebSocket` to reach the Bare server with; needed in Node 20, which has none. */
  WebSocket?: typeof WebSocket;
  /** Opens the v3 tunnels: a `SocketFallback` does where WebSockets are blocked. By default they are WebSockets and nothing else. */
  sockets?: BareSocketConnector;
  /** Redirects to follow before giving up. Browsers allow 20. */
  maxRedirects?: number;
  /** Milliseconds for a manifest (10 s by default), and for a WebSocket to be open (30 s). 0 is no limit. */
  connectTimeout?: number;
  /** Milliseconds from the request to the head of its answer, the upload included. No limit by default. */
  headersTimeout?: number;
}

export interface BareFetchInit {
  method?: string;
  /** Sent in this order and case. `Host` is put first when it is missing. */
  headers?: BareHeadersInit;
  body?: BodyInit | null;
  /** `manual` returns the redirect itself, with its Location readable. */
  redirect?: 'follow' | 'error' | 'manual';
  signal?: AbortSignal | null;
  /**
   * With a stream as body: send it as it comes, which browsers do over HTTP/2 and later only. Where it cannot be done, and by
   * default, it is collected first.
   */
  duplex?: 'half';
  /** Anything but `no-store` (the default) lets the browser's HTTP cache keep the Bare server's answer to a GET. */
  cache?: RequestCache;
  keepalive?: boolean;
  /** What of several requests to a Bare server goes first. */
  priority?: RequestPriority;
  /** Instead of the client's. */
  headersTimeout?: number;
}
