/**
 * @module
 * The server behind `npm start`: the demo, the worker and the runtime, the Bare server and the bootstrap page, on one
 * port. `scripts/start.mjs` reads the options and calls it.
 */
import { createBareServer, type UpstreamOptions } from '@culvert/bare-server';
import { existsSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { bootstrapHeaders, sendBootstrapPage } from './bootstrap-page.js';
import { DemoServerError } from './errors.js';
import { listen } from './listen.js';
import { requireReadMethod, sendText } from './respond.js';
import { readStaticFile, readStaticFolder, sendStaticFile, type StaticFile } from './static-files.js';

export { DemoServerError, type DemoServerErrorCode } from './errors.js';

export interface DemoServerOptions {
  /** Default: 8080. 0 takes any free port. */
  port?: number;
  /** Default: "localhost", which is both of its addresses. */
  host?: string;
  /** How the Bare server reaches the sites. */
  upstream?: UpstreamOptions;
}

export interface DemoServer {
  /** Where to open it: "http://localhost:8080/". */
  url: string;
  port: number;
  close(): Promise<void>;
}

const root = path.join(import.meta.dirname, '..', '..');

/** The worker's and the runtime's URLs are fixed, so each use asks whether there is a new version. */
const revalidated: OutgoingHttpHeaders = { 'cache-control': 'no-cache' };

const demoPageHeaders: OutgoingHttpHeaders = {
  ...revalidated,
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  // Also a guard: a proxied page that slips out of the proxy cannot take the frame to the real site.
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; frame-src 'self' blob:; style-src 'self'; object-src 'none'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
};

/** @throws DemoServerError */
export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const { port = 8080, host = 'localhost', upstream } = options;
  const files = readFiles();
  const bootstrapPage = readStaticFile(path.join(root, 'packages/sw/src/page/bootstrap.html'), bootstrapHeaders);
  const bareServer = createBareServer({
    directory: '/bare/',
    ...(upstream && { upstream }),
    onInternalError: (error) => console.error('The Bare server failed:', error),
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (bareServer.shouldRoute(request)) return bareServer.routeRequest(request, response);
    const urlPath = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (urlPath.startsWith('/service/')) return sendBootstrapPage(bootstrapPage, request, response);
    const file = files.get(urlPath);
    if (file) return sendStaticFile(file, request, response);
    if (!requireReadMethod(request, response)) return;
    sendText(request, response, 404, 'There is nothing at this address. The start page is at /');
  }

  const listening = await listen(
    {
      request(request, response) {
        route(request, response).catch((error: unknown) => {
          console.error(`Failed to answer ${request.method} ${request.url}:`, error);
          if (response.headersSent) response.destroy();
          else sendText(request, response, 500, 'The server failed. Its output says why.');
        });
      },
      upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
        if (bareServer.shouldRoute(request)) return bareServer.routeUpgrade(request, socket, head);
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      },
      clientError: (error, socket) => bareServer.handleClientError(error, socket),
    },
    { host, port },
  );

  return {
    url: `http://${urlHost(host)}:${listening.port}/`,
    port: listening.port,
    async close() {
      bareServer.close();
      await listening.close();
    },
  };
}

function readFiles(): Map<string, StaticFile> {
  const dist = path.join(root, 'demo/dist');
  const worker = path.join(root, 'packages/sw/dist/culvert.sw.js');
  const runtime = path.join(root, 'packages/runtime/dist/culvert.runtime.js');
  for (const file of [path.join(dist, 'index.html'), worker, runtime]) {
    if (!existsSync(file)) {
      throw new DemoServerError(
        'NOT_BUILT',
        `Failed to find ${path.relative(root, file)}. Build it first: npm run build`,
      );
    }
  }
  const files = readStaticFolder(dist, (urlPath) => {
    if (urlPath.startsWith('/assets/')) return { 'cache-control': 'public, max-age=31536000, immutable' };
    return urlPath === '/' || urlPath.endsWith('.html') ? demoPageHeaders : { 'cache-control': 'public, max-age=3600' };
  });
  files.set('/culvert.sw.js', readStaticFile(worker, revalidated));
  files.set('/culvert.runtime.js', readStaticFile(runtime, revalidated));
  return files;
}

/** A wildcard address is where the server listens, and no place to go to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
