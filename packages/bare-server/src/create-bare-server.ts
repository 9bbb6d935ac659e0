/**
 * @module
 * `createBareServer`: the routes below the directory, and what becomes of an error.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BareProtocolError, serializeManifest } from '@culvert/bare-protocol';
import { sendError, sendJson, sendPreflight } from './bare/answer.js';
import { handleClientError } from './bare/client-error.js';
import { createManifest } from './bare/manifest.js';
import { checkMethod, handleV3Request } from './bare/v3/request.js';
import { V3WebSocketServer } from './bare/v3/web-socket.js';
import { BareServerError } from './errors.js';
import type { BareServerOptions } from './options.js';
import { Upstream } from './remote/upstream.js';

export interface BareServer {
  /** Whether the request is for the Bare server. */
  shouldRoute(request: IncomingMessage): boolean;
  routeRequest(request: IncomingMessage, response: ServerResponse): void;
  routeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Listener for the HTTP server's `clientError`, so that refused requests get an answer with CORS headers. */
  handleClientError(error: Error, socket: Duplex): void;
  /** Closes tunnels and idle connections to remotes. The HTTP server is the caller's to close. */
  close(): void;
}

/** @throws BareServerError for options that cannot be right */
export function createBareServer(options: BareServerOptions = {}): BareServer {
  const directory = options.directory ?? '/bare/';
  if (!directory.startsWith('/') || !directory.endsWith('/')) {
    throw new BareServerError(
      'BARE_SERVER_BAD_DIRECTORY',
      `Failed to mount the Bare server at ${JSON.stringify(directory)}: a directory begins and ends with a slash.`,
    );
  }
  const upstream = new Upstream(options.upstream ?? {});
  const webSockets = new V3WebSocketServer(upstream, options);

  const route = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, search } = splitTarget(request.url ?? '/');
    if (request.method === 'OPTIONS' && !('x-bare-url' in request.headers)) return sendPreflight(request, response);
    checkMethod(request.method);
    switch (pathname.slice(directory.length)) {
      case '':
        return sendJson(response, 200, serializeManifest(createManifest(options)));
      case 'v3/':
        return handleV3Request(upstream, request, response, search);
      default:
        throw new BareProtocolError('IMPL_NOT_FOUND', 'request', `Nothing is served at ${pathname}.`);
    }
  };

  return {
    shouldRoute: (request) => {
      const url = request.url ?? '';
      return url.startsWith(directory) || splitTarget(url).pathname.startsWith(directory);
    },
    routeRequest(request, response) {
      upstream.addListeningPort(request.socket.localPort);
      // A client that goes away is no error of ours; what has to be ended then is ended by `close` listeners.
      response.on('error', ignore);
      request.on('error', ignore);
      try {
        route(request, response);
      } catch (error) {
        if (!(error instanceof BareProtocolError)) options.onInternalError?.(error);
        sendError(request, response, error instanceof BareProtocolError ? error : internalError());
      }
    },
    routeUpgrade(request, socket, head) {
      upstream.addListeningPort(request.socket.localPort);
      socket.on('error', ignore);
      const { pathname } = splitTarget(request.url ?? '/');
      if (pathname.slice(directory.length) === 'v3/') webSockets.accept(request, socket, head);
      else
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy());
    },
    handleClientError,
    close() {
      webSockets.close();
      upstream.close();
    },
  };
}

function internalError(): BareProtocolError {
  return new BareProtocolError('UNKNOWN', 'error', 'The Bare server failed; its log says more.');
}

/** Origin-form and absolute-form targets (RFC 9112 section 3.2) alike. */
function splitTarget(target: string): { pathname: string; search: string } {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const mark = path.indexOf('?');
  return mark < 0 ? { pathname: path, search: '' } : { pathname: path.slice(0, mark), search: path.slice(mark) };
}

function ignore(): void {
  // See the comments where this is used.
}
