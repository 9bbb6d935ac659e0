/**
 * @module
 * Begins a session of Node's HTTP/2 over a connection that the guard looks at. A connection error, found by the guard or by Node, is a
 * GOAWAY with the rule's error code and then the end of the connection and of all its streams (RFC 9113 section 5.4.1); Node by itself
 * leaves some of these connections open.
 */
import { constants, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Connection } from '../connection.js';
import { GuardedStream } from './guarded-stream.js';

/** Milliseconds for the client to take the GOAWAY. */
const goawayTimeout = 1_000;

export function serveGuardedSession(server: Http2Server, connection: Connection): void {
  let session: ServerHttp2Session | undefined;
  let reason = { code: constants.NGHTTP2_PROTOCOL_ERROR, message: 'The client breaks a rule of HTTP/2.' };
  const end = (): void => {
    if (session !== undefined && !session.destroyed) session.destroy(new Error(reason.message), reason.code);
  };
  const guarded = new GuardedStream(connection.stream, {
    violated(violation) {
      if (session === undefined || session.destroyed) return;
      reason = violation;
      // To end the session while a write is under way would drop its GOAWAY: that goes first.
      session.goaway(reason.code, 0, Buffer.from(reason.message));
      const timer = setTimeout(end, goawayTimeout);
      session.once('close', () => clearTimeout(timer));
    },
    errorSent: end,
  });
  server.once('session', (opened) => (session = opened));
  server.emit('connection', guarded);
}
