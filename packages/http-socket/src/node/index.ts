/**
 * @module
 * The HTTP socket's client for Node.
 */
export { connectHttpSocket, HttpSocketDuplex, type NodeHttpSocketOptions } from './http-socket-duplex.js';
export { createNodeTransport, type NodeTransportOptions } from './http-transport.js';
export { openMessageChannelOnDuplex } from './duplex-message-channel.js';
