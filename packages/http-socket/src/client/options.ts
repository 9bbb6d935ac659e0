/**
 * @module
 * Options of the clients.
 */
import type { PollGate } from './poll-gate.js';
import type { HttpTransport } from './transport.js';

export interface HttpSocketOptions {
  /** Given with every request. */
  headers?: Record<string, string>;
  /** Milliseconds until the session has to be open, retries included; 15 s by default. */
  openTimeout?: number;
  /** Milliseconds without any request getting through until the socket fails; 30 s by default. */
  retryTimeout?: number;
  /** The longest that a GET waits, if the server allows it; 25 s by default. */
  pollTimeout?: number;
  /** PUTs at a time, 3 by default. */
  maxUploads?: number;
  /** GETs at a time, 4 by default; one while nothing comes. */
  maxDownloads?: number;
  /** Bytes written and not yet acknowledged above which `write` waits; 1 MiB by default. */
  maxBufferedBytes?: number;
  /** The longest body of a GET's answer; 512 KiB by default. */
  maxAnswerBytes?: number;
  signal?: AbortSignal;
}

export interface ConnectionOptions extends HttpSocketOptions {
  /** http: or https: URL of the socket. */
  url: string;
  transport: HttpTransport;
  gate?: PollGate;
}
