/** @module Which transport is in force: chosen by a page, kept by the worker, and what is said of one that does not work. */
import { expect } from '@playwright/test';
import { startReveal } from '../sites/reveal.js';
import { startStaticHost } from '../ways/static-host.js';
import { choose, open, siteFiles, test, transportNames } from './transport-test.js';

const heading = 'section.present:not(.stack) h2';

test('a page switches the transport, which a restart of the worker keeps', async ({ page, keep, wisp }) => {
  const site = await keep(startReveal());
  const shows = async (query: string) => {
    const frame = await open(page, `${site.origin}/?${query}#/1/1`);
    // Until then the page before shows the same.
    await expect.poll(() => page.frames().some((candidate) => candidate.url().includes(query))).toBe(true);
    await expect(frame.locator(heading).filter({ hasText: 'Staircase locks' })).toBeVisible();
  };
  await choose(page, 'bare');
  // There is no Bare server.
  await expect((await open(page, site.origin)).locator('body')).toContainText('IMPL_SERVER_UNREACHABLE');

  await choose(page, 'libcurl');
  await shows('libcurl');
  const before = wisp.connections;
  await choose(page, 'epoxy');
  await shows('epoxy');
  expect(wisp.connections).toBeGreaterThan(before);

  const started = wisp.connections;
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await shows('restarted');
  expect(wisp.connections).toBeGreaterThan(started);

  await expect(choose(page, 'carrier-pigeon')).rejects.toThrow(/There are bare, epoxy, libcurl/);
  await expect(choose(page, 'broken')).rejects.toThrow(/transport broken: The pigeon has flown off/);
  // What was in force stays so.
  await shows('after');
});

test('a proxied page can not switch the transport', async ({ page, keep }) => {
  const site = await keep(startReveal());
  await choose(page, 'epoxy');
  await expect((await open(page, `${site.origin}/#/1/1`)).locator(heading)).toBeVisible();
  const proxied = page.frames().find((frame) => frame.url().includes('/service/'))!;
  const answer = await page.evaluate(() => typeof (globalThis as any).culvert.setTransport);
  expect(answer).toBe('function');
  expect(await proxied.evaluate(() => [typeof (globalThis as any).culvert, navigator.serviceWorker])).toEqual([
    'undefined',
    undefined,
  ]);
});

test('a transport that does not start shows its own message', async ({ chromium, keep, wisp }) => {
  const host = await keep(startStaticHost(siteFiles(wisp.url, "transport: 'broken',")));
  const page = await keep(chromium.newPage());
  await page.goto(host.origin);
  const frame = await open(page, 'http://reveal.test/');
  await expect(frame.getByRole('heading')).toHaveText('The transport does not start');
  await expect(frame.locator('small')).toContainText('The pigeon has flown off.');
});

for (const name of transportNames) {
  test(`${name} without a Wisp server shows what it says of that`, async ({ page }) => {
    await choose(page, name, { wisp: 'ws://localhost:1/wisp/' });
    const frame = await open(page, 'http://reveal.test/');
    await expect(frame.getByRole('heading')).toHaveText('The transport could not load this page', { timeout: 30_000 });
    await expect(frame.locator('small')).toContainText('IMPL_TRANSPORT_FAILED');
  });

  test(`${name} says so when nothing listens at the site`, async ({ page }) => {
    await choose(page, name);
    const frame = await open(page, 'http://reveal.test:1/');
    await expect(frame.getByRole('heading')).toHaveText('The transport could not load this page', { timeout: 30_000 });
  });
}
