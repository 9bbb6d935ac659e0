/** @module A Vite dev server through Culvert: hundreds of modules arrive, and an edit on disk updates the page in place. */
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startVite, type ViteSite } from './vite.js';

const asWritten = 'Tides as first written';
const asEdited = 'Tides as edited on disk';

/** A value in the page that no reload would leave there. */
async function mark(view: SiteView): Promise<void> {
  await view.frame.evaluate(() => Object.assign(window, { visitMark: 'of this document' }));
}

function readMark(view: SiteView): Promise<unknown> {
  return view.frame.evaluate(() => (window as { visitMark?: unknown }).visitMark);
}

/** Edits a file and waits for the page to show it. */
async function editHeading(view: SiteView, site: ViteSite, file: string): Promise<void> {
  await site.edit(file, asWritten, asEdited);
  await view.frame.getByRole('heading', { name: asEdited }).waitFor();
}

sideBySide<ViteSite>('a React app updates in place when a file is edited', {
  site: startVite,
  reset: (site) => site.edit('react/App.jsx', asEdited, asWritten),
  async steps(view, site) {
    const { frame } = view;
    await view.open(`${site.origin}/react/`);
    const counter = frame.getByRole('button', { name: 'Counted' });
    await counter.click();
    await counter.click();
    await counter.click();
    await frame.getByRole('button', { name: 'Details' }).click();
    await frame.locator('.late').waitFor();
    const before = { text: await view.text(), url: await view.url() };
    expect(view.log.requestCount, 'modules were loaded one by one').toBeGreaterThan(300);
    await view.screenshot('before the edit');

    await mark(view);
    await editHeading(view, site, 'react/App.jsx');
    const after = { text: await view.text(), mark: await readMark(view) };
    await view.screenshot('after the edit');
    return { before, after };
  },
});

sideBySide<ViteSite>('a Vue app updates in place when a file is edited', {
  site: startVite,
  reset: async (site) => {
    await site.edit('vue/App.vue', asEdited, asWritten);
    await site.edit('vue/App.vue', 'rgb(142, 47, 58)', 'rgb(42, 127, 158)');
  },
  async steps(view, site) {
    const { frame } = view;
    await view.open(`${site.origin}/vue/`);
    await frame.getByRole('button', { name: 'Counted' }).click();
    await frame.getByRole('textbox').fill('2.75');
    const before = await view.text();
    await view.screenshot('before the edit');

    await mark(view);
    await editHeading(view, site, 'vue/App.vue');
    await site.edit('vue/App.vue', 'rgb(42, 127, 158)', 'rgb(142, 47, 58)');
    const heading = frame.getByRole('heading');
    await expect(heading).toHaveCSS('color', 'rgb(142, 47, 58)');
    const after = {
      text: await view.text(),
      height: await frame.getByRole('textbox').inputValue(),
      mark: await readMark(view),
    };
    await view.screenshot('after the edit');
    return { before, after };
  },
});

sideBySide<ViteSite>('a React app runs in the frame of the demo', {
  site: startVite,
  through: 'demo',
  async steps(view, site) {
    await view.open(`${site.origin}/react/`);
    await view.frame.getByRole('button', { name: 'Counted' }).click();
    await view.screenshot('counted');
    return { text: await view.text(), url: await view.url() };
  },
});
