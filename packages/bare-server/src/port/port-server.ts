/**
 * @module
 * The port's loop: a connection is sniffed and goes to the server of its protocol. TLS and tunnels are unwrapped, and what is inside is a
 * connection again.
 */
import type { Socket } from 'node:net';
import { refuseConnection } from '../bare/client-error.js';
import { answerConnect, type ConnectRequest } from './connect-request.js';
import { plainConnection, secureConnection, type Connection } from './connection.js';
import { Http1Connections } from './http1-connections.js';
import { Http2Connections } from './http2-connections.js';
import { portDefaults, type PortLimits, type PortOptions } from './options.js';
import { timedOut, unknownProtocol } from './port-errors.js';
import type { PortHandlers } from './port-handlers.js';
import { readBeginning } from './read-beginning.js';
import { sniffProtocol, type SniffedProtocol } from './sniff-protocol.js';
import { TlsLayer } from './tls/tls-layer.js';

export class PortServer {
  readonly #limits: PortLimits;
  readonly #wrap: PortOptions['wrapConnection'];
  readonly #tls: TlsLayer | null;
  readonly #http1: Http1Connections;
  readonly #http2: Http2Connections;
  readonly #sockets = new Set<Socket>();

  constructor(handlers: PortHandlers, options: PortOptions = {}) {
    const limits: PortLimits = { ...portDefaults, ...definedOnly(options) };
    this.#limits = limits;
    this.#wrap = options.wrapConnection;
    this.#tls = options.tls ? new TlsLayer(options.tls, limits.handshakeTimeout) : null;
    const connect = (request: ConnectRequest): void =>
      answerConnect(request, handlers, limits, (inner) => this.#enter(inner));
    this.#http2 = new Http2Connections({ handlers, limits, connect });
    this.#http1 = new Http1Connections({
      handlers,
      limits,
      connect,
      serveHttp2: (connection) => this.#http2.serve(connection),
    });
  }

  /** For the `connection` event of a `net.Server`. */
  readonly accept = (socket: Socket): void => {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    this.#enter(plainConnection(socket, this.#wrap?.(socket)));
  };

  /** Asks every client to go, and waits until all have gone, or until the time is over. What is idle is closed, what is under way may end. */
  async drain(milliseconds: number): Promise<void> {
    this.#http1.drain();
    this.#http2.drain();
    const end = Date.now() + milliseconds;
    for (const socket of this.#sockets) {
      const left = end - Date.now();
      if (left <= 0) return;
      if (!socket.destroyed) await closed(socket, left);
    }
  }

  close(): void {
    this.#http1.close();
    this.#http2.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #enter(connection: Connection): void {
    const { stream } = connection;
    stream.on('error', ignore);
    readBeginning(
      stream,
      this.#limits.sniffTimeout,
      (bytes) => {
        const value = sniffProtocol(bytes);
        return value === null ? null : { value };
      },
      {
        decided: (protocol) => this.#dispatch(protocol, connection),
        timedOut: (received) => {
          if (received === 0) stream.destroy();
          else refuseConnection(stream, timedOut(this.#limits.sniffTimeout));
        },
        ended: () => stream.destroy(),
      },
    );
  }

  #dispatch(protocol: SniffedProtocol | 'unknown', connection: Connection): void {
    const { stream } = connection;
    // In TLS and in HTTP/2 the end of one direction is the end of both.
    if (protocol !== 'http1') stream.allowHalfOpen = false;
    if (protocol === 'tls' && !connection.isEncrypted) {
      if (this.#tls === null) TlsLayer.refuse(stream);
      else
        this.#tls.unwrap(stream, (inner, isHttp2) => this.#enterSecure(secureConnection(connection, inner), isHttp2));
    } else if (protocol === 'http2') {
      this.#http2.serve(connection);
    } else if (protocol === 'http1') {
      this.#http1.serve(connection);
    } else {
      refuseConnection(stream, unknownProtocol());
    }
  }

  #enterSecure(connection: Connection, isHttp2: boolean): void {
    if (!isHttp2) this.#enter(connection);
    else {
      connection.stream.on('error', ignore);
      this.#http2.serve(connection);
    }
  }
}

function closed(socket: Socket, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function definedOnly(options: PortOptions): Partial<PortLimits> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function ignore(): void {
  // Whoever reads the stream notices its end; an error by itself must not end the process.
}
