/**
 * @module The fixture of the runtime's browser tests: a server on a free port, pages of made-up sites, and a frame that
 * shows them as the demo does. Every request that leaves for a real URL fails the test.
 */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  test as base,
  chromium,
  expect,
  type Browser,
  type BrowserContext,
  type Frame,
  type Page,
} from '@playwright/test';

export { expect };

interface SiteRequest {
  url: string;
  method: string;
  contentType: string;
  body: string;
}
type SiteAnswer = string | { type: string; body: string; policy?: string };

export interface Proxied {
  page: Page;
  context: BrowserContext;
  /** The proxy's own origin. */
  origin: string;
  /** What the made-up web answers; without an entry, a page that says `404`. */
  sites: Record<string, SiteAnswer>;
  /** What it was asked. */
  requests: SiteRequest[];
  /** Requests that the browser tried to send past the worker. */
  leaks: string[];
  /** Shows a real URL in the frame of a page outside the scope, and gives that frame. */
  open(url: string): Promise<Frame>;
  route(url: string): string;
}

async function startServer(sites: Record<string, SiteAnswer>, requests: SiteRequest[]): Promise<http.Server> {
  const bundles = process.env['CULVERT_TEST_BUNDLES']!;
  const script = async (name: string) => readFile(path.join(bundles, name));
  const server = http.createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url!, 'http://localhost');
      if (url.pathname === '/culvert.runtime.js' || url.pathname === '/sw.js') {
        response.writeHead(200, { 'content-type': 'text/javascript', 'service-worker-allowed': '/' });
        response.end(await script(url.pathname.slice(1)));
      } else if (url.pathname === '/remote') {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const real = url.searchParams.get('url')!;
        requests.push({
          url: real,
          method: request.method!,
          contentType: String(request.headers['x-content-type'] ?? ''),
          body: Buffer.concat(chunks).toString('latin1'),
        });
        const answer = sites[real] ?? sites[real.replace(/\?.*/, '')] ?? '<!doctype html><title>404</title>404';
        const { type, body, policy } =
          typeof answer === 'string' ? { type: 'text/html', body: answer, policy: undefined } : answer;
        response.writeHead(200, { 'content-type': type, ...(policy ? { 'x-policy': policy } : {}) });
        response.end(body);
      } else if (url.pathname.startsWith('/service/')) {
        response.writeHead(404, { 'content-type': 'text/html' });
        response.end('<!doctype html>past the worker');
      } else {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(
          '<!doctype html><title>outside</title><iframe name=outside-frame style="width:90vw;height:80vh"></iframe>',
        );
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}

export const test = base.extend<{ proxied: Proxied }, { chrome: Browser }>({
  chrome: [
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  proxied: async ({ chrome }, use, testInfo) => {
    const sites: Record<string, SiteAnswer> = {};
    const requests: SiteRequest[] = [];
    const leaks: string[] = [];
    const server = await startServer(sites, requests);
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
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
    const route = (url: string) => {
      const hash = url.indexOf('#');
      const bare = hash < 0 ? url : url.slice(0, hash);
      return `${origin}/service/html/${encodeURIComponent(bare)}${hash < 0 ? '' : url.slice(hash)}`;
    };
    await use({
      page,
      context,
      origin,
      sites,
      requests,
      leaks,
      route,
      async open(url) {
        const shown = page.waitForEvent('framenavigated', (frame) => frame.parentFrame() === page.mainFrame());
        await page.evaluate((src) => {
          document.querySelector('iframe')!.src = src;
        }, route(url));
        const handle = await page.waitForSelector('iframe');
        const frame = (await handle.contentFrame())!;
        await shown;
        // The page may change its URL at once, so its own is not waited for.
        await expect
          .poll(() => frame.evaluate('document.readyState + document.URL').catch(() => ''))
          .toMatch(/^complete(?!about:blank)/);
        return frame;
      },
    });
    await context.close();
    server.close();
    server.closeAllConnections();
    if (leaks.length > 0) throw new Error(`requests past the service worker: ${leaks.join(', ')}`);
  },
});
