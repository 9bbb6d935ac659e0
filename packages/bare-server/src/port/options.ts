/**
 * @module
 * What a port can be told, and what it does when it is not.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';

/**
 * What becomes of a CONNECT: `self` answers inside of the tunnel as outside of it, whatever the target; `forward` connects to the target,
 * if the address policy allows; `refuse` allows none.
 */
export type TunnelMode = 'self' | 'forward' | 'refuse';

export interface PortOptions {
  /** Certificate and key, and what else TLS takes. Without it TLS is refused. */
  tls?: SecureContextOptions;
  tunnels?: TunnelMode;
  /** Gives the stream to use in the place of a connection that was accepted: one that looks at what passes. */
  wrapConnection?: (socket: Socket) => Duplex;
  /** How many tunnels may be in one another. */
  maxTunnelDepth?: number;
  /** Milliseconds that a new connection, or the inside of a new tunnel, has to say which protocol it speaks. */
  sniffTimeout?: number;
  /** Milliseconds for a TLS handshake. */
  handshakeTimeout?: number;
  /** Milliseconds for the head of a request. */
  headersTimeout?: number;
  /** Milliseconds that a connection of HTTP/1.1 stays open between requests. */
  keepAliveTimeout?: number;
  /** Milliseconds that a connection of HTTP/2 stays open on which nothing is asked. */
  http2IdleTimeout?: number;
  /** Bytes of a request's head. */
  maxHeaderSize?: number;
  /** Requests at once on one connection of HTTP/2. */
  maxConcurrentStreams?: number;
  /**
   * Look at the frames of HTTP/2 before Node does, and end connections that break rules of RFC 9113 which Node does not keep. It costs
   * CPU: see "HTTP/2" in docs/bare-server.md.
   */
  http2Guard?: boolean;
}

export const portDefaults = {
  tunnels: 'self',
  maxTunnelDepth: 8,
  sniffTimeout: 10_000,
  handshakeTimeout: 10_000,
  headersTimeout: 60_000,
  keepAliveTimeout: 15_000,
  http2IdleTimeout: 180_000,
  maxHeaderSize: 512 * 1024,
  maxConcurrentStreams: 128,
  http2Guard: true,
} as const satisfies PortOptions;

export type PortLimits = Required<Omit<PortOptions, 'tls' | 'wrapConnection'>>;
