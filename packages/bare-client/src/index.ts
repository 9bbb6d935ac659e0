/**
 * @module
 * A Bare client: `fetch` and WebSocket through a Bare server, for windows, workers, service workers and Node.
 *
 * `BareClient` is the library; `connectBareSocket` and the two functions of `v3/http-messages` are the pieces below it, for code
 * that has to bring its own events or its own (synchronous) request.
 */
export type { BareHeaders, BareManifest, HeaderPair } from '@culvert/bare-protocol';
export { BareClient, createBareClient } from './bare-client.js';
export type {
  BareClientOptions,
  BareFetchInit,
  BareHeadersInit,
  BareServerLocation,
  BareServerOption,
} from './options.js';
export { BareError, type BareClientErrorCode } from './errors.js';
export type { BareResponse } from './bare-response.js';
export { BareWebSocket, type BareWebSocketOptions } from './bare-web-socket.js';
export {
  connectBareSocket,
  type BareSocket,
  type BareSocketHandlers,
  type BareSocketOptions,
} from './v3/bare-socket.js';
export {
  decodeBareResponse,
  encodeBareRequest,
  v3RequestUrl,
  type DecodedBareResponse,
  type EncodeBareRequestOptions,
} from './v3/http-messages.js';
