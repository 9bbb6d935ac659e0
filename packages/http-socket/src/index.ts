/**
 * @module
 * A byte stream over plain HTTP requests: the browser's client, the protocol engine under it, and a message channel on it. Node's
 * client is in `@culvert/http-socket/node`, the server in `@culvert/http-socket/server`.
 */
export { HttpSocketConnection, type ConnectionEvents } from './client/connection.js';
export { createFetchTransport } from './client/fetch-transport.js';
export { HttpSocket, type BrowserHttpSocketOptions } from './client/http-socket.js';
export type { ConnectionOptions, HttpSocketOptions } from './client/options.js';
export type { HttpAnswer, HttpRequest, HttpTransport } from './client/transport.js';
export {
  HttpSocketError,
  refusalStatuses,
  type HttpSocketErrorCode,
  type HttpSocketErrorDetails,
  type HttpSocketRefusalCode,
} from './errors.js';
export {
  FrameDecoder,
  frameTypes,
  MessageChannel,
  openMessageChannel,
  serializeFrame,
  type Frame,
  type FrameType,
  type MessageChannelHandlers,
  type MessageChannelOptions,
} from './message-channel.js';
export { HttpWebSocket, type HttpWebSocketOptions } from './http-web-socket.js';
export { headerNames } from './wire/header-names.js';
