/** @module What the tests of transports have in common: a page with both transports, a Wisp server, and no Bare server. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test as base, type Browser, type FrameLocator, type Page } from '@playwright/test';
import type { Site } from '../support/site.js';
import { launchChromium } from '../support/browsers.js';
import { culvertFiles, startStaticHost, type StaticHost } from '../ways/static-host.js';
import { startWispServer, type WispServer } from './wisp-server.js';

/** As the READMEs of the transports have it; but what that of epoxy calls `EpoxyClient` is the default export. */
const transports = {
  epoxy: { file: 'epoxy-transport/dist/index.js', make: 'new EpoxyTransport.default({ wisp })' },
  libcurl: { file: 'libcurl-transport/dist/index.js', make: 'new LibcurlTransport.LibcurlClient({ websocket: wisp })' },
};

export const transportNames = Object.keys(transports) as (keyof typeof transports)[];

interface TestFixtures {
  /** Culvert's start page, in a profile of its own. */
  page: Page;
  /** Takes a site that was started, and closes it after the test, however that ends. */
  keep<S extends Pick<Site, 'close'>>(site: Promise<S>): Promise<S>;
}

interface WorkerFixtures {
  chromium: Browser;
  wisp: WispServer;
  host: StaticHost;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
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
      const host = await startStaticHost(siteFiles(wisp.url));
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ chromium, host }, use) => {
    const page = await chromium.newPage();
    await page.goto(host.origin);
    await use(page);
    await page.context().close();
  },
  keep: async ({}, use) => {
    const kept: Pick<Site, 'close'>[] = [];
    await use(async (starting) => {
      const site = await starting;
      kept.unshift(site);
      return site;
    });
    for (const site of kept) await site.close();
  },
});

/** The drop-in with both transports by name, and what else the options of the worker say. */
export function siteFiles(wispUrl: string, moreOptions = ''): ReturnType<typeof culvertFiles> {
  const files = culvertFiles();
  for (const [name, { file }] of Object.entries(transports)) {
    const source = path.join(import.meta.dirname, 'node_modules/@mercuryworkshop', file);
    files.set(`/${name}.js`, { text: readFileSync(source, 'utf8') });
  }
  const factories = Object.entries(transports).map(
    ([name, { make }]) =>
      `${name}: (options) => { const { wisp } = { wisp: '${wispUrl}', ...options }; return ${make}; },`,
  );
  const text = `if (self.importScripts) importScripts('epoxy.js', 'libcurl.js');
self.culvertConfig = {
  bareServer: 'http://localhost:1/',
  transports: {
    ${factories.join('\n    ')}
    broken() { throw new Error('The pigeon has flown off.'); },
  },
  ${moreOptions}
};`;
  files.set('/culvert.config.js', { text });
  // As wide as a page: reveal.js for one is another program on what it takes for a telephone.
  const frame = '<iframe title="shown" width="1200" height="680"></iframe>';
  files.set('/', { text: `<script src="culvert.js" data-config="culvert.config.js"></script>${frame}` });
  return files;
}

export async function choose(page: Page, name: string, options?: object): Promise<void> {
  await page.evaluate((parameters) => (globalThis as any).culvert.setTransport(...parameters), [
    name,
    options,
  ] as const);
}

/** Opens the URL in the frame of the start page. */
export async function open(page: Page, url: string): Promise<FrameLocator> {
  await page.evaluate(async (address) => {
    const { createFrame } = (globalThis as any).culvert;
    (await createFrame(document.querySelector('iframe[title=shown]'))).go(address);
  }, url);
  return page.frameLocator('iframe[title=shown]');
}
