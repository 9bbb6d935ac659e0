/** @module Sites through transports of others over a Wisp server, and no Bare server: loaded, live, and switched at run time. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base, type Browser, type Page } from '@playwright/test';
import { allSites } from '../sites/all-sites.js';
import { startVite } from '../sites/vite.js';
import { launchChromium } from '../support/browsers.js';
import { culvertFiles, startStaticHost, type StaticHost } from '../ways/static-host.js';
import { startWispServer, type WispServer } from './wisp-server.js';

/** As the READMEs of the transports have it; but what that of epoxy calls `EpoxyClient` is the default export. */
const transports = {
  epoxy: { file: 'epoxy-transport/dist/index.js', make: 'new EpoxyTransport.default({ wisp })' },
  libcurl: { file: 'libcurl-transport/dist/index.js', make: 'new LibcurlTransport.LibcurlClient({ websocket: wisp })' },
};

const test = base.extend<object, { chromium: Browser; wisp: WispServer; host: StaticHost }>({
  chromium: [
    async ({}, use) => {
      const chromium = await launchChromium('MAP * ~NOTFOUND, EXCLUDE localhost');
      await use(chromium);
      await chromium.close();
    },
    { scope: 'worker' },
  ],
  wisp: [
    async ({}, use) => {
      const wisp = await startWispServer();
      await use(wisp);
      await wisp.close();
    },
    { scope: 'worker' },
  ],
  host: [
    async ({ wisp }, use) => {
      const host = await startStaticHost(siteFiles(wisp));
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
});

function siteFiles(wisp: WispServer): ReturnType<typeof culvertFiles> {
  const files = culvertFiles();
  for (const [name, { file }] of Object.entries(transports)) {
    const source = path.join(import.meta.dirname, 'node_modules/@mercuryworkshop', file);
    files.set(`/${name}.js`, { text: readFileSync(source, 'utf8') });
  }
  const factories = Object.entries(transports).map(
    ([name, { make }]) =>
      `${name}: (options) => { const { wisp } = { wisp: '${wisp.url}', ...options }; return ${make}; }`,
  );
  const text = `if (self.importScripts) importScripts('epoxy.js', 'libcurl.js');
self.culvertConfig = { bareServer: 'http://localhost:1/', transports: { ${factories.join(', ')} } };`;
  files.set('/culvert.config.js', { text });
  files.set('/', {
    text: '<script src="culvert.js" data-config="culvert.config.js"></script><iframe title="shown" width="1200" height="700"></iframe>',
  });
  return files;
}

async function choose(page: Page, name: string, options?: object): Promise<void> {
  await page.evaluate((parameters) => (globalThis as any).culvert.setTransport(...parameters), [
    name,
    options,
  ] as const);
}

/** Opens the start page, and the URL in its frame. */
async function open(page: Page, url: string) {
  await page.evaluate(async (address) => {
    const { createFrame } = (globalThis as any).culvert;
    (await createFrame(document.querySelector('iframe[title=shown]'))).go(address);
  }, url);
  return page.frameLocator('iframe[title=shown]');
}

for (const name of Object.keys(transports)) {
  for (const [siteName, siteToOpen] of Object.entries(allSites)) {
    test(`${name} opens ${siteName}`, async ({ chromium, host }) => {
      const site = await siteToOpen.start();
      const page = await chromium.newPage();
      await page.goto(host.origin);
      await choose(page, name);
      const frame = await open(page, site.origin + siteToOpen.path);
      const { selector, text } = siteToOpen.shows;
      await expect(frame.locator(selector).filter({ hasText: text }).first()).toBeVisible();
      await page.context().close();
      await site.close();
    });
  }

  test(`${name} carries WebSockets: an edit updates the page in place`, async ({ chromium, host }) => {
    const site = await startVite();
    const page = await chromium.newPage();
    await page.goto(host.origin);
    await choose(page, name);
    const frame = await open(page, `${site.origin}/react/`);
    const counter = frame.getByRole('button', { name: 'Counted' });
    await counter.click();
    const counted = await counter.innerText();
    await site.edit('react/App.jsx', 'Tides as first written', 'Tides as edited on disk');
    await expect(frame.getByRole('heading', { name: 'Tides as edited on disk' })).toBeVisible();
    await expect(counter).toHaveText(counted);
    await page.context().close();
    await site.close();
  });
}

test('a page switches the transport, which a restart of the worker keeps', async ({ chromium, host, wisp }) => {
  const { start, path: sitePath, shows } = allSites['reveal.js']!;
  const site = await start();
  const page = await chromium.newPage();
  await page.goto(host.origin);
  await choose(page, 'bare');
  // There is no Bare server.
  const failed = await open(page, site.origin + sitePath);
  await expect(failed.locator('body')).toContainText('Bare server');

  await choose(page, 'libcurl');
  const before = wisp.connections;
  const first = await open(page, `${site.origin}/index.html?1#/1/1`);
  await expect(first.locator(shows.selector).filter({ hasText: shows.text })).toBeVisible();
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  const second = await open(page, `${site.origin}/index.html?2#/1/1`);
  await expect(second.locator(shows.selector).filter({ hasText: shows.text })).toBeVisible();
  expect(wisp.connections).toBeGreaterThan(before);

  await expect(choose(page, 'carrier-pigeon')).rejects.toThrow(/There are bare, epoxy, libcurl/);
  await page.context().close();
  await site.close();
});
