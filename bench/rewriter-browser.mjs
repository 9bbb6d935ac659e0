/**
 * @module
 * The rewriters in Chromium: one page has ours and the published peers, and takes them in turns over the same files (`pages/rewriter.js`).
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { bundleRewriter } from '../test/conformance/rewriter-bundle.mjs';
import { summarize } from './results.mjs';

const require = createRequire(import.meta.url);

/**
 * @param {object} options
 * @param {Partial<Record<'js' | 'html', Uint8Array[]>>} options.files what each kind of rewriter is measured on
 */
export async function measureInChromium({ quick, source, files, progress }) {
  const server = await serve(await content(source, files));
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.waitForFunction(() => 'measure' in globalThis || document.title !== '', null, { timeout: 120_000 });
    const failure = await page.title();
    if (failure !== '') throw new Error(`The page of the benchmark fails: ${failure}`);
    const cpuTime = await threadTime(page);
    const results = [];
    for (const kind of Object.keys(files)) {
      const names = await page.evaluate((kind) => globalThis.subjectsOf(kind), kind);
      const samples = Object.fromEntries(names.map((name) => [name, []]));
      const rounds = quick ? 3 : 7;
      const warmUps = 5;
      for (let round = -warmUps; round < rounds; round++) {
        // Each round begins with another: who comes behind a parser pays for its garbage.
        names.push(names.shift());
        for (const name of names) {
          progress(`Chromium, ${kind}: round ${round + 1} of ${rounds}, ${name}`);
          const start = await cpuTime();
          const bytes = await page.evaluate(([kind, name]) => globalThis.measure(kind, name), [kind, name]);
          if (round >= 0) samples[name].push(bytes / 1e6 / ((await cpuTime()) - start));
        }
      }
      results.push(...summarize(`rewriter/${kind}-chromium`, 'MB/s', samples));
    }
    return results;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/** @returns a function that gives the CPU time of the page's main thread, in seconds */
async function threadTime(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime').value;
  };
}

const pageText = `<!doctype html><meta charset=utf-8><title></title>
<script>addEventListener('unhandledrejection', ({ reason }) => (document.title = String(reason?.message).slice(0, 120)));
addEventListener('error', ({ message }) => (document.title ||= String(message).slice(0, 120)));</script>
<script type=module src=/page.js></script>`;

/** What the server has: path to type and body. */
async function content(source, files) {
  const javascript = 'text/javascript; charset=utf-8';
  const file = (name) => readFileSync(name);
  const scramjet = path.dirname(require.resolve('@mercuryworkshop/scramjet'));
  const ultraviolet = path.dirname(require.resolve('@titaniumnetwork-dev/ultraviolet/package.json'));
  const ours = await bundleRewriter({ ...(source && { source }), minify: true });
  const entries = {
    '/': ['text/html; charset=utf-8', pageText],
    '/page.js': [javascript, file(path.join(import.meta.dirname, 'pages/rewriter.js'))],
    '/ours.js': [javascript, file(fileURLToPath(ours))],
    '/scramjet.mjs': [javascript, file(path.join(scramjet, 'scramjet_bundled.mjs'))],
    '/scramjet.wasm': ['application/wasm', file(path.join(scramjet, 'scramjet.wasm'))],
    '/ultraviolet.js': [javascript, file(path.join(ultraviolet, 'dist/uv.bundle.js'))],
  };
  for (const kind of ['js', 'html']) {
    const bodies = files[kind] ?? [];
    entries[`/${kind}/count`] = ['application/json', JSON.stringify({ count: bodies.length })];
    for (const [index, body] of bodies.entries()) entries[`/${kind}/${index}`] = ['application/octet-stream', body];
  }
  return new Map(Object.entries(entries));
}

async function serve(entries) {
  const server = createServer((request, response) => {
    const entry = entries.get(request.url);
    response.writeHead(entry ? 200 : 404, { 'content-type': entry?.[0] ?? 'text/plain' });
    response.end(entry?.[1] ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
