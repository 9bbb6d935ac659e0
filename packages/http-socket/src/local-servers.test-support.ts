/**
 * @module
 * Servers for the tests of this package: all on ports of the system's choice, all closed after the test.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import { createHttpSocketServer, type HttpSocketServer, type HttpSocketServerOptions } from './server/index.js';

export interface StartedSocketServer {
  /** Of the socket. */
  url: string;
  port: number;
  sockets: HttpSocketServer;
  server: http.Server;
}

export async function listen(server: net.Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

export async function startSocketServer(options: HttpSocketServerOptions, port = 0): Promise<StartedSocketServer> {
  const sockets = createHttpSocketServer({ path: '/socket', ...options });
  const server = http.createServer((request, response) => {
    if (sockets.matches(request)) sockets.handle(request, response);
    else response.writeHead(404).end();
  });
  onTestFinished(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const chosen = await listen(server, port);
  return { url: `http://127.0.0.1:${chosen}/socket`, port: chosen, sockets, server };
}

/** A TCP server, half-open, and what connects a session to it. */
export async function startTarget(serve: (socket: net.Socket) => void): Promise<() => net.Socket> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    serve(socket);
  });
  onTestFinished(() => void server.close());
  const port = await listen(server);
  return () => net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
}

export async function startEcho(): Promise<() => net.Socket> {
  return startTarget((socket) => void socket.pipe(socket));
}
