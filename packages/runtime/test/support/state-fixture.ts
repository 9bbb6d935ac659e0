/**
 * @module The fixture of the tests of state, sinks, workers and sockets: a server that is the made-up web and a Bare
 * server in small, and a page at its route. Requests that leave for a real URL fail the test.
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';

export { expect } from '@playwright/test';

export interface State {
  page: Page;
  origin: string;
  /** What the made-up web answers, by URL: a page, or a body with its type. */
  sites: Record<string, string | { type: string; body: string }>;
  /** Headers of requests that reached the Bare endpoint by themselves: synchronous ones. */
  bareRequests: {
    url: string;
    method: string;
    headers: Record<string, string | string[]>;
    body: string;
    type: string;
  }[];
  bareResponses: Record<string, { status: number; headers: Record<string, string | string[]>; body: string }>;
  open(url: string): Promise<Page>;
}

const support = path.dirname(fileURLToPath(import.meta.url));

async function buildServiceWorker(): Promise<string> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'culvert-state-test-'));
  const rewriter = process.env['CULVERT_TEST_REWRITER'];
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      conditions: ['culvert-source', 'module', 'browser', 'default'],
      alias: rewriter ? { '@culvert/rewriter': rewriter } : {},
    },
    build: {
      outDir,
      minify: false,
      lib: {
        entry: path.join(support, 'state-service-worker.ts'),
        formats: ['iife'],
        name: 'sw',
        fileName: () => 'sw.js',
      },
    },
  });
  return path.join(outDir, 'sw.js');
}

function startServer(
  state: Pick<State, 'sites' | 'bareRequests' | 'bareResponses'>,
  serviceWorker: string,
): http.Server {
  const runtime = path.join(process.env['CULVERT_TEST_BUNDLES']!, 'culvert.runtime.js');
  const server = http.createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url!, 'http://localhost');
      const script = { '/culvert.runtime.js': runtime, '/sw.js': serviceWorker }[url.pathname];
      if (script) {
        response.writeHead(200, { 'content-type': 'text/javascript' });
        response.end(await readFile(script));
      } else if (url.pathname === '/remote') {
        const answer = state.sites[url.searchParams.get('url')!] ?? '<!doctype html>404';
        const { type, body } = typeof answer === 'string' ? { type: 'text/html', body: answer } : answer;
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      } else if (url.pathname === '/bare/v3/') {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const remote = String(request.headers['x-bare-url']);
        const headers = JSON.parse(String(request.headers['x-bare-headers'])) as Record<string, string>;
        const type =
          request.headers['x-bare-forward-headers'] === 'content-type' ? request.headers['content-type'] : '';
        const body = Buffer.concat(chunks).toString();
        state.bareRequests.push({ url: remote, method: request.method!, headers, body, type: type ?? '' });
        const answer = state.bareResponses[remote] ?? { status: 404, headers: {}, body: 'none' };
        response.writeHead(200, {
          'x-bare-status': answer.status,
          'x-bare-status-text': 'As Sent',
          'x-bare-headers': JSON.stringify(answer.headers),
        });
        response.end(answer.body);
      } else {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!doctype html>outside');
      }
    })();
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => acceptSocket(socket));
  return server;
}

/** A Bare server whose remote echoes: `close me` closes, and a remote with `refuse` in it is not there. */
function acceptSocket(socket: WebSocket): void {
  let isOpen = false;
  socket.on('message', (data, isBinary) => {
    if (!isOpen) {
      const connect = JSON.parse(String(data)) as {
        remote: string;
        protocols: string[];
        headers: Record<string, string>;
      };
      if (connect.remote.includes('refuse')) return socket.close();
      isOpen = true;
      socket.send(JSON.stringify({ type: 'open', protocol: connect.protocols[0] ?? '', setCookies: ['ws=1'] }));
      if (connect.remote.includes('headers')) socket.send(JSON.stringify(connect.headers));
      return;
    }
    if (!isBinary && String(data) === 'close me') return socket.close(3001, 'asked to');
    socket.send(data, { binary: isBinary });
  });
}

export const test = base.extend<{ state: State }, { chrome: Browser; serviceWorker: string }>({
  chrome: [
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  serviceWorker: [async ({}, use) => use(await buildServiceWorker()), { scope: 'worker' }],
  state: async ({ chrome, serviceWorker }, use, testInfo) => {
    const shared = { sites: {}, bareRequests: [], bareResponses: {} } as Pick<
      State,
      'sites' | 'bareRequests' | 'bareResponses'
    >;
    const server = startServer(shared, serviceWorker);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    const leaks: string[] = [];
    const context = await chrome.newContext({ serviceWorkers: 'allow' });
    await context.route(
      (url) => url.origin !== origin && /^https?:$/.test(url.protocol),
      (route) => {
        leaks.push(route.request().url());
        return route.abort();
      },
    );
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(`[${testInfo.title}] page error: ${error.stack ?? error.message}`));
    await page.goto(origin);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/service/' });
      const worker = (registration.installing ?? registration.waiting ?? registration.active)!;
      while (worker.state !== 'activated') {
        if (worker.state === 'redundant') throw new Error('The service worker failed to install');
        await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
      }
    });
    await use({
      ...shared,
      page,
      origin,
      async open(url) {
        await page.goto(`${origin}/service/html/${encodeURIComponent(url)}`);
        return page;
      },
    });
    await context.close();
    server.close();
    server.closeAllConnections();
    if (leaks.length > 0) throw new Error(`requests past the service worker: ${leaks.join(', ')}`);
  },
});
