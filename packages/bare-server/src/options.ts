/**
 * @module
 * What a Bare server can be told.
 */
import type { IncomingMessage } from 'node:http';
import type { BareManifest } from '@culvert/bare-protocol';
import type { HttpSocketLimits } from '@culvert/http-socket/server';
import type { MetaStore } from './bare/v1-v2/meta-store.js';

/** Versions of the Bare protocol, oldest first. */
export const bareVersions = ['v1', 'v2', 'v3'] as const;
export type BareVersion = (typeof bareVersions)[number];

/** How remotes are reached. */
export interface UpstreamOptions {
  /**
   * Addresses to use instead of DNS: curl's `host:port:address[,address...]`. Host and port may be `*`, an IPv6 address stands in
   * brackets, and a leading `+` is accepted.
   */
  resolve?: string[];
  /** Accept any certificate. */
  insecure?: boolean;
  /** Certificate authorities to trust besides the usual ones, as PEM. */
  ca?: string[];
  /** Allow addresses that are not public (loopback, private networks, link-local, ...) and this server itself. */
  allowPrivate?: boolean;
  /** Milliseconds for DNS, TCP and TLS together. */
  connectTimeout?: number;
  /** Milliseconds from the end of the request to the head of the answer. */
  headersTimeout?: number;
}

/** Limits of the WebSockets that come over HTTP requests (`@culvert/http-socket`). */
export interface HttpSocketOptions extends Partial<HttpSocketLimits> {
  /** The address that sessions are counted by: the connection's own by default. */
  clientAddress?: (request: IncomingMessage) => string;
}

export interface BareServerOptions {
  /** Path the server is mounted at; begins and ends with a slash. */
  directory?: string;
  upstream?: UpstreamOptions;
  /** Versions to serve; all by default. */
  versions?: readonly BareVersion[];
  /** Refuse an X-Bare-Headers of more than 3072 bytes in one piece, as the specification says; by default it is accepted. */
  strict?: boolean;
  /**
   * What to do when a list names a header that may not be forwarded or passed. By default it is refused with
   * FORBIDDEN_BARE_HEADER, and ignored where v1 forbids nothing.
   */
  forbiddenHeaders?: 'refuse' | 'ignore';
  /** Where v1 and v2 keep what belongs to a WebSocket's ID; in this process by default. */
  metaStore?: MetaStore;
  /** Milliseconds that an ID is good for, and that the answer to a WebSocket's handshake can be asked for; 30 s by default. */
  metaLifetime?: number;
  /** Milliseconds a client has to send the connect message after its WebSocket is open. */
  connectMessageTimeout?: number;
  /** Bytes of the largest WebSocket message, either way. */
  maxMessageSize?: number;
  /**
   * Serve v3 WebSockets over plain HTTP requests too, at `v3/socket/` below the directory, for clients whose upgrade is refused on
   * the way; true by default. An object sets its limits, and behind a reverse proxy whose address a request came from.
   */
  httpSocket?: boolean | HttpSocketOptions;
  maintainer?: BareManifest['maintainer'];
  project?: BareManifest['project'];
  /** Called with what went wrong on our side (code UNKNOWN), which the client only learns in general terms. */
  onInternalError?: (error: unknown) => void;
}
