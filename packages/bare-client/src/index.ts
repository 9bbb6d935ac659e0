/**
 * @module
 * A Bare client: `fetch` and WebSocket through a Bare server (v1, v2 and v3), for windows, workers, service workers and Node.
 *
 * `BareClient` is the library; `@culvert/bare-client/transport` has it as a transport for bare-mux and for proxy-transports, and
 * lets it run over such a transport instead of a Bare server. `connectBareSocket` and the functions of
 * `versions/http-messages` are the pieces below, for code that has to bring its own events or its own (synchronous) request.
 */
export type { BareHeaders, BareManifest, HeaderPair } from '@culvert/bare-protocol';
export { BareClient, createBareClient } from './bare-client.js';
export { fetchManifest, type FetchManifestOptions } from './servers/manifest.js';
export type {
  BareClientOptions,
  BareClientTarget,
  BareFetchInit,
  BareHeadersInit,
  BareServerLocation,
  BareServerOption,
  BareVersion,
} from './options.js';
export type { RemoteChannel } from './remote-channel.js';
export { BareError, type BareClientErrorCode } from './errors.js';
export type { BareResponse } from './bare-response.js';
export { BareWebSocket, type BareWebSocketOptions } from './bare-web-socket.js';
export {
  connectBareSocket,
  type BareSocket,
  type BareSocketConnector,
  type BareSocketHandlers,
  type BareSocketOptions,
} from './socket/bare-socket.js';
export {
  decodeBareResponse,
  encodeBareRequest,
  v3RequestUrl,
  type DecodedBareResponse,
  type EncodeBareRequestOptions,
} from './versions/http-messages.js';
