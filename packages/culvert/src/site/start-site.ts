/**
 * @module
 * The site that `culvert serve` serves: the demo, the worker and the runtime, the Bare server and the bootstrap page, on one
 * port. Its files are those of `dist-site`, where the build puts them together.
 */
import { createBareServer, type UpstreamOptions } from '@culvert/bare-server';
import { existsSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { bootstrapHeaders, sendBootstrapPage } from './bootstrap-page.js';
import { SiteError } from './errors.js';
import { listen } from './listen.js';
import { startRelay, type SiteRelayOptions } from './relay.js';
import { requireReadMethod, sendText } from './respond.js';
import { createStaticFile, readStaticFile, readStaticFolder, sendStaticFile, type StaticFile } from './static-files.js';

export interface SiteOptions {
  /** Default: 8080. 0 takes any free port. */
  port?: number;
  /** Default: "localhost", which is both of its addresses. */
  host?: string;
  /** Path of the Bare server. Default: "/bare/". */
  directory?: string;
  /** URL of another Bare server that the worker is to use. Default: the one that is served here. */
  bareServer?: string;
  /** How the Bare server reaches the sites. */
  upstream?: UpstreamOptions;
  /** Gives the stream to use in the place of a connection that was accepted: one that looks at what passes. */
  wrapConnection?: (socket: Socket) => Duplex;
  /** Be a relay for devices, too. */
  relay?: SiteRelayOptions;
  /** What the user types to start this, for advice in errors. */
  invocation?: string;
}

export interface Site {
  /** Where to open it: "http://localhost:8080/". */
  url: string;
  port: number;
  relay?: { port: number; description: string };
  close(): Promise<void>;
}

/** Put together by `npm run build`; part of the npm package. */
const siteFolder = path.join(import.meta.dirname, '..', '..', 'dist-site');

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

/** @throws SiteError */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const {
    port = 8080,
    host = 'localhost',
    directory = '/bare/',
    invocation = 'culvert serve',
    upstream,
    wrapConnection,
  } = options;
  const files = readFiles(options.bareServer ?? directory);
  const bootstrapPage = readStaticFile(path.join(siteFolder, 'bootstrap.html'), bootstrapHeaders);
  const bareServer = createBareServer({
    directory,
    ...(upstream && { upstream }),
    onInternalError: (error) => console.error('The Bare server failed:', error),
  });

  const relay = options.relay && (await startRelay(options.relay, host));

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
        if (relay?.shouldRoute(request)) return relay.routeUpgrade(request, socket, head);
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      },
      clientError: (error, socket) => bareServer.handleClientError(error, socket),
    },
    { host, port, invocation, ...(wrapConnection && { wrapConnection }) },
  ).catch(async (error: unknown) => {
    await relay?.close();
    throw error;
  });

  return {
    url: `http://${urlHost(host)}:${listening.port}/`,
    port: listening.port,
    ...(relay && {
      relay: {
        port: relay.port,
        description: `Devices join at ws://${urlHost(host)}:${listening.port}; the clients of their host names come to port ${relay.port}.`,
      },
    }),
    async close() {
      await relay?.close();
      bareServer.close();
      await listening.close();
    },
  };
}

function readFiles(bareServer: string): Map<string, StaticFile> {
  const demo = path.join(siteFolder, 'demo');
  const worker = path.join(siteFolder, 'culvert.sw.js');
  const runtime = path.join(siteFolder, 'culvert.runtime.js');
  const httpSocket = path.join(siteFolder, 'culvert.http-socket.js');
  for (const file of [path.join(demo, 'index.html'), worker, runtime, httpSocket]) {
    if (!existsSync(file)) {
      throw new SiteError('NOT_BUILT', `Failed to find ${file}. Build it first: npm run build`);
    }
  }
  const files = readStaticFolder(demo, (urlPath) => {
    if (urlPath.startsWith('/assets/')) return { 'cache-control': 'public, max-age=31536000, immutable' };
    return urlPath === '/' || urlPath.endsWith('.html') ? demoPageHeaders : { 'cache-control': 'public, max-age=3600' };
  });
  files.set('/culvert.sw.js', withSettings(readStaticFile(worker, revalidated), bareServer));
  files.set('/culvert.runtime.js', readStaticFile(runtime, revalidated));
  files.set('/culvert.http-socket.js', readStaticFile(httpSocket, revalidated));
  return files;
}

/** The worker's script, told of its Bare server where that is not the usual one. */
function withSettings(file: StaticFile, bareServer: string): StaticFile {
  if (bareServer === '/bare/') return file;
  const settings = `self.culvertConfig = { bareServer: ${JSON.stringify(bareServer)} };\n`;
  return createStaticFile(Buffer.concat([Buffer.from(settings), file.content]), file.headers);
}

/** A wildcard address is where the server listens, and no place to go to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
