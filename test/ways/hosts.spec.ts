/** @module Culvert opens every site of the tests from each host: in a frame of its page, and by a link into the proxy. */
import { expect, test, type Browser } from '@playwright/test';
import { allSites, type SiteToOpen } from '../sites/all-sites.js';
import { launchChromium } from '../support/browsers.js';
import { startCulvert, type Culvert } from '../support/culvert.js';
import { startNginx, startVitePreview, type Host } from './hosts.js';

const hosts: Readonly<Record<string, (bare: string) => Promise<Host>>> = {
  'nginx at the root': (bare) => startNginx('/', bare),
  'nginx below a folder': (bare) => startNginx('/tools/proxy/', bare),
  'Vite preview': startVitePreview,
};

for (const [name, start] of Object.entries(hosts)) {
  test.describe(name, () => {
    let host: Host;
    /** Its Bare server alone is used; it finds every name on this machine. */
    let culvert: Culvert;
    let chromium: Browser;

    test.beforeAll(async () => {
      test.setTimeout(240_000);
      culvert = await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private']);
      host = await start(`${culvert.origin}/bare/`);
      // The browser itself finds none of the sites.
      chromium = await launchChromium('MAP * ~NOTFOUND, EXCLUDE localhost');
    });
    test.afterAll(async () => {
      await chromium?.close();
      await host?.close();
      await culvert?.close();
    });

    for (const [siteName, siteToOpen] of Object.entries(allSites)) {
      test(`opens ${siteName}`, async () => {
        const site = await siteToOpen.start();
        try {
          await openBothWays(chromium, host, site.origin + siteToOpen.path, siteToOpen.shows);
        } finally {
          await site.close();
        }
      });
    }
  });
}

async function openBothWays(chromium: Browser, host: Host, url: string, shows: SiteToOpen['shows']): Promise<void> {
  const page = await chromium.newPage();
  await page.goto(host.page);
  await page.fill('input[type=url]', url);
  await page.getByRole('button', { name: 'Open' }).click();
  const frame = page.frameLocator('iframe[title="The proxied page"]');
  await expect(frame.locator(shows.selector).filter({ hasText: shows.text }).first()).toBeVisible({ timeout: 30_000 });
  await page.context().close();

  // A visitor who has no worker yet: the host answers with culvert.html.
  const visitor = await chromium.newPage();
  const [address = '', fragment] = url.split('#');
  const hash = fragment === undefined ? '' : `#${fragment}`;
  await visitor.goto(`${host.scope}html/${encodeURIComponent(address)}${hash}`);
  const shown = visitor.locator(shows.selector).filter({ hasText: shows.text }).first();
  await expect(shown).toBeVisible({ timeout: 30_000 });
  await visitor.context().close();
}
