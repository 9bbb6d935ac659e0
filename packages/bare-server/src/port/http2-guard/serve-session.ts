/**
 * @module
 * Begins a session of Node's HTTP/2 over a connection that the guard looks at, and ends it where the client breaks a rule: GOAWAY with
 * the rule's error code, then the end of the connection and of all its streams (RFC 9113 section 5.4.1).
 */
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Connection } from '../connection.js';
import { GuardedStream } from './guarded-stream.js';

/** Milliseconds for the client to take the GOAWAY. */
const goawayTimeout = 1_000;

export function serveGuardedSession(server: Http2Server, connection: Connection): void {
  let session: ServerHttp2Session | undefined;
  // Ending the session while a write is under way would drop its GOAWAY, so that one goes first.
  let end = (): void => undefined;
  const guarded = new GuardedStream(connection.stream, {
    violated({ code, message }) {
      if (session === undefined || session.destroyed) return;
      const broken = session;
      const timer = setTimeout(() => end(), goawayTimeout);
      end = () => {
        clearTimeout(timer);
        if (!broken.destroyed) broken.destroy(new Error(message), code);
      };
      broken.once('close', () => clearTimeout(timer));
      broken.goaway(code, 0, Buffer.from(message));
    },
    goawaySent: () => end(),
  });
  server.once('session', (opened) => (session = opened));
  server.emit('connection', guarded);
}
