/** @module Swagger UI through Culvert: a deep link opens its operation, and "Try it out" reaches the API. */
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import { startSwaggerUi } from './swagger-ui.js';

sideBySide('Swagger UI opens an operation by deep link and tries it out', {
  site: startSwaggerUi,
  async steps(view, site) {
    const { frame } = view;
    await view.open(`${site.origin}/#/locks/getLock`);
    await frame.getByRole('button', { name: 'Try it out' }).waitFor();
    // The deep link scrolls the operation into view.
    await expect.poll(() => frame.evaluate(() => window.scrollY)).toBeGreaterThan(100);
    await view.screenshot('operation scrolled to');
    await frame.getByRole('button', { name: 'Try it out' }).click();
    const opened = { text: await view.text(), url: await view.url(), title: await frame.title() };
    await view.screenshot('operation open');

    await frame.getByRole('textbox', { name: 'id' }).fill('7');
    await frame.getByRole('button', { name: 'Execute' }).click();
    const answer = frame.locator('.live-responses-table');
    await expect(answer).toContainText('Grindley Brook');
    const request = await frame.locator('.request-url').innerText();
    const curl = await frame.locator('.curl-command').innerText();
    const response = await answer.locator('.response-col_description pre').first().innerText();
    const headers = (await answer.locator('.response-col_description pre').last().innerText())
      .toLowerCase()
      .split('\n');

    // By keyboard, as a visitor does: not every driver's fill() is one that React hears of.
    await frame.getByRole('textbox', { name: 'id' }).press('Control+a');
    await frame.getByRole('textbox', { name: 'id' }).pressSequentially('8');
    await frame.getByRole('button', { name: 'Execute' }).click();
    await expect(answer).toContainText('No lock 8');
    const status = await answer.locator('.response-col_status').last().innerText();
    return {
      opened,
      request,
      curl,
      response,
      remaining: headers.filter((line) => line.includes('x-remaining')),
      status,
    };
  },
});

sideBySide('Swagger UI writes the deep link of what is opened', {
  site: startSwaggerUi,
  through: 'demo',
  async steps(view, site) {
    await view.open(`${site.origin}/index.html`);
    const { frame } = view;
    await frame.getByText('One lock').click();
    await frame.getByRole('button', { name: 'Try it out' }).waitFor();
    await view.screenshot('operation opened by hand');
    return { text: await view.text(), url: await view.url() };
  },
});
