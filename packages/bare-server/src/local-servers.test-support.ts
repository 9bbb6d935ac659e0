/**
 * @module
 * Servers on port 0 for the tests: origins, raw ones too, and a Bare server in front of them. Everything is closed after a test.
 */
import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type RequestOptions } from 'node:http';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { createBareServer, httpServerOptions, type BareServerOptions } from './index.js';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

export function onCleanup(cleanup: () => void): void {
  cleanups.push(cleanup);
}

export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  onCleanup(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** `http://127.0.0.1:port` of an HTTP origin. */
export async function startOrigin(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(http.createServer(listener))}`;
}

export interface RawOrigin {
  url: string;
  port: number;
  /** All bytes of all connections so far, as latin-1. */
  received(): string;
}

/** An origin that answers each request head with given bytes; nothing parses what it receives. */
export async function startRawOrigin(
  answer: string | ((socket: Socket, text: string) => void) = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
): Promise<RawOrigin> {
  let received = '';
  const server = net.createServer((socket) => {
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      received += text;
      if (typeof answer === 'function') answer(socket, text);
      else if (text.includes('\r\n\r\n')) socket.write(Buffer.from(answer, 'latin1'));
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, received: () => received };
}

/** URL of the Bare directory. Loopback is allowed unless the test says otherwise: all origins here are there. */
export async function startBareServer(options: BareServerOptions = {}): Promise<string> {
  const bare = createBareServer({ ...options, upstream: { allowPrivate: true, ...options.upstream } });
  const server = http.createServer(httpServerOptions, (request, response) => {
    if (bare.shouldRoute(request)) bare.routeRequest(request, response);
    else response.writeHead(418).end();
  });
  server.on('upgrade', (request, socket, head) => bare.routeUpgrade(request, socket, head));
  server.on('clientError', bare.handleClientError);
  onCleanup(() => void bare.close());
  return `http://127.0.0.1:${await listen(server)}${options.directory ?? '/bare/'}`;
}

export interface Exchange {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** One request, with no client library in between. */
export async function exchange(url: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Exchange> {
  const response = await open(url, options, body);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

export async function open(
  url: string,
  options: RequestOptions = {},
  body?: string | Buffer,
): Promise<IncomingMessage> {
  const request = http.request(url, { agent: false, ...options });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

export function v3Headers(remote: string, headers: Record<string, string | string[]> = {}): Record<string, string> {
  return { 'X-Bare-URL': remote, 'X-Bare-Headers': JSON.stringify(headers) };
}
