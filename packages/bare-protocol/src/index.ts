/**
 * @module
 * The Bare protocol on the wire, for the client and the server alike, so that the two cannot drift apart. Pure functions:
 * nothing here opens a connection.
 */
export {
  BareProtocolError,
  bareErrorStatus,
  isBareErrorCode,
  parseBareErrorBody,
  serializeBareErrorBody,
  type BareErrorBody,
  type BareErrorCode,
} from './bare-error-body.js';
export { parseHeaderList, serializeHeaderList } from './header-list.js';
export {
  groupHeaders,
  isHeaderName,
  isHeaderValue,
  parseBareHeaders,
  serializeBareHeaders,
  toHeaderPairs,
  type BareHeaders,
  type HeaderPair,
} from './bare-headers.js';
export { httpSocketEndpoint } from './http-socket-endpoint.js';
export { parseManifest, serializeManifest, type BareManifest } from './manifest.js';
export {
  parseConnectMessage,
  parseOpenMessage,
  parseSocketFailure,
  serializeConnectMessage,
  serializeOpenMessage,
  serializeSocketFailure,
  type ConnectMessage,
  type OpenMessage,
  type SocketFailure,
} from './socket-messages.js';
export { joinHeaders, splitHeader, splitHeaderLimit } from './split-headers.js';
export { decodeSubprotocol, encodeSubprotocol } from './websocket-subprotocol.js';
