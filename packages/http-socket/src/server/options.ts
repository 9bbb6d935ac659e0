/**
 * @module
 * Options of the server, and the limits that hold when none are given.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Who asks for a session, for `connect` to decide on. */
export interface HttpSocketSession {
  readonly id: string;
  /** The client's address, as `clientAddress` tells it. */
  readonly address: string;
  /** The POST that opens the session: its URL and headers may say where to. It has no body. */
  readonly request: IncomingMessage;
  /** Aborted when the session ends, so that a connection attempt can be given up. */
  readonly signal: AbortSignal;
}

export interface HttpSocketLimits {
  /** Sessions at a time. */
  maxSessions: number;
  /** Sessions of one client address at a time. Behind a reverse proxy, see `clientAddress`. */
  maxSessionsPerAddress: number;
  /** Bytes kept for one session and direction: not yet acknowledged by the client, or not yet taken by the far end. */
  maxBufferedBytes: number;
  /** The same over all sessions and both directions. Above it new sessions are refused and the others get no room. */
  maxTotalBufferedBytes: number;
  /** The longest body of a PUT. */
  maxBodyBytes: number;
  /** The longest body of a GET's answer, whatever the client asks for. */
  maxAnswerBytes: number;
  /** Requests of one session at a time. */
  maxRequestsPerSession: number;
  /** The longest that a GET waits for data, and a PUT for room, in milliseconds. Below what proxies allow (nginx: 60 s). */
  pollTimeout: number;
  /** The longest that the body of a PUT may take to arrive. */
  bodyTimeout: number;
  /** A session that its client asks nothing of for so long is dropped. */
  idleTimeout: number;
  /** The longest that `connect` may take. */
  connectTimeout: number;
  /** After the client has closed: how long the far end may take to accept the last bytes. */
  lingerTimeout: number;
}

export const defaultLimits: HttpSocketLimits = {
  maxSessions: 1024,
  maxSessionsPerAddress: 128,
  maxBufferedBytes: 2 * 1024 * 1024,
  maxTotalBufferedBytes: 256 * 1024 * 1024,
  // nginx refuses bodies of more than 1 MiB unless told otherwise.
  maxBodyBytes: 512 * 1024,
  maxAnswerBytes: 512 * 1024,
  maxRequestsPerSession: 16,
  pollTimeout: 25_000,
  bodyTimeout: 60_000,
  idleTimeout: 60_000,
  connectTimeout: 10_000,
  lingerTimeout: 10_000,
};

export interface HttpSocketServerOptions extends Partial<HttpSocketLimits> {
  /**
   * Gives what a session is connected to. A `net.Socket` may be given before it is connected. What it throws refuses the
   * session: `HTTP_SOCKET_REFUSED` for an HttpSocketError of that code, otherwise `HTTP_SOCKET_CONNECT_FAILED`.
   */
  connect(session: HttpSocketSession): Duplex | Promise<Duplex>;
  /** Path of the socket; any query is accepted. */
  path?: string;
  /** Origins whose pages may use the socket; `*` is any, as no cookies count here. Requests without an Origin always may. */
  allowedOrigins?: '*' | readonly string[];
  /** The address that sessions are counted by, and bound to when the client gives no key: the connection's own by default. */
  clientAddress?(request: IncomingMessage): string;
  /** Told of faults of the server itself; they are written to the console by default. */
  onError?(error: unknown): void;
}
