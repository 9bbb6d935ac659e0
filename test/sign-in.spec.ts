/** @module A site that wants a name and a password by HTTP: the proxy asks for them, as the browser's own dialogue would. */
import type { RequestListener } from 'node:http';
import type { Locator, Page } from '@playwright/test';
import { expect, test as base } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';

const authorization = `Basic ${Buffer.from('ada:löve lace').toString('base64')}`;

const listener: RequestListener = (request, response) => {
  if (request.headers.authorization !== authorization) {
    const headers = { 'www-authenticate': 'Basic realm="the vault", charset="UTF-8"', 'content-type': 'text/html' };
    response.writeHead(401, headers).end('<h1>Nobody gets in here</h1>');
  } else if (request.url!.endsWith('.json')) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"inside":true}');
  } else {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Vault</title><h1>Inside</h1>');
  }
};

const test = base.extend<{ vault: Site; page: Page; signIn: Locator }>({
  vault: async ({}, use) => {
    const site = await startSiteInProcess('vault.test', listener);
    await use(site);
    await site.close();
  },
  page: async ({ proxiedBrowser, culvert, vault }, use) => {
    const context = await proxiedBrowser.newContext();
    const page = await context.newPage();
    await page.goto(culvert.routeTo(`${vault.origin}/vault/`));
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await use(page);
    await context.close();
  },
  signIn: async ({ page }, use) => use(page.getByRole('button', { name: 'Sign in' })),
});

test('a site is opened with the name and the password that its visitor gives', async ({ page, signIn, vault }) => {
  await expect(page.locator('p').first()).toHaveText(`${vault.origin} asks for a name and a password for “the vault”.`);
  await test.info().attach('sign-in', { body: await page.screenshot(), contentType: 'image/png' });
  const opened = await page.evaluate(() => history.length);
  await page.keyboard.type('ada');
  await page.getByLabel('Password').fill('wrong');
  await signIn.click();
  await expect(page.getByRole('alert')).toHaveText('The site did not take that name and password.');
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill('löve lace');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Inside' })).toBeVisible();
  expect(await page.evaluate(() => history.length)).toBe(opened);
  // What the page loads is asked for with them, and so is the page itself in another tab.
  expect(await page.evaluate(() => fetch('data.json').then((response) => response.json()))).toEqual({
    inside: true,
  });
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other).toHaveTitle('Vault');
});

test('who gives none sees what the site has to say', async ({ page }) => {
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Nobody gets in here' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
