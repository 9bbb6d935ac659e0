/**
 * @module
 * What a visitor waits for: pages loaded cold (the proxy runs, its caches are empty) and warm (the same page once more), direct, through
 * Culvert, and through the published proxies over our transport and our Bare server.
 *
 * Times are Chromium's own, of the frame that shows the page, from the moment at which the page was asked for.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { packageFolder } from '../test/interop/proxies/packages.mjs';
import * as scramjet from '../test/interop/proxies/scramjet.mjs';
import * as ultraviolet from '../test/interop/proxies/ultraviolet.mjs';
import { buildOurs } from '../test/interop/support/build-ours.mjs';
import { serveFiles } from '../test/interop/support/page-host.mjs';
import { startCulvert } from './culvert.mjs';
import { summarize } from './results.mjs';

export const about = `Pages in Chromium: "fifty" has 50 resources, "heavy" 50 scripts of 3 MB, 200 images and 20 stylesheets.
cold: the proxy runs, nothing of the page is cached; warm: the page once more. Medians.`;

const sizes = { fifty: { scripts: 10, styles: 5, images: 34 }, heavy: { scripts: 50, styles: 20, images: 200 } };
const measures = { firstByte: 'ms', firstPaint: 'ms', load: 'ms', cpu: 'ms', fromSite: 'kB' };

export async function run({ quick, source, progress }) {
  if (!existsSync(packageFolder('@mercuryworkshop/scramjet'))) {
    throw new Error(
      'The proxies to compare with are not installed: run `node scripts/ensure-installed.mjs --interop`.',
    );
  }
  const rounds = quick ? 3 : 9;
  const root = path.resolve(source ?? path.join(import.meta.dirname, '..'));
  const site = await startSite();
  const culvert = await startCulvert(root);
  const { transport } = await buildOurs(root);
  const bareServer = `${culvert.origin}/bare/`;
  const hosts = [];
  const startHost = async ({ files, pages }) => {
    const host = await serveFiles({ ...files, '/ours/': path.join(path.dirname(transport), '/') }, pages(bareServer));
    hosts.push(host);
    return host.url;
  };
  const subjects = {
    ours: throughCulvert(culvert.origin),
    direct: async (context) => navigator(await context.newPage(), (url) => url),
    ultraviolet: throughProxy(ultraviolet, await startHost(ultraviolet)),
    scramjet: throughProxy(scramjet, await startHost(scramjet)),
  };
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const samples = {};
    const note = (measure, subject, value) => ((samples[measure] ??= {})[subject] ??= []).push(value);
    for (const name of quick ? ['fifty'] : Object.keys(sizes)) {
      for (let round = 0; round < rounds; round++) {
        for (const [subject, start] of Object.entries(subjects)) {
          progress(`${name}, ${subject}, ${round + 1} of ${rounds}`);
          const context = await browser.newContext();
          const visit = await start(context, `${site.origin}/blank`);
          for (const state of ['cold', 'warm']) {
            const seen = await measure(browser, visit, site, `${site.origin}/${name}`);
            for (const [key, value] of Object.entries(seen)) note(`page/${name}/${state}/${key}`, subject, value);
          }
          await context.close();
        }
      }
    }
    return Object.entries(samples).flatMap(([measure, bySubject]) =>
      summarize(measure, measures[measure.split('/').at(-1)], bySubject),
    );
  } finally {
    await browser.close();
    culvert.close();
    site.close();
    for (const host of hosts) host.close();
  }
}

/** @returns {{ page, frame, go }} what shows the page, and how to send it somewhere */
const navigator = (page, address) => ({
  page,
  frame: () => page.mainFrame(),
  // Not awaited: the load is seen by its events.
  go: (url) => void page.goto(address(url), { timeout: 120_000 }).catch(() => undefined),
});

function throughCulvert(origin) {
  const address = (url) => `${origin}/service/html/${encodeURIComponent(url)}`;
  return async (context, blank) => {
    const page = await context.newPage();
    // The first visit registers the worker and comes again.
    await page.goto(address(blank));
    await page.waitForFunction(() => document.title === 'Blank');
    await page.waitForLoadState('load');
    return navigator(page, address);
  };
}

/** Opens a blank page the published way; from there the same frame is sent on. */
function throughProxy(proxy, host) {
  return async (context, blank) => {
    const frame = await proxy.open(context, host, blank);
    await frame.waitForFunction(() => document.querySelector('h1')?.textContent === 'Blank', undefined, {
      timeout: 60_000,
    });
    const page = frame.page();
    if (proxy !== scramjet) return navigator(page, (url) => proxy.addressOf(host, url));
    return {
      page,
      frame: () => page.frames().find((other) => other.parentFrame() !== null),
      go: (url) => page.evaluate((target) => void globalThis.frame.go(target), url),
    };
  };
}

async function measure(browser, { page, frame, go }, site, url) {
  await page.waitForTimeout(300);
  const session = await page.context().newCDPSession(page);
  const processes = await browser.newBrowserCDPSession();
  const frameIds = new Set();
  const times = {};
  let loaded;
  const whenLoaded = new Promise((resolve) => (loaded = resolve));
  const isChild = frame() !== page.mainFrame();
  session.on('Page.frameNavigated', ({ frame: { id, parentId } }) => {
    if (isChild === (parentId !== undefined)) frameIds.add(id);
  });
  session.on('Network.responseReceived', ({ type, frameId, timestamp, response }) => {
    if (type === 'Document' && response.status === 200) times[`${frameId} response`] ??= timestamp;
  });
  session.on('Page.lifecycleEvent', ({ frameId, name, timestamp }) => {
    if (timestamp < start) return;
    if (name === 'firstContentfulPaint') times[`${frameId} paint`] = timestamp;
    if (name === 'load') times[`${frameId} load`] = timestamp;
    if (name === 'load' || name === 'firstContentfulPaint') check();
  });
  // The marker of the page itself: a bootstrap or error page has loaded too, and is not it.
  const check = async () => {
    const count = await frame()
      .evaluate(() => (document.readyState === 'complete' ? Number(document.documentElement.dataset.images ?? 0) : 0))
      .catch(() => 0);
    if (count > 0) loaded();
  };
  let start = Infinity;
  await session.send('Page.enable');
  await session.send('Network.enable');
  await session.send('Page.setLifecycleEventsEnabled', { enabled: true });
  const cpuBefore = await cpuTime(processes);
  const bytesBefore = site.bytes();
  start = Number(process.hrtime.bigint()) / 1e9;
  await go(url);
  await Promise.race([whenLoaded, page.waitForTimeout(60_000)]);
  // Paint follows the load of an empty page.
  await page.waitForTimeout(200);
  const cpu = (await cpuTime(processes)) - cpuBefore;
  const of = (kind) => {
    const found = [...frameIds].map((id) => times[`${id} ${kind}`]).filter((time) => time >= start);
    if (found.length === 0) throw new Error(`${page.url()} has no event "${kind}" of its own.`);
    return (Math.max(...found) - start) * 1000;
  };
  const result = {
    firstByte: of('response'),
    firstPaint: of('paint'),
    load: of('load'),
    cpu: cpu * 1000,
    fromSite: (site.bytes() - bytesBefore) / 1000,
  };
  await session.detach();
  await processes.detach();
  return result;
}

/** Seconds, of all processes of the browser. */
async function cpuTime(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime: seconds }) => sum + seconds, 0);
}

/** Scripts and stylesheets are those of libraries: what a proxy has to do depends on what stands in them. */
async function startSite() {
  const library = (file) => readFileSync(path.join(import.meta.dirname, 'node_modules', file), 'utf8');
  const scripts = [
    ...Array(8).fill('bootstrap/dist/js/bootstrap.min.js'),
    'meriyah/dist/meriyah.umd.min.js',
    'bootstrap/dist/js/bootstrap.bundle.min.js',
  ].map(library);
  const styles = ['bootstrap-grid.min.css', 'bootstrap-reboot.min.css', 'bootstrap-utilities.min.css'].map((name) =>
    library(`bootstrap/dist/css/${name}`),
  );
  let bytes = 0;
  const server = createServer((request, response) => {
    const [, kind, number] = /^\/(\w+)(?:\/(\d+))?/.exec(request.url) ?? [];
    const [type, body, cache] = answer(kind, Number(number));
    bytes += Buffer.byteLength(body);
    response.writeHead(body ? 200 : 404, { 'Content-Type': type, 'Cache-Control': cache }).end(body);
  });
  const answer = (kind, number) => {
    const kept = 'max-age=3600';
    if (kind === 'blank')
      return ['text/html', '<!doctype html><title>Blank</title><link rel=icon href=data:,><h1>Blank</h1>', 'no-store'];
    if (kind in sizes) return ['text/html; charset=utf-8', pageOf(sizes[kind]), 'no-cache'];
    if (kind === 'script') return ['text/javascript', `${scripts[number % scripts.length]}\n// ${number}`, kept];
    if (kind === 'style') return ['text/css', `${styles[number % styles.length]}\n/* ${number} */`, kept];
    if (kind === 'image') return ['image/svg+xml', picture(number), kept];
    return ['text/plain', '', kept];
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    bytes: () => bytes,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const list = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('\n');
const picture = (number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16" fill="hsl(${number % 360} 60% 50%)"/></svg>`;
const pageOf = ({ scripts, styles, images }) => `<!doctype html>
<html lang=en><head><meta charset=utf-8><title>Page</title><link rel=icon href=data:,>
${list(styles, (index) => `<link rel=stylesheet href=/style/${index}>`)}
</head><body><h1>Page</h1><p>${list(images, (index) => `<img src=/image/${index} alt="">`)}</p>
${list(scripts, (index) => `<script src=/script/${index}></script>`)}
<script>addEventListener('load', () => (document.documentElement.dataset.images = document.images.length));</script>
</body></html>`;
