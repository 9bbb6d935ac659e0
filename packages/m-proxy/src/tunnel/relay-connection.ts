/**
 * @module
 * Opens a device's stream to its relay: a WebSocket (ws:, wss:, also as http:, https:), or a plain stream (tcp:, tls:).
 */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import { MProxyError } from '../index.js';
import { webSocketStream } from './web-socket-stream.js';

export interface RelayConnectionOptions {
  /** For wss: and tls:, what Node's tls.connect takes (`ca`, `servername`). */
  tls?: ConnectionOptions;
  /** How long it may take, the device's own part included. */
  connectTimeout: number;
  maxMessageLength: number;
}

/** @throws MProxyError M_PROXY_BAD_OPTION; what else fails is an 'error' of the stream. */
export function openRelayConnection(relay: URL, options: RelayConnectionOptions): Duplex {
  const port = Number(relay.port);
  const host = relay.hostname.replace(/^\[|\]$/g, '');
  switch (relay.protocol) {
    case 'ws:':
    case 'wss:':
    case 'http:':
    case 'https:': {
      const url = new URL(relay.href.replace(/^http/, 'ws'));
      if (url.pathname === '/') {
        url.pathname = '/m-proxy';
      }
      return webSocketStream(
        new WebSocket(url, {
          ...options.tls,
          perMessageDeflate: false,
          handshakeTimeout: options.connectTimeout,
          maxPayload: options.maxMessageLength,
        } as ClientOptions),
      );
    }
    case 'tcp:':
      return connect({ host, port, noDelay: true, allowHalfOpen: false });
    case 'tls:':
      return connectTls({ host, port, servername: host, ...options.tls });
    default:
      throw new MProxyError('M_PROXY_BAD_OPTION', `Failed to connect to ${relay.href}: not ws:, wss:, tcp: or tls:.`);
  }
}
