/**
 * @module
 * `@culvert/bare-client/transport`: the client as a transport, and the client over another transport. The default export is what
 * bare-mux wants there.
 */
export { BareTransport as default, BareTransport } from './bare-transport.js';
export { fromTransport } from './from-transport.js';
export type {
  BareMuxTransport,
  ProxyTransport,
  TransportHeaderPairs,
  TransportHeaderRecord,
  TransportResponse,
} from './transport-types.js';
