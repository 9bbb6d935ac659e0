/**
 * @module
 * What a Bare server can be told, and what it does when it is told nothing (`defaults`).
 */
import type { IncomingMessage } from 'node:http';
import type { LookupAddress } from 'node:dns';
import type { BareManifest } from '@culvert/bare-protocol';
import type { HttpSocketLimits } from '@culvert/http-socket/server';
import type { MetaStore } from './bare/v1-v2/meta-store.js';
import type { LogEntry } from './operation/log.js';

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
  /**
   * Where requests may go: `example.com`, `*.example.com`, `192.0.2.7`, `10.0.0.0/8`, `[2001:db8::]/32`, `*`, each with `:port` or
   * `:from-to` behind it if need be. Everywhere by default. An address or a range also admits addresses that are not public; a name
   * does not, because whoever owns it decides where it leads.
   */
  allow?: readonly string[];
  /** Where requests may not go, written in the same way. Wins over `allow`. */
  deny?: readonly string[];
  /** Speak HTTP/2 to remotes that offer it. Header names become lower case there, which some sites look at. */
  http2?: boolean;
  /** Resolves names in place of the system's resolver. What it gives is judged like any other address. */
  lookup?: (host: string, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;
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
  /** Values that the store in this process holds; the oldest make room. */
  maxMetaEntries?: number;
  /** Milliseconds a client has to send the connect message after its WebSocket is open. */
  connectMessageTimeout?: number;
  /** Bytes of the largest WebSocket message, either way. */
  maxMessageSize?: number;
  /**
   * Serve v3 WebSockets over plain HTTP requests too, at `v3/socket/` below the directory, for clients whose upgrade is refused on
   * the way; true by default. An object sets its limits, and behind a reverse proxy whose address a request came from.
   */
  httpSocket?: boolean | HttpSocketOptions;
  /** HTTP/1.1 connections from one client address. An IPv6 address stands for its /64. */
  maxConnectionsPerClient?: number;
  /** Requests and WebSockets of one client address at the same time. */
  maxRequestsPerClient?: number;
  /** Bytes of the largest request body. */
  maxBodySize?: number;
  /** Milliseconds that neither side of an exchange moves a byte, after its head, before it is given up. Not for WebSockets. */
  idleTimeout?: number;
  /**
   * Reverse proxies whose X-Forwarded-For is believed: addresses and ranges, or `loopback`, which includes Unix sockets. Nobody is
   * by default, because any client can write the header.
   */
  trustProxy?: readonly string[];
  /** Clients have to know it: `Authorization: Bearer <token>`, or as a directory below ours, `/bare/<token>/`. */
  token?: string;
  /** Origins whose pages may use the server; all by default. Requests without Origin are no page's of another origin. */
  allowOrigins?: readonly string[];
  /** Path that says whether the server is well; null for none. */
  healthPath?: string | null;
  /** Path of the metrics for Prometheus; null for none. */
  metricsPath?: string | null;
  /** `Authorization: Bearer` for the metrics. Without it they are for clients on this machine only. */
  metricsToken?: string;
  /** Gives the metrics to answer with, such as those of all workers (`runWorkers`); by default they are this process's. */
  collectMetrics?: (own: () => string) => Promise<string>;
  /** Called once for each request and WebSocket when it is over, and at the start and the end of a shutdown. */
  log?: (entry: LogEntry) => void;
  maintainer?: BareManifest['maintainer'];
  project?: BareManifest['project'];
  /** Called with what went wrong on our side (code UNKNOWN), which the client only learns in general terms. */
  onInternalError?: (error: unknown) => void;
}

/** Everything that has a number, or a path. docs/bare-server.md has the same table in words. */
export const defaults = {
  directory: '/bare/',
  connectTimeout: 10_000,
  headersTimeout: 60_000,
  connectMessageTimeout: 10_000,
  maxMessageSize: 128 * 1024 * 1024,
  metaLifetime: 30_000,
  maxMetaEntries: 50_000,
  maxConnectionsPerClient: 512,
  maxRequestsPerClient: 1024,
  maxBodySize: 4 * 1024 * 1024 * 1024,
  idleTimeout: 300_000,
  healthPath: '/healthz',
  metricsPath: '/metrics',
} as const;
