/**
 * @module
 * The tunnel on M-PROXY, for Node: a relay that clients reach, devices that reach the relay, one stream between them.
 */
export { createDevice, Device } from './device.js';
export type { DeviceEvents, DeviceOptions } from './device.js';
export type { ConnectionServer, Exposure, ExposureTarget } from './exposure.js';
export { completeTunnelOptions } from './options.js';
export type { TunnelOptions } from './options.js';
export type { Registered } from './registration.js';
export { createRelay, Relay } from './relay.js';
export type { ClientHints, RelayEvents } from './relay.js';
export type { RelayLimits, RelayOptions } from './relay-options.js';
export { sniffServerName } from './sniff/client-hello.js';
export { sniffHost } from './sniff/http-host.js';
export type { Sniffed } from './sniff/sniffed.js';
export { tokenTable } from './tokens.js';
export type { Authenticate, Grant, PortGrant } from './tokens.js';
export { Transform } from './transform.js';
export { Tunnel } from './tunnel.js';
export type { TunnelHandlers } from './tunnel.js';
export { TunnelSocket } from './tunnel-socket.js';
