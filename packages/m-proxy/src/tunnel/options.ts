/**
 * @module
 * The limits and times of one tunnel, for relay and device alike. All times are milliseconds, all sizes bytes.
 */
import { MProxyError } from '../index.js';

export interface TunnelOptions {
  /** The most data one message of the peer may have. */
  maxMessageLength: number;
  /** The most clients open at once in one tunnel. */
  maxClients: number;
  /** What is kept for one client whose peer goes on sending after a pause; beyond it, that client is reset. */
  maxClientBuffer: number;
  /** The same for all clients of one tunnel together, and for control messages that the peer does not read. */
  maxTunnelBuffer: number;
  /** How often a ping is sent. */
  heartbeatInterval: number;
  /** How long the peer may send nothing at all. */
  heartbeatTimeout: number;
  /** How long the peer may take nothing at all while there is something to send. */
  stallTimeout: number;
  /** How long the answer to a command may take. */
  requestTimeout: number;
  /** How long a client that one side has ended may stay silent. */
  halfOpenTimeout: number;
}

const defaults: TunnelOptions = {
  maxMessageLength: 1024 * 1024,
  maxClients: 1024,
  maxClientBuffer: 16 * 1024 * 1024,
  maxTunnelBuffer: 64 * 1024 * 1024,
  heartbeatInterval: 15_000,
  heartbeatTimeout: 45_000,
  stallTimeout: 60_000,
  requestTimeout: 10_000,
  halfOpenTimeout: 120_000,
};

/** @throws MProxyError M_PROXY_BAD_OPTION */
export function completeTunnelOptions(options: Partial<TunnelOptions>): TunnelOptions {
  return completeNumbers(defaults, options);
}

/** The defaults with the options over them; every one has to be a number above 0. */
export function completeNumbers<T extends { [K in keyof T]: number }>(base: T, options: Partial<T>): T {
  const complete = { ...base };
  for (const name of Object.keys(base) as (keyof T & string)[]) {
    const value = options[name];
    if (value === undefined) {
      continue;
    }
    if (typeof value !== 'number' || !(value > 0)) {
      throw new MProxyError('M_PROXY_BAD_OPTION', `Failed to take ${name} ${String(value)}: it is no number above 0.`);
    }
    complete[name] = value;
  }
  return complete;
}
