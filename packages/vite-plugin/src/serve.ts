/**
 * @module
 * What the development and the preview server answer for Culvert: its files, the bootstrap page below the scope, and a Bare
 * server.
 */
import { createBareServer, type BareServer, type BareServerOptions } from '@culvert/bare-server';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileNames, type SiteFiles } from './files.js';

export interface ServeOptions {
  /** Of the site, with its slash. */
  base: string;
  /** The path of proxied pages. */
  scopePath: string;
  /** The path of the Bare server, or null if it is elsewhere. */
  barePath: string | null;
  bareOptions: Omit<BareServerOptions, 'directory'>;
  /** May change while the server runs. */
  files(): Promise<SiteFiles>;
}

type Next = (error?: unknown) => void;
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Bare requests hold whole header lists: Node's 16 KiB would be too little for a site with many cookies. */
const maxHeaderSize = 256 * 1024;

/**
 * @param httpServer null in middleware mode: WebSockets of proxied pages then need `bareServer` to be another server
 */
export function createMiddleware(options: ServeOptions, httpServer: Server | null): Middleware {
  const bare =
    options.barePath === null ? null : createBareServer({ ...options.bareOptions, directory: options.barePath });
  if (bare && httpServer) attach(bare, httpServer);
  return (request, response, next) => {
    if (bare?.shouldRoute(request)) return bare.routeRequest(request, response);
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const name = path.startsWith(options.scopePath) ? fileNames.bootstrap : path.slice(options.base.length);
    options.files().then((files) => {
      const text = path.startsWith(options.base) && Object.hasOwn(files, name) ? files[name]! : null;
      if (text === null) return next();
      response.writeHead(200, {
        'content-type': name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
        // Each start of the worker and each registration asks whether there is a new one.
        'cache-control': 'no-cache',
        'service-worker-allowed': options.base,
      });
      response.end(request.method === 'HEAD' ? undefined : text);
    }, next);
  };
}

function attach(bare: BareServer, httpServer: Server): void {
  // Read by Node at each connection (`_http_server`, connectionListenerInternal); the server is Vite's, and made already.
  Object.assign(httpServer, { maxHeaderSize });
  httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (bare.shouldRoute(request)) bare.routeUpgrade(request, socket, head);
  });
  httpServer.on('close', () => void bare.close());
}
