/**
 * @module
 * Chromium with a page that holds the clients: the published ones as the files that npm brought, ours as bundled. The page has another
 * origin than the Bare servers, so every answer has to pass CORS.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findBrowser } from '../../../scripts/find-browser.mjs';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const packages = path.join(import.meta.dirname, '../node_modules');

/** Launches Chromium, or gives null where there is none. */
export async function launchChromium(options = {}) {
  const executablePath = findBrowser('chromium');
  if (!executablePath) return null;
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args, ...options });
}

/**
 * Static files by prefix; `pages` are texts by path; `onUnknown` may answer the rest, and says whether it does.
 *
 * @returns the origin and a way to close it
 */
export async function serveFiles(roots, pages = {}, onUnknown) {
  const server = createServer((request, response) => {
    const [target] = request.url.split('?');
    if (Object.hasOwn(pages, target)) {
      const { type, text } = pages[target];
      return void response.writeHead(200, { 'Content-Type': type }).end(text);
    }
    for (const [prefix, folder] of Object.entries(roots)) {
      const file = path.join(folder, target.slice(prefix.length));
      if (!target.startsWith(prefix) || !file.startsWith(folder) || !existsSync(file)) continue;
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' });
      return void createReadStream(file).pipe(response);
    }
    if (onUnknown?.(request, response)) return;
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: server.address().port,
    url: `http://localhost:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const types = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
  '.json': 'application/json',
};

const page = `<!doctype html><meta charset="utf-8"><title>clients</title>
<script type="module">
import { createClients } from '/support/clients.mjs';
const modules = {
  ours: await import('/ours/client.mjs'),
  'client-2.1.0': await import('/packages/@tomphttp/bare-client/dist/index.js'),
  'client-1.1.1': await import('/packages/bare-client-1/dist/BareClient.js'),
  'bare-as-module3': await import('/packages/@mercuryworkshop/bare-as-module3/dist/index.mjs'),
};
globalThis.clients = createClients(modules);
document.title = 'ready';
</script>`;

/**
 * The clients in a page, with the interface of `createClients`.
 *
 * @param onUnknown answers what the page's own origin is asked for beside its files
 */
export async function openClientPage(browser, ours, onUnknown) {
  const roots = {
    '/support/': path.join(import.meta.dirname, '/'),
    '/ours/': path.join(path.dirname(ours.client), '/'),
    '/packages/': path.join(packages, '/'),
  };
  const host = await serveFiles(roots, { '/': { type: 'text/html', text: page } }, onUnknown);
  const context = await browser.newContext();
  const tab = await context.newPage();
  const errors = [];
  tab.on('pageerror', (error) => errors.push(String(error)));
  await tab.goto(`${host.url}/`);
  await tab
    .waitForFunction(() => document.title === 'ready', undefined, { timeout: 15_000 })
    .catch((cause) => {
      throw new Error(`The clients do not load in Chromium: ${errors.join('; ')}`, { cause });
    });
  const call = (name) => (kind, server, request) =>
    tab.evaluate(([name, ...parameters]) => globalThis.clients[name](...parameters), [name, kind, server, request]);
  return {
    tab,
    origin: host.url,
    errors,
    manifest: call('manifest'),
    fetch: call('fetch'),
    socket: call('socket'),
    async close() {
      await context.close();
      host.close();
    },
  };
}
