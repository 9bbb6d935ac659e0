/**
 * @module
 * Recommended options for the HTTP server that a Bare server is mounted on.
 */
import type { ServerOptions } from 'node:http';

export const httpServerOptions: ServerOptions = {
  /** A page's headers travel inside headers, escaped; Node's 16 KiB do not hold a large cookie jar. */
  maxHeaderSize: 128 * 1024,
  /** Milliseconds to the end of a request's head: who sends it byte by byte is not waited for longer. */
  headersTimeout: 30_000,
  /** How often that is looked at. */
  connectionsCheckingInterval: 5_000,
  /** Longer than the 60 s after which nginx lets go of an idle connection, so that it never uses one that we are closing. */
  keepAliveTimeout: 65_000,
  /** Node ends requests after five minutes by default; a large upload takes longer. */
  requestTimeout: 0,
  noDelay: true,
  /** Two reads of a large body (see remote/bulk-reader), so that a download does not stop for each. What a slow client costs in memory. */
  highWaterMark: 256 * 1024,
};
