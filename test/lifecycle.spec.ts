/** @module What happens to a browser while pages are open: storage that is full, off or cleared, another build of the worker, a second tab. */
import type { Page } from '@playwright/test';
import { launchProxiedBrowser } from './support/browsers.js';
import { routeTo } from './support/culvert.js';
import { startFront, type Front } from './support/front.js';
import { expect, test as base } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';

const test = base.extend<{ site: Site; front: Front; visitor: Page }>({
  site: async ({}, use) => {
    const site = await startSiteInProcess('lifecycle.test', (request, response) => {
      response.setHeader('content-type', 'text/html');
      if (request.url === '/sets') response.setHeader('set-cookie', 'server=1; Max-Age=1000; Path=/');
      if (request.url === '/sent') return response.end(request.headers.cookie ?? 'none');
      return response.end(
        `<!doctype html><link rel=icon href=data:,><title>Site</title><h1>${request.url}</h1><a href="/next">Next</a>`,
      );
    });
    await use(site);
    await site.close();
  },
  front: async ({ culvert }, use) => {
    const front = await startFront(culvert.port);
    await use(front);
    await front.close();
  },
  // In a browser of its own: one that has been through the other tests was seen to put off the next build of a worker.
  visitor: async ({ engine, canary }, use) => {
    const browser = await launchProxiedBrowser(engine, canary.port);
    const context = await browser.newContext();
    await use(await context.newPage());
    await browser.close();
  },
});

const run = <T>(page: Page, source: string) => page.evaluate((text) => (0, eval)(text) as T, source);
const sent = (page: Page) => run<string>(page, `fetch('/sent').then((response) => response.text())`);

async function open(page: Page, front: Front, site: Site, path: string): Promise<void> {
  await page.goto(routeTo(front.origin, site.origin + path));
  await expect(page.getByRole('heading', { name: path })).toBeVisible();
}

test('where IndexedDB is off, pages open, and cookies last as long as the worker', async ({ visitor, front, site }) => {
  front.prelude = `Object.defineProperty(self, 'indexedDB', { get() { throw new DOMException('off', 'SecurityError') } });\n`;
  await open(visitor, front, site, '/sets');
  await run(visitor, `document.cookie = 'script=1'`);
  expect(await sent(visitor)).toBe('server=1; script=1');
  await visitor.getByRole('link').click();
  await expect(visitor.getByRole('heading', { name: '/next' })).toBeVisible();
});

test('where the quota is used up, pages open, and cookies last as long as the worker', async ({
  visitor,
  front,
  site,
}) => {
  const session = await visitor.context().newCDPSession(visitor);
  await session.send('Storage.overrideQuotaForOrigin', { origin: front.origin, quotaSize: 1 });
  await open(visitor, front, site, '/sets');
  await run(visitor, `document.cookie = 'script=1'`);
  expect(await sent(visitor)).toBe('server=1; script=1');
  await visitor.getByRole('link').click();
  await expect(visitor.getByRole('heading', { name: '/next' })).toBeVisible();
});

test('storage that is cleared underneath, worker and all, comes back with the next navigation', async ({
  visitor,
  front,
  site,
}) => {
  await open(visitor, front, site, '/sets');
  const session = await visitor.context().newCDPSession(visitor);
  await session.send('Storage.clearDataForOrigin', { origin: front.origin, storageTypes: 'all' });
  await visitor.reload();
  await expect(visitor.getByRole('heading', { name: '/sets' })).toBeVisible();
  expect(await sent(visitor)).toBe('server=1');
  await visitor.getByRole('link').click();
  await expect(visitor.getByRole('heading', { name: '/next' })).toBeVisible();
});

test('a page that was open when another build of the worker came goes on', async ({ visitor, front, site }) => {
  await open(visitor, front, site, '/sets');
  const first = await openHost(visitor, front);
  const registration = await first.evaluateHandle(async () => (await navigator.serviceWorker.getRegistrations())[0]!);
  // Before there is another: the browser looks for one by itself, too.
  const before = await registration.evaluateHandle(({ active }) => active);
  front.prelude = '/* another build */\n';
  // Asked more than once: an update that the browser has begun by itself, and that found none, may be what it waits for.
  const isReplaced = () =>
    registration.evaluate(async (registration, before) => {
      await registration.update();
      return registration.active !== before;
    }, before);
  await expect.poll(isReplaced).toBe(true);
  expect(await sent(visitor)).toBe('server=1');
  await run(visitor, `document.cookie = 'script=1'`);
  await expect.poll(() => sent(visitor)).toBe('server=1; script=1');
  await visitor.getByRole('link').click();
  await expect(visitor.getByRole('heading', { name: '/next' })).toBeVisible();
  expect(await run(visitor, 'document.cookie')).toBe('server=1; script=1');
});

/** A page of the proxy itself, in which nothing is proxied. */
async function openHost(page: Page, front: Front): Promise<Page> {
  const host = await page.context().newPage();
  await host.goto(`${front.origin}/doctor.html`);
  return host;
}

test('two tabs of a site have the same cookies, each at once', async ({ visitor, front, site }) => {
  await open(visitor, front, site, '/sets');
  const second = await visitor.context().newPage();
  await open(second, front, site, '/second');
  expect(await run(second, 'document.cookie')).toBe('server=1');
  await run(second, `document.cookie = 'script=2; path=/'`);
  await expect.poll(() => run(visitor, 'document.cookie')).toBe('server=1; script=2');
  await run(visitor, `document.cookie = 'server=; path=/; max-age=0'`);
  await expect.poll(() => run(second, 'document.cookie')).toBe('script=2');
  expect(await sent(second)).toBe('script=2');
});
