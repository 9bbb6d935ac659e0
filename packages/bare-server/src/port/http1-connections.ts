/**
 * @module
 * What comes over a port in HTTP/1: requests, upgrades, CONNECT, and requests with a method that Node's parser does not know. Node's
 * server is given the connections one by one, and never listens.
 */
import http, { type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BareProtocolError } from '@culvert/bare-protocol';
import { sendError } from '../bare/answer.js';
import { handleClientError, refuseConnection } from '../bare/client-error.js';
import { httpServerOptions } from '../http-server-options.js';
import { readTarget, type RequestTarget } from './absolute-url.js';
import type { ConnectRequest } from './connect-request.js';
import { ConnectionOf, type Connection } from './connection.js';
import { insertRequest, readH2cSettings, switchingProtocols } from './h2c-upgrade.js';
import { NestedStream } from './nested-stream.js';
import type { PortLimits } from './options.js';
import { badTarget } from './port-errors.js';
import { withPath, type PortHandlers } from './port-handlers.js';
import { readBeginning } from './read-beginning.js';
import { withoutUpgrade } from './replay-request.js';
import { readUnknownMethod, releaseFromParser, type ParserError } from './unknown-method.js';

export interface Http1Context {
  handlers: PortHandlers;
  limits: PortLimits;
  connect(request: ConnectRequest): void;
  /** For a connection that was upgraded. */
  serveHttp2(connection: Connection): void;
}

export class Http1Connections {
  readonly #context: Http1Context;
  readonly #server: http.Server;
  readonly #connections = new ConnectionOf();
  /** The real method of the next request of a connection, where it is none that Node knows. */
  readonly #methods = new WeakMap<object, string>();
  /** Connections whose parser has given up, and which another has taken over. */
  readonly #released = new WeakSet<object>();
  #isDraining = false;

  constructor(context: Http1Context) {
    this.#context = context;
    this.#server = this.#createServer();
  }

  serve(connection: Connection): void {
    this.#connections.set(connection.stream, connection);
    this.#server.emit('connection', connection.stream);
  }

  /** Lets what is under way end. */
  drain(): void {
    this.#isDraining = true;
    this.#server.closeIdleConnections();
  }

  close(): void {
    this.#server.close();
  }

  #createServer(): http.Server {
    const { maxHeaderSize, headersTimeout, keepAliveTimeout } = this.#context.limits;
    const server = http.createServer({
      ...httpServerOptions,
      // Node's own answer to a request without one is none that a page can read; ours is readTarget's.
      requireHostHeader: false,
      maxHeaderSize,
      headersTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(headersTimeout, 5_000),
    });
    server.on('request', (request, response) => {
      const connection = this.#connections.get(request.socket);
      request.method = this.#methods.get(request.socket) ?? request.method!;
      this.#methods.delete(request.socket);
      if (this.#isDraining) response.setHeader('Connection', 'close');
      const target = readTarget(request, connection);
      if (target === null) sendError(request, response, badTarget(request));
      else this.#context.handlers.request(withPath(request, target), response, { ...target, connection });
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('connect', (request, socket, head) => this.#connect(request, socket, head));
    server.on('clientError', (error, socket) => this.#refused(error, socket));
    // Node begins to watch over slow requests when it listens, which this server never does.
    server.emit('listening');
    return server;
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (head.length > 0) socket.unshift(head);
    this.#context.connect({
      authority: request.url,
      connection: this.#connections.get(socket),
      http: `http/${request.httpVersion}`,
      tunnel: {
        accept: () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          return socket;
        },
        refuse: (error) => refuseConnection(socket, error as BareProtocolError),
        onAbandoned: (callback) => void socket.once('close', callback),
      },
    });
  }

  #refused(error: ParserError, socket: Duplex): void {
    // The old parser's clock.
    if (this.#released.has(socket)) return;
    const unknown = readUnknownMethod(error);
    if (unknown === null) return handleClientError(error, socket);
    const connection = this.#connections.get(socket);
    this.#released.add(socket);
    releaseFromParser(socket);
    const stream = new NestedStream(socket, connection.stream);
    stream.on('error', ignore);
    stream.unshift(unknown.bytes);
    this.#methods.set(stream, unknown.method);
    this.serve({ ...connection, stream });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = this.#connections.get(socket);
    const target = readTarget(request, connection);
    if (target === null) return refuseConnection(socket, badTarget(request));
    const offered = (request.headers.upgrade ?? '').split(',').map((protocol) => protocol.trim().toLowerCase());
    // RFC 9110 section 7.8: not to be heeded in HTTP/1.0.
    const isOffer = request.httpVersion !== '1.0';
    if (isOffer && offered.includes('websocket')) {
      return this.#context.handlers.upgrade(withPath(request, target), socket, head, { ...target, connection });
    }
    const settings = isOffer && offered.includes('h2c') && !connection.isEncrypted ? readH2cSettings(request) : null;
    if (settings !== null) return this.#upgradeToHttp2(request, target, settings, connection, head);
    socket.unshift(withoutUpgrade(request, head));
    this.serve(connection);
  }

  #upgradeToHttp2(
    request: IncomingMessage,
    target: RequestTarget,
    settings: Buffer,
    connection: Connection,
    head: Buffer,
  ): void {
    const { stream } = connection;
    stream.write(switchingProtocols);
    if (head.length > 0) stream.unshift(head);
    readBeginning(stream, this.#context.limits.sniffTimeout, insertRequest(request, target, settings), {
      decided: () => this.#context.serveHttp2(connection),
      timedOut: () => stream.destroy(),
      ended: () => stream.destroy(),
    });
  }
}

function ignore(): void {
  // Whoever reads the stream notices its end; an error by itself must not end the process.
}
