/** @module DokuWiki through Culvert: someone logs in, writes a page with a picture, finds it, and takes both away again. */
import { expect } from '../../support/proxied-page.js';
import { sideBySide } from '../../support/side-by-side.js';
import type { SiteView } from '../../support/site-view.js';
import { startDokuWiki, type DokuWikiSite } from './dokuwiki.js';

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>';
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGNgSPiPFTEMLQkAg9R6gc5czZYAAAAASUVORK5CYII=',
  'base64',
);

async function logIn(view: SiteView, site: DokuWikiSite): Promise<void> {
  await view.open(`${site.origin}/doku.php?id=locks:bunbury`);
  await view.frame.getByRole('link', { name: 'Log In' }).click();
  await view.frame.getByLabel('Username').fill('ada');
  await view.frame.getByLabel('Password').fill('not-a-secret');
  await view.frame.getByRole('button', { name: 'Log In' }).click();
  await expect(view.frame.locator('.user')).toContainText('Ada');
}

/** What the page shows, and where it believes itself to be. */
async function read(view: SiteView): Promise<object> {
  const cookies = await view.frame.evaluate(() => (0, eval)('document.cookie.split("; ").map((c) => c.split("=")[0])'));
  return { text: await view.text('.dokuwiki .page'), url: await view.url(), title: await view.frame.title(), cookies };
}

sideBySide<DokuWikiSite>('DokuWiki logs someone in, takes a page and a picture, finds them and deletes them', {
  site: startDokuWiki,
  reset: (site) => site.reset(),
  async steps(view, site) {
    const { frame, page } = view;
    const click = (name: string) => frame.getByRole('button', { name, exact: true }).click();
    await logIn(view, site);
    const before = await read(view);

    await frame.getByRole('link', { name: 'Create this page' }).first().click();
    const editor = frame.locator('#wiki__text');
    await editor.fill('====== Bunbury ======\nA staircase of two.\n\n===== Gates =====\nFour of them, ');
    await editor.press('Control+End');
    await frame.locator('#tool__bar').getByTitle('Bold Text').click();
    await page.keyboard.type('wooden');

    // The media manager in a window of its own writes into the editor that opened it.
    const opened = page.waitForEvent('popup');
    await frame.locator('#tool__bar').getByTitle('Add Images and other files').click();
    const media = await opened;
    // Its script puts this in the form's place.
    await media
      .locator('.qq-uploader input[type=file]')
      .setInputFiles({ name: 'gate.png', mimeType: 'image/png', buffer: picture });
    await media.getByRole('button', { name: 'Upload', exact: true }).click();
    await media.locator('#media__content a.select', { hasText: 'gate.png' }).waitFor();
    await media.reload();
    const closed = media.waitForEvent('close');
    await media.locator('#media__content a.select', { hasText: 'gate.png' }).click();
    await media.locator('#media__sendbtn').click();
    await closed;
    await expect(editor).toHaveValue(/gate\.png/);
    const source = await editor.inputValue();
    await click('Preview');
    await frame.locator('#preview, .preview').first().waitFor();
    await frame.locator('.preview').getByRole('heading', { name: 'Gates' }).waitFor();
    await frame.getByLabel('Edit summary').fill('first words');
    await click('Save');
    await frame.getByRole('heading', { name: 'Bunbury' }).waitFor();
    await expect(editor).toHaveCount(0);
    const image = frame.locator('.page img.media');
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(8);
    const saved = await read(view);
    await view.screenshot('saved');

    // The index is written by the request of an invisible picture.
    await expect
      .poll(
        async () => {
          await frame.locator('#qsearch__in').fill('staircase');
          await frame.locator('#dw__search button').click();
          await frame.getByRole('heading', { name: 'Search' }).waitFor();
          return frame.locator('.search_fullpage_result').count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    const found = (await frame.locator('.search_fullpage_result').innerText()).replace(/\d+ seconds/, 'seconds');
    await frame.locator('#qsearch__in').fill('');
    await frame.locator('#qsearch__in').pressSequentially('bunbu');
    await frame.locator('#qsearch__out').getByText('bunbury').first().click();
    await frame.getByRole('heading', { name: 'Gates' }).waitFor();

    await view.open(`${site.origin}/doku.php?do=media&ns=locks`);
    await frame.getByRole('link', { name: 'Upload', exact: true }).click();
    await frame
      .locator('#mediamanager__uploader .qq-uploader input[type=file]')
      .setInputFiles({ name: 'plan.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(drawing) });
    await frame.locator('#mediamanager__upload_button').click();
    await expect(frame.locator('#mediamanager__page')).toContainText('plan.svg');
    await view.screenshot('uploading');
    await view.open(`${site.origin}/doku.php?id=locks:bunbury&do=edit`);
    await editor.fill('');
    await click('Save');
    await frame.getByText('This page does not exist anymore').waitFor();
    const deleted = await read(view);

    // What a page shows cannot be deleted.
    for (const name of ['plan.svg', 'gate.png']) {
      await view.open(`${site.origin}/doku.php?do=media&ns=locks&image=locks:${name}&tab_details=view`);
      page.once('dialog', (dialog) => void dialog.accept());
      await frame.locator('#mediamanager__btn_delete button').click();
      await frame.locator('.success').filter({ hasText: 'deleted' }).waitFor();
    }

    await frame.getByRole('link', { name: 'Log Out' }).click();
    await frame.getByRole('link', { name: 'Log In' }).waitFor();
    return { before, source, saved, found, deleted, after: await read(view) };
  },
});
