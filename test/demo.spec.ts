/** @module The demo as its user works it: by address, by button, by key, wide and narrow. */
import type { Page } from '@playwright/test';
import { expect, test as base } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';

const page = (title: string, body: string) =>
  `<!doctype html><html lang=en><title>${title}</title><link rel=icon href="/icon.svg"><body>${body}`;

const pages: Record<string, string> = {
  '/': page('Garden', '<h1>Garden</h1><a href="/pond?fish=2">To the pond</a>'),
  '/pond?fish=2': page(
    'Pond',
    `<h1>Pond</h1><p id=loads></p><button onclick="history.pushState(0, '', '/reeds'); document.title = 'Reeds'">Reeds</button>
     <script>loads.textContent = sessionStorage.loads = 1 + +(sessionStorage.loads || 0)</script>`,
  ),
};

interface DemoFixtures {
  /** The demo's own page, with nothing opened. */
  desk: Page;
}

const test = base.extend<DemoFixtures, { garden: Site }>({
  garden: [
    async ({}, use) => {
      const site = await startSiteInProcess('garden.test', (request, response) => {
        const icon = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9" fill="green"/></svg>';
        if (request.url === '/icon.svg') return void response.setHeader('content-type', 'image/svg+xml').end(icon);
        const body = pages[request.url ?? ''];
        response.writeHead(body ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
        response.end(body ?? page('Nothing', 'There is nothing here.'));
      });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  desk: async ({ demo, culvert }, use) => {
    await demo.page.goto(culvert.origin);
    await use(demo.page);
  },
});

const address = (desk: Page) => desk.getByRole('textbox', { name: 'Web address or search words' });
const site = (desk: Page) => desk.frameLocator('#stage iframe');

test('an address that is typed opens, with its title, its icon and a link that can be shared', async ({
  desk,
  garden,
}) => {
  await address(desk).fill(garden.origin.replace('http://', ''));
  await desk.keyboard.press('Enter');
  await expect(site(desk).getByRole('heading', { name: 'Garden' })).toBeVisible();
  await expect(address(desk)).toHaveValue(`${garden.origin}/`);
  await expect(desk).toHaveTitle(/^Garden/);
  await expect(desk).toHaveURL(new RegExp(`/#${garden.origin}/$`));
  await expect(desk.locator('#tab-icon img')).toHaveAttribute('src', /^blob:/);
});

test('back, forward and reload move the page, and the address follows', async ({ desk, garden }) => {
  await desk.goto(`${desk.url().split('#')[0]}#${garden.origin}/`);
  await site(desk).getByRole('link', { name: 'To the pond' }).click();
  await expect(address(desk)).toHaveValue(`${garden.origin}/pond?fish=2`);
  await desk.getByRole('button', { name: 'Reload' }).click();
  await expect(site(desk).locator('#loads')).toHaveText('2');
  await site(desk).getByRole('button', { name: 'Reeds' }).click();
  await expect(address(desk)).toHaveValue(`${garden.origin}/reeds`);
  await expect(desk).toHaveTitle(/^Reeds/);

  await desk.getByRole('button', { name: 'Back' }).click();
  await expect(address(desk)).toHaveValue(`${garden.origin}/pond?fish=2`);
  await desk.getByRole('button', { name: 'Back' }).click();
  await expect(site(desk).getByRole('heading', { name: 'Garden' })).toBeVisible();
  await desk.getByRole('button', { name: 'Forward' }).click();
  await expect(site(desk).getByRole('heading', { name: 'Pond' })).toBeVisible();
});

test('the keyboard alone is enough, also from within the page', async ({ desk, garden }) => {
  await desk.keyboard.press('Control+l');
  await expect(address(desk)).toBeFocused();
  await desk.keyboard.type(`${garden.origin}/`);
  await desk.keyboard.press('Enter');
  await site(desk).getByRole('link', { name: 'To the pond' }).focus();
  await desk.keyboard.press('Enter');
  await expect(address(desk)).toHaveValue(`${garden.origin}/pond?fish=2`);
  await site(desk).getByRole('button', { name: 'Reeds' }).focus();
  await desk.keyboard.press('Alt+ArrowLeft');
  await expect(site(desk).getByRole('heading', { name: 'Garden' })).toBeVisible();
  await site(desk).getByRole('link', { name: 'To the pond' }).focus();
  await desk.keyboard.press('Control+l');
  await expect(address(desk)).toBeFocused();
  // A question mark in the address field is one of an address.
  await desk.getByRole('button', { name: 'Reload' }).press('?');
  await expect(desk.getByRole('dialog')).toBeVisible();
});

test('words that are no address are searched for', async ({ desk }) => {
  await address(desk).fill('how a culvert works');
  await desk.keyboard.press('Enter');
  await expect(address(desk)).toHaveValue(/^https:\/\/[^ ]*how(\+|%20)a(\+|%20)culvert(\+|%20)works/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is cut off at 360 pixels, in ${colorScheme} colours`, async ({ desk, garden }) => {
    await desk.emulateMedia({ colorScheme });
    await desk.setViewportSize({ width: 360, height: 740 });
    const background = () => desk.locator('.bar').evaluate((bar) => getComputedStyle(bar).backgroundColor);
    const lightness =
      (await background())
        .match(/\d+/g)!
        .slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0) / 3;
    if (colorScheme === 'light') expect(lightness).toBeGreaterThan(180);
    else expect(lightness).toBeLessThan(80);

    const overflow = () => desk.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await address(desk).fill(`${garden.origin}/`);
    await desk.keyboard.press('Enter');
    await expect(site(desk).getByRole('heading', { name: 'Garden' })).toBeVisible();
    expect(await overflow()).toBeLessThanOrEqual(0);
    // WCAG 2.2, 2.5.8: a target is 24 pixels wide at the least.
    for (const name of ['Back', 'Reload', 'Go']) {
      const button = desk.getByRole('button', { name, exact: true });
      expect((await button.boundingBox())!.width, name).toBeGreaterThanOrEqual(24);
    }
  });
}
