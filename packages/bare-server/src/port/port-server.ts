/**
 * @module
 * The port's loop: a connection is sniffed and goes to the server of its protocol. TLS and tunnels are unwrapped, and what is inside is a
 * connection again.
 */
import http, { type IncomingMessage } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BareProtocolError } from '@culvert/bare-protocol';
import { handleClientError, refuseConnection } from '../bare/client-error.js';
import { httpServerOptions } from '../http-server-options.js';
import { sendError } from '../bare/answer.js';
import { serveGuardedSession } from './http2-guard/serve-session.js';
import { readConnectTarget, readTarget, type RequestTarget } from './absolute-url.js';
import { plainConnection, secureConnection, tunnelConnection, type Connection } from './connection.js';
import { insertRequest, readH2cSettings, switchingProtocols } from './h2c-upgrade.js';
import { asHttp1Request, asHttp1Response } from './http2-message.js';
import { NestedStream } from './nested-stream.js';
import { portDefaults, type PortOptions } from './options.js';
import type { OpenTunnel, PortHandlers } from './port-handlers.js';
import { readBeginning } from './read-beginning.js';
import { withoutUpgrade } from './replay-request.js';
import { sniffProtocol, type SniffedProtocol } from './sniff-protocol.js';
import { TlsLayer } from './tls/tls-layer.js';
import { readUnknownMethod, releaseFromParser, type ParserError } from './unknown-method.js';
import { asUpgradeRequest, WebSocketStream } from './websocket-over-http2.js';

/** Bytes that one stream, and one connection, of HTTP/2 may send ahead: what a fast upload needs over a slow link. */
const receiveWindow = 1024 * 1024;

type Limits = Required<Omit<PortOptions, 'tls' | 'wrapConnection'>>;

export class PortServer {
  readonly #handlers: PortHandlers;
  readonly #options: Limits;
  readonly #wrap: PortOptions['wrapConnection'];
  readonly #tls: TlsLayer | null;
  readonly #http1: http.Server;
  readonly #http2: http2.Http2Server;
  readonly #connections = new WeakMap<object, Connection>();
  /** The real method of the next request of a connection, where it is none that Node knows. */
  readonly #methods = new WeakMap<object, string>();
  /** Connections whose parser has given up, and which another has taken over. */
  readonly #released = new WeakSet<object>();
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** The connection whose session is being made: Node does so before `emit` returns. */
  #opening: Connection | null = null;
  #isDraining = false;

  constructor(handlers: PortHandlers, options: PortOptions = {}) {
    this.#handlers = handlers;
    this.#options = { ...portDefaults, ...definedOnly(options) };
    this.#wrap = options.wrapConnection;
    this.#tls = options.tls ? new TlsLayer(options.tls, this.#options.handshakeTimeout) : null;
    this.#http1 = this.#createHttp1Server();
    this.#http2 = this.#createHttp2Server();
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
    this.#isDraining = true;
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions) session.close();
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
    // Whoever reads the stream notices its end; an error by itself must not end the process.
    stream.on('error', ignore);
    readBeginning(
      stream,
      this.#options.sniffTimeout,
      (bytes) => {
        const value = sniffProtocol(bytes);
        return value === null ? null : { value };
      },
      {
        decided: (protocol) => this.#dispatch(protocol, connection),
        timedOut: (received) => {
          if (received === 0) stream.destroy();
          else refuseConnection(stream, timedOut(this.#options.sniffTimeout));
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
      this.#serveHttp2(connection);
    } else if (protocol === 'http1') {
      this.#serveHttp1(connection);
    } else {
      refuseConnection(stream, unknownProtocol());
    }
  }

  #enterSecure(connection: Connection, isHttp2: boolean): void {
    if (!isHttp2) this.#enter(connection);
    else {
      connection.stream.on('error', ignore);
      this.#serveHttp2(connection);
    }
  }

  #serveHttp1(connection: Connection): void {
    this.#connections.set(connection.stream, connection);
    this.#http1.emit('connection', connection.stream);
  }

  #serveHttp2(connection: Connection): void {
    this.#opening = connection;
    try {
      serveGuardedSession(this.#http2, connection);
    } finally {
      this.#opening = null;
    }
  }

  #createHttp1Server(): http.Server {
    const { maxHeaderSize, headersTimeout, keepAliveTimeout } = this.#options;
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
      const connection = this.#connectionOf(request.socket);
      request.method = this.#methods.get(request.socket) ?? request.method!;
      this.#methods.delete(request.socket);
      if (this.#isDraining) response.setHeader('Connection', 'close');
      const target = readTarget(request, connection);
      if (target === null) sendError(request, response, badTarget(request));
      else this.#handlers.request(withPath(request, target), response, { ...target, connection });
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('connect', (request, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      this.#connect(request.url, this.#connectionOf(socket), `http/${request.httpVersion}`, {
        accept: () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          return socket;
        },
        refuse: (error) => refuseConnection(socket, error as BareProtocolError),
        onAbandoned: (callback) => void socket.once('close', callback),
      });
    });
    server.on('clientError', (error, socket) => this.#refused(error, socket));
    // Node begins to watch over slow requests when it listens, which this server never does.
    server.emit('listening');
    return server;
  }

  #refused(error: ParserError, socket: Duplex): void {
    // The old parser's clock.
    if (this.#released.has(socket)) return;
    const unknown = readUnknownMethod(error);
    if (unknown === null) return handleClientError(error, socket);
    const connection = this.#connectionOf(socket);
    this.#released.add(socket);
    releaseFromParser(socket);
    const stream = new NestedStream(socket, connection.stream);
    stream.on('error', ignore);
    stream.unshift(unknown.bytes);
    this.#methods.set(stream, unknown.method);
    this.#serveHttp1({ ...connection, stream });
  }

  #createHttp2Server(): http2.Http2Server {
    const { maxHeaderSize, maxConcurrentStreams } = this.#options;
    const server = http2.createServer({
      settings: {
        enableConnectProtocol: true,
        maxHeaderListSize: maxHeaderSize,
        maxConcurrentStreams,
        initialWindowSize: receiveWindow,
      },
      maxSendHeaderBlockLength: maxHeaderSize,
    });
    server.on('session', (session) => {
      this.#connections.set(session, this.#opening!);
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', ignore);
      session.setLocalWindowSize(receiveWindow);
      if (this.#isDraining) setImmediate(() => session.close());
    });
    server.on('request', (request, response) => {
      // The session was over before Node said so.
      if (request.stream.destroyed) return;
      const connection = this.#connectionOf(request.stream.session);
      const [asked, answer] = [asHttp1Request(request, connection), asHttp1Response(response)];
      const target = readTarget(asked, connection);
      if (target === null) sendError(asked, answer, badTarget(asked));
      else this.#handlers.request(withPath(asked, target), answer, { ...target, connection });
    });
    server.on('connect', (request, response) => this.#connectOverHttp2(request, response));
    server.on('sessionError', ignore);
    return server;
  }

  #connectOverHttp2(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { stream } = response;
    if (stream.destroyed) return;
    const connection = this.#connectionOf(stream.session);
    request.on('error', ignore);
    const protocol = request.headers[':protocol'];
    if (protocol === 'websocket') {
      const asked = asUpgradeRequest(request, connection);
      const socket = new WebSocketStream(stream, connection);
      socket.on('error', ignore);
      const target = readTarget(asked, connection);
      if (target === null) refuseConnection(socket, badTarget(asked));
      else this.#handlers.upgrade(withPath(asked, target), socket, Buffer.alloc(0), { ...target, connection });
      return;
    }
    const refuse = (error: Error): void => {
      if (!stream.destroyed)
        sendError(asHttp1Request(request, connection), asHttp1Response(response), error as BareProtocolError);
    };
    if (protocol !== undefined) {
      // RFC 9220 section 3, for HTTP/3; RFC 8441 leaves it open.
      response.statusCode = 501;
      response.end();
      return;
    }
    this.#connect(request.headers[':authority'], connection, 'h2', {
      accept: () => {
        stream.respond({ ':status': 200 });
        return stream;
      },
      refuse,
      onAbandoned: (callback) => void stream.once('close', callback),
    });
  }

  #connect(authority: string | undefined, connection: Connection, http: string, tunnel: OpenTunnel): void {
    const target = readConnectTarget(authority);
    const { tunnels, maxTunnelDepth } = this.#options;
    if (target === null) {
      const message = `CONNECT is for host:port, not for ${JSON.stringify(authority ?? '')}.`;
      tunnel.refuse(new BareProtocolError('IMPL_INVALID_REQUEST', 'request', message));
    } else if (tunnels === 'refuse') {
      tunnel.refuse(new BareProtocolError('IMPL_TUNNEL_REFUSED', 'request', 'This server opens no tunnels.'));
    } else if (tunnels === 'forward') {
      this.#handlers.forward(target, tunnel, { connection });
    } else if (connection.depth >= maxTunnelDepth) {
      const message = `This is ${connection.depth} tunnels deep, which is the limit (maxTunnelDepth).`;
      tunnel.refuse(new BareProtocolError('IMPL_TUNNEL_REFUSED', 'request', message));
    } else {
      const inner = new NestedStream(tunnel.accept(), connection.stream);
      this.#enter(tunnelConnection(connection, http, authority!, inner));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = this.#connectionOf(socket);
    const target = readTarget(request, connection);
    if (target === null) return refuseConnection(socket, badTarget(request));
    const offered = (request.headers.upgrade ?? '').split(',').map((protocol) => protocol.trim().toLowerCase());
    // RFC 9110 section 7.8: not to be heeded in HTTP/1.0.
    const isOffer = request.httpVersion !== '1.0';
    if (isOffer && offered.includes('websocket')) {
      return this.#handlers.upgrade(withPath(request, target), socket, head, { ...target, connection });
    }
    const settings = isOffer && offered.includes('h2c') && !connection.isEncrypted ? readH2cSettings(request) : null;
    if (settings !== null) return this.#upgradeToHttp2(request, target, settings, connection, head);
    socket.unshift(withoutUpgrade(request, head));
    this.#serveHttp1(connection);
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
    readBeginning(stream, this.#options.sniffTimeout, insertRequest(request, target, settings), {
      decided: () => this.#serveHttp2(connection),
      timedOut: () => stream.destroy(),
      ended: () => stream.destroy(),
    });
  }

  #connectionOf(carrier: object | undefined): Connection {
    const connection = carrier && this.#connections.get(carrier);
    if (!connection) throw new Error('A request came over a connection that did not come through the port.');
    return connection;
  }
}

/** Handlers find their way by the path, which a proxy request has behind the origin. */
function withPath(request: IncomingMessage, { path }: RequestTarget): IncomingMessage {
  request.url = path;
  return request;
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

function definedOnly(options: PortOptions): Partial<Limits> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function badTarget(request: IncomingMessage): BareProtocolError {
  const what = `${JSON.stringify(request.url)} with the Host ${JSON.stringify(request.headers.host ?? '')}`;
  return new BareProtocolError(
    'IMPL_INVALID_REQUEST',
    'request',
    `The request's target is no http: or https: URL: ${what}.`,
  );
}

function timedOut(milliseconds: number): BareProtocolError {
  const message = `The connection did not say within ${milliseconds / 1000} s which protocol it speaks.`;
  return new BareProtocolError('IMPL_REQUEST_TIMEOUT', 'request', message);
}

function unknownProtocol(): BareProtocolError {
  const message = 'The protocol is not known here. This port speaks HTTP/1, HTTP/2 and TLS.';
  return new BareProtocolError('IMPL_INVALID_REQUEST', 'request', message);
}

function ignore(): void {
  // See the comments where this is used.
}
