/**
 * @module
 * The server's side of TLS in front of the proxy, so that what is inside can be described.
 */
import { appendFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { addressText } from './address-text.js';
import { DescribeConfigurationError } from './errors.js';

export interface Terminator {
  /** The client's side of TLS; rejects when the handshake fails. */
  secure(socket: Socket): Promise<tls.TLSSocket>;
}

export function createTerminator(options: tls.TlsOptions, keyLogFile: string | undefined): Terminator {
  const waiting = new Map<string, { resolve: (socket: tls.TLSSocket) => void; reject: (error: Error) => void }>();
  const keyOf = (socket: Socket) => addressText(socket.remoteAddress ?? '', socket.remotePort ?? 0);
  let server: tls.Server;
  try {
    server = tls.createServer({ ...options, ALPNProtocols: ['h2', 'http/1.1'] });
  } catch (error) {
    const message = `Failed to use the TLS certificate and key: ${(error as Error).message}.`;
    throw new DescribeConfigurationError('H2_DESCRIBE_BAD_TLS', message, { cause: error });
  }
  server.on('secureConnection', (socket) => waiting.get(keyOf(socket))?.resolve(socket));
  server.on('tlsClientError', (error, socket) => waiting.get(keyOf(socket))?.reject(error));
  if (keyLogFile !== undefined) server.on('keylog', (line) => appendFileSync(keyLogFile, line));
  return {
    secure: async (socket) => {
      const key = keyOf(socket);
      // A client that ends during the handshake is to fail at once; afterwards half-closing is passed on as ever.
      socket.allowHalfOpen = false;
      try {
        const secured = await new Promise<tls.TLSSocket>((resolve, reject) => {
          waiting.set(key, { resolve, reject });
          socket.once('close', () => reject(new Error('the connection was closed during the handshake')));
          server.emit('connection', socket);
        });
        secured.allowHalfOpen = true;
        return secured;
      } finally {
        waiting.delete(key);
      }
    },
  };
}
