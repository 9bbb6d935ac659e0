/** @module Signing in across three origins through Culvert: by redirects, in a window, and again in a hidden frame. */
import type { Page } from '@playwright/test';
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startSignIn, type SignInSite } from './sign-in.js';

/** Fills in the provider's form, and lets the app have what it asks for. */
async function signInAt(page: Page): Promise<string> {
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Name')).toHaveValue('');
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill('not-a-secret');
  const origin = await page.evaluate(() => (0, eval)('location.origin') as string);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  return origin;
}

async function expectAccount(view: SiteView, text: string): Promise<void> {
  await expect(view.frame.locator('#account')).toHaveText(text);
}

/** Presses a button of the app, and reads what it then shows. */
async function ask(view: SiteView, button: string, shows: RegExp): Promise<unknown> {
  await view.frame.getByRole('button', { name: button }).click();
  return readResult(view, shows);
}

async function readResult(view: SiteView, shows: RegExp): Promise<unknown> {
  const result = view.frame.locator('#result');
  await expect(result).toHaveText(shows);
  return JSON.parse(await result.innerText());
}

sideBySide<SignInSite>('an app signs in by redirects, asks its API and signs out', {
  site: startSignIn,
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    await expectAccount(view, 'Signed out');
    const refused = await ask(view, 'Ask the API', /401/);

    await view.frame.getByRole('button', { name: 'Sign in here' }).click();
    const form = await signInAt(view.page);
    await expectAccount(view, 'Signed in as Keeper ada');
    const arrived = { ...((await readResult(view, /signed-in/)) as object), url: await view.url() };
    await view.screenshot('signed in');
    const asked = await ask(view, 'Ask the API', /200/);
    // A frame of another site does not get the provider's cookies.
    const renewed = await ask(view, 'Renew silently', /error/);

    await view.frame.getByRole('button', { name: 'Sign out' }).click();
    await view.page.getByRole('button', { name: 'Yes, sign out' }).click();
    await expectAccount(view, 'Signed out');
    const left = { ...((await readResult(view, /signed-out/)) as object), url: await view.url() };
    return { refused, form, arrived, asked, renewed, left };
  },
});

sideBySide<SignInSite>('an app signs in in a window that tells its opener and closes, and again in a hidden frame', {
  site: startSignIn,
  async steps(view, site) {
    await view.open(`${site.sameSite}/`);
    await expectAccount(view, 'Signed out');
    const opened = view.page.waitForEvent('popup');
    await view.frame.getByRole('button', { name: 'Sign in in a window' }).click();
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    await signInAt(popup);
    await closed;
    await expectAccount(view, 'Signed in as Keeper ada');
    const signedIn = await readResult(view, /signedIn/);
    await view.screenshot('signed in');
    const renewed = await ask(view, 'Renew silently', /renewed/);
    const asked = await ask(view, 'Ask the API', /200/);

    const reopened = view.page.waitForEvent('popup');
    await view.frame.getByRole('button', { name: 'Choose an account' }).click();
    const chooser = await reopened;
    await chooser.getByRole('button', { name: 'ada' }).waitFor();
    const known = JSON.parse(await chooser.locator('#known').innerText()) as object;
    // The window closes under the click, which Firefox's driver takes for a failure.
    const chosenAndClosed = chooser.waitForEvent('close');
    await chooser
      .getByRole('button', { name: 'ada' })
      .evaluate((button: HTMLElement) => void setTimeout(() => button.click()));
    await chosenAndClosed;
    const chosen = await readResult(view, /"account"/);
    return { signedIn, renewed, asked, known, chosen };
  },
});
