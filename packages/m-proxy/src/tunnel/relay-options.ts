/**
 * @module
 * The relay's options, limits and times beside those of its tunnels. Times are milliseconds, sizes bytes.
 */
import { completeNumbers, type TunnelOptions } from './options.js';
import type { Authenticate } from './tokens.js';

export interface RelayLimits {
  /** The most devices, registered or not yet. */
  maxDevices: number;
  /** The most clients of all devices together, those still being sniffed too. */
  maxTotalClients: number;
  /** The most tokens of one device. */
  maxTokens: number;
  /** How long a device may stay without a valid token. */
  authTimeout: number;
  /** How long a client may take to tell where it wants to go, and in how many bytes. */
  sniffTimeout: number;
  maxSniffLength: number;
  /** How long a client waits for a registered device that is away. */
  deviceWait: number;
  /** How long a registration outlives its tunnel. */
  resumeWindow: number;
}

export interface RelayOptions extends Partial<RelayLimits>, Partial<TunnelOptions> {
  authenticate: Authenticate;
  /** The path of the WebSocket that devices connect to; "/m-proxy" by default. */
  path?: string;
  /** Where ports of grants are listened at; "127.0.0.1" by default. */
  host?: string;
}

const defaults: RelayLimits = {
  maxDevices: 1024,
  maxTotalClients: 16_384,
  maxTokens: 16,
  authTimeout: 10_000,
  sniffTimeout: 10_000,
  maxSniffLength: 32 * 1024,
  deviceWait: 5_000,
  resumeWindow: 60_000,
};

export function completeRelayLimits(options: Partial<RelayLimits>): RelayLimits {
  return completeNumbers(defaults, options);
}
