/**
 * @module
 * The server of the HTTP socket, as middleware for `node:http`.
 */
export { createHttpSocketServer, type HttpSocketServer } from './create-http-socket-server.js';
export { createDuplexPair } from './duplex-pair.js';
export {
  defaultLimits,
  type HttpSocketLimits,
  type HttpSocketServerOptions,
  type HttpSocketSession,
} from './options.js';
