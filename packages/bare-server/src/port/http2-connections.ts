/**
 * @module
 * What comes over a port in HTTP/2: requests, CONNECT, and WebSockets (RFC 8441). Node's server is given the connections one by one, and
 * never listens.
 */
import http2, {
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { BareProtocolError } from '@culvert/bare-protocol';
import { sendError } from '../bare/answer.js';
import { refuseConnection } from '../bare/client-error.js';
import { readTarget } from './absolute-url.js';
import type { ConnectRequest } from './connect-request.js';
import { ConnectionOf, type Connection } from './connection.js';
import { serveGuardedSession } from './http2-guard/serve-session.js';
import { asHttp1Request, asHttp1Response } from './http2-message.js';
import { NestedStream } from './nested-stream.js';
import type { PortLimits } from './options.js';
import { badTarget } from './port-errors.js';
import { withPath, type PortHandlers } from './port-handlers.js';
import { asUpgradeRequest, WebSocketStream } from './websocket-over-http2.js';

/** Bytes that one stream, and one connection, of HTTP/2 may send ahead: what a fast upload needs over a slow link. */
const receiveWindow = 1024 * 1024;

export interface Http2Context {
  handlers: PortHandlers;
  limits: PortLimits;
  connect(request: ConnectRequest): void;
}

export class Http2Connections {
  readonly #context: Http2Context;
  readonly #server: http2.Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #connections = new ConnectionOf();
  /** The connection whose session is being made: Node does so before `emit` returns. */
  #opening: Connection | null = null;
  #isDraining = false;

  constructor(context: Http2Context) {
    this.#context = context;
    this.#server = this.#createServer();
  }

  serve(connection: Connection): void {
    this.#opening = connection;
    try {
      if (this.#context.limits.http2Guard) serveGuardedSession(this.#server, connection);
      else this.#server.emit('connection', withoutNegotiation(connection.stream));
    } finally {
      this.#opening = null;
    }
  }

  /** Asks clients to go, and lets what is under way end. */
  drain(): void {
    this.#isDraining = true;
    for (const session of this.#sessions) session.close();
  }

  close(): void {
    this.#server.close();
  }

  #createServer(): http2.Http2Server {
    const { maxHeaderSize, maxConcurrentStreams } = this.#context.limits;
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
      closeWhenIdle(session, this.#context.limits.http2IdleTimeout);
      if (this.#isDraining) setImmediate(() => session.close());
    });
    server.on('request', (request, response) => {
      const { stream } = request;
      // Its session was over before Node told of the request.
      if (stream.destroyed) return;
      const connection = this.#connections.get(stream.session);
      const [asked, answer] = [asHttp1Request(request, connection), asHttp1Response(response)];
      const target = readTarget(asked, connection);
      if (target === null) sendError(asked, answer, badTarget(asked));
      else this.#context.handlers.request(withPath(asked, target), answer, { ...target, connection });
    });
    server.on('connect', (request, response) => {
      if (response.stream.destroyed) return;
      request.on('error', ignore);
      const connection = this.#connections.get(response.stream.session);
      const protocol = request.headers[':protocol'];
      if (protocol === 'websocket') this.#openWebSocket(request, response, connection);
      else if (protocol === undefined) this.#connect(request, response, connection);
      else {
        // RFC 9220 section 3, for HTTP/3; RFC 8441 leaves it open.
        response.statusCode = 501;
        response.end();
      }
    });
    server.on('sessionError', ignore);
    return server;
  }

  #openWebSocket(request: Http2ServerRequest, response: Http2ServerResponse, connection: Connection): void {
    const asked = asUpgradeRequest(request, connection);
    const socket = new WebSocketStream(response.stream, connection);
    socket.on('error', ignore);
    const target = readTarget(asked, connection);
    if (target === null) refuseConnection(socket, badTarget(asked));
    else this.#context.handlers.upgrade(withPath(asked, target), socket, Buffer.alloc(0), { ...target, connection });
  }

  #connect(request: Http2ServerRequest, response: Http2ServerResponse, connection: Connection): void {
    const { stream } = response;
    this.#context.connect({
      authority: request.headers[':authority'],
      connection,
      http: 'h2',
      tunnel: {
        accept: () => {
          stream.respond({ ':status': 200 });
          return stream;
        },
        refuse: (error) => {
          if (stream.destroyed) return;
          sendError(asHttp1Request(request, connection), asHttp1Response(response), error as BareProtocolError);
        },
        onAbandoned: (callback) => void stream.once('close', callback),
      },
    });
  }
}

/** Streams that are open keep a session, however long they are silent: a WebSocket may be. */
function closeWhenIdle(session: ServerHttp2Session, milliseconds: number): void {
  if (!Number.isFinite(milliseconds)) return;
  let streams = 0;
  session.on('stream', (stream: ServerHttp2Stream) => {
    if (stream.destroyed) return;
    streams++;
    stream.once('close', () => streams--);
  });
  session.setTimeout(milliseconds);
  session.on('timeout', () => {
    // A client that has been asked to go has had its time.
    if (streams === 0 && session.closed) return session.destroy();
    if (streams === 0) session.close();
    session.setTimeout(milliseconds);
  });
}

/** Node refuses a TLS socket without ALPN here. What came that way has said by its preface what it speaks. */
function withoutNegotiation(stream: Connection['stream']): Connection['stream'] {
  const isUnnegotiated = 'alpnProtocol' in stream && stream.alpnProtocol !== 'h2';
  return isUnnegotiated ? new NestedStream(stream, stream) : stream;
}

function ignore(): void {
  // Sessions, streams and requests say by their end that they are over; an error by itself must not end the process.
}
