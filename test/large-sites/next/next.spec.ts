/** @module A Next.js app through Culvert: its pages come from the server once, and from then on in pieces. */
import { expect } from '../../support/proxied-page.js';
import { sideBySide } from '../../support/side-by-side.js';
import type { SiteView } from '../../support/site-view.js';
import { startNext } from './next.js';

/** A value in the page that no reload would leave there. */
async function mark(view: SiteView): Promise<void> {
  await view.frame.evaluate(() => Object.assign(window, { visitMark: 'of this document' }));
}

function readMark(view: SiteView): Promise<unknown> {
  return view.frame.evaluate(() => (window as { visitMark?: unknown }).visitMark);
}

async function expectAt(view: SiteView, where: string): Promise<void> {
  await expect(view.frame.locator('#where')).toHaveText(where);
}

/** What a reader has before them, and where the page believes itself to be. */
async function read(view: SiteView): Promise<object> {
  // React takes the title out and puts the next one in when the metadata has streamed.
  await expect.poll(() => view.frame.title()).not.toBe('');
  return {
    text: await view.text(),
    title: await view.frame.title(),
    url: await view.url(),
    mark: await readMark(view),
  };
}

const follow = (view: SiteView, name: string) => view.frame.getByRole('link', { name, exact: true }).click();
const press = (view: SiteView, name: string) => view.frame.getByRole('button', { name }).click();

sideBySide('a Next.js app moves between its pages without loading a document', {
  site: startNext,
  async steps(view, site) {
    const pieces = { prefetched: 0, fetched: 0 };
    view.page.on('request', (request) => {
      const headers = request.headers();
      if (headers['next-router-prefetch'] ?? headers['next-router-segment-prefetch']) pieces.prefetched++;
      else if (headers.rsc) pieces.fetched++;
    });
    await view.open(`${site.origin}/`);
    await expectAt(view, '/');
    await expect.poll(() => pieces.prefetched).toBeGreaterThan(0);
    const widths = await view.frame.evaluate(() => [...document.images].map((image) => image.naturalWidth));
    await view.screenshot('start');
    await mark(view);

    await follow(view, 'All locks');
    await expectAt(view, '/locks');
    await follow(view, 'Bunbury');
    await expectAt(view, '/locks/2');
    await view.frame.getByRole('heading', { name: 'Bunbury' }).waitFor();
    await press(view, 'Level 0');
    await press(view, 'Level 1');
    await press(view, 'Chart');
    await view.frame.getByRole('img', { name: 'Chart of 2' }).waitFor();
    await press(view, 'Report');
    await expect(view.frame.locator('output')).not.toBeEmpty();
    const lock = await read(view);
    await view.screenshot('chart');
    await press(view, 'Refresh');
    await press(view, 'Push');
    await expectAt(view, '/locks/2?by=button');
    await expect(view.frame.locator('#asked')).toContainText('button');
    const pushed = await read(view);

    await view.frame.evaluate(() => history.back());
    await expectAt(view, '/locks/2');
    await view.frame.evaluate(() => history.back());
    await expectAt(view, '/locks');
    const back = await read(view);
    await view.frame.evaluate(() => history.forward());
    await view.frame.getByRole('heading', { name: 'Bunbury' }).waitFor();
    const forward = await read(view);
    await follow(view, 'All locks');
    await follow(view, 'One that is not there');
    await view.frame.getByRole('heading', { name: 'There is no such lock.' }).waitFor();
    const none = await read(view);
    await follow(view, 'Old address');
    await expectAt(view, '/locks/3?from=old');
    await view.frame.getByRole('heading', { name: 'Hurleston' }).waitFor();
    const redirected = await read(view);
    expect(pieces.fetched).toBeGreaterThan(0);
    return { widths, lock, pushed, back, forward, none, redirected };
  },
});

sideBySide('a Next.js app takes forms by server actions, streams a page and redirects an address', {
  site: startNext,
  async steps(view, site) {
    await view.open(`${site.origin}/old`);
    await expectAt(view, '/locks/3?from=old');
    const redirected = await read(view);
    await view.open(`${site.origin}/alias`);
    await expect(view.frame.locator('td')).toHaveText(['level of 1', 'level of 2']);
    const streamed = await read(view);
    await view.screenshot('streamed');

    await view.open(`${site.origin}/log`);
    await mark(view);
    const message = view.frame.locator('#message');
    const entry = view.frame.getByLabel('Entry');
    await entry.fill('no');
    await press(view, 'Enter');
    await expect(message).toHaveText('"no" is too short.');
    await entry.fill('Gate stuck – half open');
    await view.frame
      .getByLabel('File')
      .setInputFiles({ name: 'gate.txt', mimeType: 'text/plain', buffer: Buffer.from('stuck') });
    await press(view, 'Enter');
    await expect(message).toHaveText('Entered 1.');
    await view.frame.getByRole('heading', { name: 'Log of Ada' }).waitFor();
    const entered = {
      ...(await read(view)),
      cookie: await view.frame.evaluate(() => (0, eval)('document.cookie') as string),
    };
    await view.screenshot('entered');
    await view.reload();
    const reloaded = await view.text();
    await mark(view);
    await press(view, 'Clear');
    await expectAt(view, '/locks?cleared=yes');
    return { redirected, streamed, entered, reloaded, cleared: await read(view) };
  },
});
