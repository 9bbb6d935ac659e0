/** @module verdaccio through Culvert is what it is without: search, a package page, and a login that a reload keeps. */
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startVerdaccio, verdaccioUser } from './verdaccio.js';

/** Opens the list of packages and waits until it is filled. */
async function openList(view: SiteView, origin: string): Promise<void> {
  await view.open(`${origin}/`);
  await view.frame.getByText('Dives for the fish').waitFor();
}

sideBySide('verdaccio lists, finds and shows its packages', {
  site: startVerdaccio,
  async steps(view, site) {
    const { frame } = view;
    await openList(view, site.origin);
    const list = { text: await view.text(), url: await view.url(), title: await frame.title() };
    await view.screenshot('list of packages');

    const search = frame.getByPlaceholder('Search Packages');
    await search.pressSequentially('kingf', { delay: 30 });
    const option = frame.getByRole('option').filter({ hasText: 'kingfisher' });
    await option.waitFor();
    const suggestions = await frame.getByRole('listbox').innerText();
    await view.screenshot('suggestions');
    await option.click();

    await frame.getByText('Does not wait.').waitFor();
    const found = { text: await view.text(), url: await view.url(), title: await frame.title() };
    await view.screenshot('package page');

    await frame.getByRole('tab', { name: 'Dependencies', exact: true }).click();
    await frame.getByText('heron', { exact: false }).first().waitFor();
    const dependencies = await view.text();
    await frame.evaluate(() => history.back());
    await frame.getByText('Wades slowly').waitFor();
    const back = { text: await view.text(), url: await view.url() };
    return { list, suggestions, found, dependencies, back };
  },
});

sideBySide('verdaccio keeps a login over a reload', {
  site: startVerdaccio,
  async steps(view, site) {
    const { frame } = view;
    await openList(view, site.origin);
    await frame.getByTestId('header--button-login').click();
    await frame.getByRole('textbox', { name: 'Username' }).pressSequentially(verdaccioUser.name);
    await frame.locator('input[type=password]').pressSequentially(verdaccioUser.password);
    await view.screenshot('login form');
    await frame.getByTestId('login-dialog-form-login-button').click();

    const account = frame.getByTestId('logInDialogIcon');
    await account.waitFor();
    const loggedIn = await frame.evaluate(() => Object.keys(localStorage).sort());
    await view.reload();
    await frame.getByText('Dives for the fish').waitFor();
    await account.click();
    await frame.getByText(verdaccioUser.name, { exact: true }).waitFor();
    const stillLoggedIn = await view.text('[role=menu]');
    await view.screenshot('logged in after a reload');
    return { loggedIn, stillLoggedIn, url: await view.url() };
  },
});

sideBySide('verdaccio shows a package page by its deep link', {
  site: startVerdaccio,
  through: 'demo',
  async steps(view, site) {
    await view.open(`${site.origin}/-/web/detail/heron`);
    await view.frame.getByText('A bird that').waitFor();
    await view.screenshot('package page');
    return { text: await view.text(), url: await view.url(), title: await view.frame.title() };
  },
});
