/** @module A reveal.js deck through Culvert: deep links, fragments, the keyboard and the history. */
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startReveal } from './reveal.js';

/** Waits until the deck shows the slide with this heading. */
async function waitForSlide(view: SiteView, heading: string): Promise<void> {
  await expect(view.frame.locator('section.present:not(.stack) h2')).toHaveText(heading);
}

/** Waits for a fragment: the deck writes it some time after it has moved. */
async function waitForFragment(view: SiteView, fragment: string): Promise<void> {
  await expect.poll(() => view.url()).toMatch(new RegExp(`${fragment}$`));
}

sideBySide('a reveal.js deck moves by keyboard and writes its fragment', {
  site: startReveal,
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    const { frame, page } = view;
    await waitForSlide(view, 'Canals');
    await waitForFragment(view, '/#/start');
    // Whether the first fragment makes an entry is a race of the deck with the document's load event, within milliseconds.
    const historyLength = await frame.evaluate(() => history.length);
    await view.screenshot('first slide');
    await frame.locator('body').click({ position: { x: 5, y: 5 } });

    const moves: [key: string, fragment: string][] = [
      ['ArrowRight', '/#/1'],
      ['ArrowDown', '/#/1/0/0'],
      ['ArrowDown', '/#/1/0/1'],
      ['ArrowDown', '/#/staircase'],
    ];
    for (const [key, fragment] of moves) {
      await page.keyboard.press(key);
      await waitForFragment(view, fragment);
      await view.screenshot(`after ${fragment}`);
    }
    await frame.evaluate(() => history.back());
    await waitForSlide(view, 'Locks');
    await waitForFragment(view, '/#/1/0/1');
    await page.keyboard.press('End');
    await waitForSlide(view, 'End');
    await waitForFragment(view, '/#/end');
    await view.screenshot('gradient by a fragment reference');
    return { url: await view.url(), entriesAdded: (await frame.evaluate(() => history.length)) - historyLength };
  },
});

sideBySide('a reveal.js deck opens at its deep link and follows a link to a fragment', {
  site: startReveal,
  async steps(view, site) {
    await view.open(`${site.origin}/#/1/1`);
    const { frame } = view;
    await waitForSlide(view, 'Staircase locks');
    await waitForFragment(view, '/#/staircase');
    const deep = await view.url();
    await view.screenshot('deep link');

    await view.open(`${site.origin}/index.html?print=no#/code`);
    await waitForSlide(view, 'Code');
    await frame.locator('code .hljs-keyword').first().waitFor();
    const code = { url: await view.url(), text: await frame.locator('section.present code').innerText() };
    await view.screenshot('highlighted code');

    await view.open(`${site.origin}/`);
    await frame.getByRole('link', { name: 'To the locks' }).click();
    await waitForSlide(view, 'Locks');
    await waitForFragment(view, '/#/(locks|1)');
    return { deep, code, followed: await view.url() };
  },
});

sideBySide('a reveal.js deck opens at its deep link in the demo', {
  site: startReveal,
  through: 'demo',
  async steps(view, site) {
    await view.open(`${site.origin}/#/1/1`);
    await waitForSlide(view, 'Staircase locks');
    await waitForFragment(view, '/#/staircase');
    await view.screenshot('deep link');
    return { url: await view.url(), title: await view.frame.title() };
  },
});
