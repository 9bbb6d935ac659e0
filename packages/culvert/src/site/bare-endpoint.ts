/**
 * @module
 * A Bare server that listens nowhere: its connections are given to it, by a tunnel for instance.
 */
import http from 'node:http';
import { createBareServer, httpServerOptions, type BareServerOptions } from '@culvert/bare-server';
import { sendText } from './respond.js';

export interface BareEndpoint {
  /** Takes connections by its event `connection`. */
  server: http.Server;
  close(): void;
}

export function createBareEndpoint(options: BareServerOptions): BareEndpoint {
  const bare = createBareServer({
    ...options,
    onInternalError: (error) => console.error('The Bare server failed:', error),
  });
  const server = http.createServer(httpServerOptions, (request, response) => {
    if (bare.shouldRoute(request)) bare.routeRequest(request, response);
    else sendText(request, response, 404, `There is a Bare server here, at ${options.directory ?? '/bare/'}`);
  });
  server.on('upgrade', (request, socket, head) => {
    if (bare.shouldRoute(request)) bare.routeUpgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  server.on('clientError', bare.handleClientError);
  return {
    server,
    close() {
      bare.close();
      server.closeAllConnections();
    },
  };
}
