/**
 * @module
 * `@culvert/bare-client/socket-fallback`: the way on where WebSockets are blocked. Apart from the client, so that only who wants it
 * pays for it.
 */
export {
  httpSocketUrl,
  SocketFallback,
  SocketFallbackEvent,
  type HttpSocketModule,
  type HttpWebSocketConstructor,
  type SocketFallbackOptions,
} from './socket-fallback.js';
