/**
 * @module
 * v3 WebSockets over plain HTTP requests: each session of the HTTP socket is the client's end of a tunnel, its frames the messages
 * that a WebSocket would carry.
 */
import { createDuplexPair, createHttpSocketServer, type HttpSocketServer } from '@culvert/http-socket/server';
import type { BareServerOptions } from '../../options.js';
import type { V3WebSocketServer } from './web-socket.js';

/** @returns null when it is turned off */
export function mountHttpSocket(
  path: string,
  webSockets: V3WebSocketServer,
  { httpSocket = true, onInternalError }: BareServerOptions,
): HttpSocketServer | null {
  if (httpSocket === false) return null;
  return createHttpSocketServer({
    ...(httpSocket === true ? {} : httpSocket),
    path,
    ...(onInternalError && { onError: onInternalError }),
    connect: ({ request }) => {
      const [ours, theirs] = createDuplexPair();
      webSockets.acceptStream(request, ours);
      return theirs;
    },
  });
}
