/**
 * @module
 * The site that `culvert serve` serves: the demo, the worker and the runtime, the Bare server and the bootstrap page, on one
 * port. Its files are those of `dist-site`, where the build puts them together.
 */
import {
  createServer,
  ListenError,
  type BareServerOptions,
  type PortOptions,
  type UpstreamOptions,
} from '@culvert/bare-server';
import { fillInAttributes } from '@culvert/sw/set-up';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { bootstrapHeaders, sendBootstrapPage } from './bootstrap-page.js';
import { SiteError, type SiteErrorCode } from './errors.js';
import { findFolderFile } from './folder-files.js';
import { startRelay, type SiteRelayOptions } from './relay.js';
import { requireReadMethod, sendText } from './respond.js';
import { siteFolder } from './site-folder.js';
import { createStaticFile, readStaticFile, readStaticFolder, sendStaticFile, type StaticFile } from './static-files.js';

export interface SiteOptions {
  /** Default: 8080. 0 takes any free port. */
  port?: number;
  /** Default: "localhost", which is both of its addresses. */
  host?: string;
  /** Path of the Bare server. Default: "/bare/". */
  directory?: string;
  /** A folder to serve in the place of the start page: a site with the script tag, or a build. */
  site?: string;
  /** URL of another Bare server that the worker is to use. Default: the one that is served here. */
  bareServer?: string;
  /** How the Bare server reaches the sites. */
  upstream?: UpstreamOptions;
  /** Limits, access and logs of the Bare server. */
  bareOptions?: Omit<BareServerOptions, 'directory' | 'upstream' | 'onInternalError'>;
  /** What the port does: TLS, tunnels, limits. */
  portOptions?: PortOptions;
  /** Be a relay for devices, too. */
  relay?: SiteRelayOptions;
  /** What the user types to start this, for advice in errors. */
  invocation?: string;
}

export interface Site {
  /** Where to open it: "http://localhost:8080/". */
  url: string;
  /** The same over TLS, null without a certificate. */
  secureUrl: string | null;
  port: number;
  relay?: { port: number; description: string };
  /** For Prometheus, of this process. */
  metrics(): string;
  /** @param gracePeriod milliseconds that requests under way have to finish */
  close(gracePeriod?: number): Promise<void>;
}

const htmlType: OutgoingHttpHeaders = { 'content-type': 'text/html; charset=utf-8' };
const scriptType: OutgoingHttpHeaders = { 'content-type': 'text/javascript; charset=utf-8' };

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
  const { port = 8080, host = 'localhost', directory = '/bare/', invocation = 'culvert serve' } = options;
  const { site, upstream, portOptions } = options;
  if (site !== undefined && !existsSync(site)) {
    throw new SiteError('SITE_MISSING', `Failed to find the folder ${site}. Make it first: culvert init ${site}`);
  }
  const { token } = options.bareOptions ?? {};
  const bareServer = options.bareServer ?? (token === undefined ? directory : `${directory}${token}/`);
  const files = readFiles(bareServer);
  const bootstrapPage = createStaticFile(readBootstrapPage(site, bareServer), bootstrapHeaders);
  const relay = options.relay && (await startRelay(options.relay, host));

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const urlPath = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (urlPath.startsWith('/service/')) return sendBootstrapPage(bootstrapPage, request, response);
    const file = site === undefined ? files.get(urlPath) : await findFolderFile(site, urlPath);
    if (file) return sendStaticFile(file, request, response);
    if (!requireReadMethod(request, response)) return;
    sendText(request, response, 404, 'There is nothing at this address. The start page is at /');
  }

  const server = createServer({
    ...portOptions,
    bare: {
      ...options.bareOptions,
      directory,
      ...(upstream && { upstream }),
      onInternalError: (error) => console.error('The Bare server failed:', error),
    },
    request(request, response) {
      route(request, response).catch((error: unknown) => {
        console.error(`Failed to answer ${request.method} ${request.url}:`, error);
        if (response.headersSent) response.destroy();
        else sendText(request, response, 500, 'The server failed. Its output says why.');
      });
    },
    upgrade(request, socket, head) {
      if (relay?.shouldRoute(request)) relay.routeUpgrade(request, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    },
  });
  const listening = await server.listen({ host, port }).catch(async (error: unknown) => {
    await relay?.close();
    throw error instanceof ListenError ? withAdvice(error, invocation) : error;
  });
  const authority = `${urlHost(host)}:${listening.port}`;
  return {
    url: `http://${authority}/`,
    secureUrl: portOptions?.tls ? `https://${authority}/` : null,
    port: listening.port,
    ...(relay && {
      relay: {
        port: relay.port,
        description: `Devices join at ws://${authority}; the clients of their host names come to port ${relay.port}.`,
      },
    }),
    metrics: () => server.bare.metrics(),
    async close(gracePeriod = 0) {
      await relay?.close();
      await server.close(gracePeriod);
    },
  };
}

function withAdvice(error: ListenError, invocation: string): SiteError {
  const examples: Partial<Record<SiteErrorCode, string>> = {
    PORT_IN_USE: `--port ${error.port + 1}`,
    PORT_FORBIDDEN: '--port 8080',
    HOST_UNKNOWN: '--host 0.0.0.0',
  };
  const example = examples[error.code];
  const advice = example === undefined ? '' : ` For example: ${invocation} ${example}`;
  return new SiteError(error.code, error.message + advice, { cause: error });
}

/** A site's own knows what its worker has to be told. */
function readBootstrapPage(site: string | undefined, bareServer: string): Buffer {
  const own = site === undefined ? null : path.join(site, 'culvert.html');
  return own !== null && existsSync(own) ? readFileSync(own) : readPage('bootstrap.html', bareServer);
}

/** A page says where the Bare server is, in an attribute; one that is elsewhere its policy does not let it ask, so it says nothing. */
function readPage(name: string, bareServer: string): Buffer {
  const text = readFileSync(path.join(siteFolder, name), 'utf8');
  return Buffer.from(fillInAttributes(text, { 'data-bare': bareServer.startsWith('/') ? bareServer : '' }));
}

/** The worker's options are a global that is there before it starts. The first line, which tells the version, stays the first. */
function readWorker(file: string, bareServer: string): Buffer {
  const script = readFileSync(file);
  if (bareServer === '/bare/') return script;
  const config = Buffer.from(`self.culvertConfig = ${JSON.stringify({ bareServer })};\n`);
  const firstLine = script.indexOf('\n') + 1;
  return Buffer.concat([script.subarray(0, firstLine), config, script.subarray(firstLine)]);
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
  for (const [urlPath, name] of Object.entries({
    '/': 'index.html',
    '/index.html': 'index.html',
    '/doctor.html': 'doctor.html',
  })) {
    files.set(urlPath, createStaticFile(readPage(`demo/${name}`, bareServer), { ...htmlType, ...demoPageHeaders }));
  }
  files.set('/culvert.sw.js', createStaticFile(readWorker(worker, bareServer), { ...scriptType, ...revalidated }));
  files.set('/culvert.js', readStaticFile(path.join(siteFolder, 'culvert.js'), revalidated));
  files.set('/culvert.runtime.js', readStaticFile(runtime, revalidated));
  files.set('/culvert.http-socket.js', readStaticFile(httpSocket, revalidated));
  return files;
}

/** A wildcard address is where the server listens, and no place to go to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
