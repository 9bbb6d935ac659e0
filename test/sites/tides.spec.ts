/** @module A progressive web app through Culvert: it installs, shows itself without any server, and updates. */
import { test as base } from '@playwright/test';
import { launchProxiedBrowser } from '../support/browsers.js';
import { startCanary } from '../support/canary.js';
import { startCulvert } from '../support/culvert.js';
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import { startTides } from './tides.js';

base('a Workbox app shows itself when its server and Culvert are gone', async () => {
  base.setTimeout(240_000);
  const [site, culvert, canary] = [
    await startTides(),
    await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private']),
    await startCanary(),
  ];
  const browser = await launchProxiedBrowser('chromium', canary.port);
  try {
    const page = await browser.newPage();
    await page.goto(culvert.routeTo(`${site.origin}/`));
    await expect(page.locator('#state')).toHaveText('installed');
    await page.reload();
    await expect(page.locator('#state')).toHaveText('works offline');
    await expect(page.locator('#today')).toHaveText('High water at 01:12');
    await expect.poll(() => page.evaluate(() => (0, eval)('caches.keys()') as Promise<string[]>)).toContain('images');

    await site.close();
    await culvert.close();
    await page.reload();
    const expectWhole = async () => {
      await expect(page.locator('h1')).toHaveText('Tides 1');
      await expect(page.locator('h1')).toHaveCSS('color', 'rgb(0, 64, 64)');
      await expect(page.locator('#today')).toHaveText('High water at 01:12');
      await expect(page.locator('#state')).toHaveText('works offline');
      await expect.poll(() => page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
    };
    await expectWhole();

    // No page that could hold the site's worker is left: the next one has to start it.
    await page.goto('about:blank');
    await page.goto(culvert.routeTo(`${site.origin}/`));
    await expectWhole();
    expect(canary.connections).toEqual([]);
  } finally {
    await browser.close();
    await canary.close();
  }
});

sideBySide('a Workbox app offers its update, and takes it', {
  site: startTides,
  async steps(view, site) {
    const state = view.frame.locator('#state');
    await view.open(`${site.origin}/`);
    await expect(state).toHaveText(/installed|works offline/);
    await view.reload();
    await expect(state).toHaveText('works offline');
    const before = await view.text('h1');
    site.publish();
    await view.reload();
    await expect(state).toHaveText('update');
    const old = await view.text('h1');
    await state.click();
    await expect(state).toHaveText('works offline');
    await expect.poll(async () => (await view.text('h1')) !== old).toBe(true);
    await view.screenshot('updated');
    return { step: Number((await view.text('h1')).slice(6)) - Number(old.slice(6)), kept: before === old };
  },
});
