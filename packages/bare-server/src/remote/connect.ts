/**
 * @module
 * A connection of its own to a remote, TLS included, for a protocol that takes the connection over.
 */
import net from 'node:net';
import tls from 'node:tls';
import type { Target } from './upstream.js';

const keepAliveDelay = 30_000;

export function connect(target: Target, isSecure: boolean, connected: () => void): net.Socket {
  const options = { ...target, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay };
  const socket = isSecure ? tls.connect({ ...options, ALPNProtocols: ['http/1.1'] }) : net.connect(options);
  return socket.once(isSecure ? 'secureConnect' : 'connect', connected);
}
