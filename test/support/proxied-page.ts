/** @module Playwright's `test` with a direct and a proxied view of a site, and what must hold of the proxied one. */
import { test as base, expect, type Browser, type TestInfo } from '@playwright/test';
import { launchDirectBrowser, launchProxiedBrowser, type Engine } from './browsers.js';
import { startCanary, type Canary } from './canary.js';
import { startCulvert, type Culvert } from './culvert.js';
import { SiteView } from './site-view.js';

interface WorkerFixtures {
  /** Set by the configuration: `playwright.config.ts` has Chromium, `test/firefox/playwright.config.ts` Firefox ESR. */
  engine: Engine;
  culvert: Culvert;
  canary: Canary;
  directBrowser: Browser;
  proxiedBrowser: Browser;
}

interface TestFixtures {
  /** The site without a proxy. */
  direct: SiteView;
  /** The site at Culvert's route, `/service/html/…`. */
  proxied: SiteView;
  /** The site in the demo's frame, opened by its deep link. */
  demo: SiteView;
}

const viewport = { width: 1000, height: 700 };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  engine: ['chromium', { option: true, scope: 'worker' }],
  culvert: [
    async ({}, use) => {
      // Every host that the worker asks for is this machine; the port stays.
      const culvert = await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private']);
      await use(culvert);
      await culvert.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  canary: [
    async ({}, use) => {
      const canary = await startCanary();
      await use(canary);
      await canary.close();
    },
    { scope: 'worker' },
  ],
  directBrowser: [
    async ({ engine }, use) => {
      const browser = await launchDirectBrowser(engine);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  proxiedBrowser: [
    async ({ engine, canary }, use) => {
      const browser = await launchProxiedBrowser(engine, canary.port);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  direct: async ({ directBrowser }, use, testInfo) => {
    const context = await directBrowser.newContext({ viewport });
    const view = await SiteView.create('direct', context);
    await use(view);
    await attachOnFailure(view, testInfo);
    await context.close();
  },
  proxied: ({ proxiedBrowser, culvert, canary }, use, testInfo) =>
    useThroughCulvert('proxied', { proxiedBrowser, culvert, canary }, use, testInfo),
  demo: ({ proxiedBrowser, culvert, canary }, use, testInfo) =>
    useThroughCulvert('demo', { proxiedBrowser, culvert, canary }, use, testInfo),
});

export { expect };

/** No request of a proxied page may go past the transport. */
function expectNoLeak(view: SiteView, canary: Canary, seenBefore: number): void {
  expect.soft(view.log.bypasses, 'requests that the service worker did not answer').toEqual([]);
  expect.soft(canary.connections.slice(seenBefore), 'connections past the transport').toEqual([]);
}

async function useThroughCulvert(
  kind: 'proxied' | 'demo',
  { proxiedBrowser, culvert, canary }: Pick<WorkerFixtures, 'proxiedBrowser' | 'culvert' | 'canary'>,
  use: (view: SiteView) => Promise<void>,
  testInfo: TestInfo,
): Promise<void> {
  const seenBefore = canary.connections.length;
  const context = await proxiedBrowser.newContext({ viewport });
  const view = await SiteView.create(kind, context, culvert);
  await use(view);
  await attachOnFailure(view, testInfo);
  await context.close();
  expectNoLeak(view, canary, seenBefore);
}

/** What was on the screen, and what the page had said, when a test failed. */
async function attachOnFailure(view: SiteView, testInfo: TestInfo): Promise<void> {
  if (testInfo.status === testInfo.expectedStatus) return;
  const path = testInfo.outputPath(`${view.kind} at the end.png`);
  await view.page.screenshot({ path });
  await testInfo.attach(`${view.kind} at the end`, { path, contentType: 'image/png' });
  const said = [view.page.url(), ...view.log.errors, ...view.log.bypasses].join('\n');
  await testInfo.attach(`what the ${view.kind} page said`, { body: said, contentType: 'text/plain' });
}
