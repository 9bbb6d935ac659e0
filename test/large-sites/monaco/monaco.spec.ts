/** @module Monaco through Culvert: what its workers know of several files: completions, hovers, errors, a new name everywhere. */
import { expect } from '../../support/proxied-page.js';
import { sideBySide } from '../../support/side-by-side.js';
import type { SiteView } from '../../support/site-view.js';
import { startMonaco } from './monaco.js';

/** Runs in the page with its `monaco`, `editor` and `models`; by its `eval`, as a script of the page would. */
function act<T>(view: SiteView, text: string): Promise<T> {
  return view.frame.evaluate((text) => (0, eval)(text) as T, text);
}

/** The errors that the workers have found, by file. */
function markers(view: SiteView): Promise<string[]> {
  return act(
    view,
    `monaco.editor.getModelMarkers({}).map(({ resource, message, startColumn }) => resource.path + ':' + startColumn + ' ' + message).sort()`,
  );
}

sideBySide('Monaco completes, explains, checks and renames by its workers', {
  site: startMonaco,
  async steps(view, site) {
    const { frame, page } = view;
    let started = 0;
    page.on('worker', () => started++);
    await view.open(`${site.origin}/`);
    await expect(frame.locator('.view-lines')).toContainText('openGate');
    // A JSON, a CSS and a TypeScript worker have looked at their files.
    await expect.poll(() => markers(view).catch(() => []), { timeout: 30_000 }).toHaveLength(2);
    const found = await markers(view);

    await frame.locator('.view-line').last().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('heard.toUp');
    await page.keyboard.press('Control+Space');
    const suggestion = frame.locator('.suggest-widget .monaco-list-row.focused');
    await expect(suggestion).toContainText('toUpperCase', { timeout: 30_000 });
    await page.keyboard.press('Enter');
    await page.keyboard.type('(;');
    await expect.poll(() => markers(view)).toHaveLength(3);
    const checked = await markers(view);
    await page.keyboard.press('Backspace');
    await page.keyboard.type(');');
    await expect.poll(() => markers(view)).toHaveLength(2);

    await act(view, 'void editor.setPosition({ lineNumber: 3, column: 9 })');
    await act(view, `void editor.trigger('test', 'editor.action.showHover', {})`);
    const hover = frame.locator('.monaco-hover-content').first();
    await expect(hover).toContainText('const heard: string');
    const explained = (await hover.innerText()).replace(/\s+/g, ' ');
    await page.keyboard.press('Escape');

    await act(view, 'void editor.setPosition({ lineNumber: 3, column: 18 })');
    await act(view, `void editor.trigger('test', 'editor.action.rename', {})`);
    const name = frame.locator('.rename-box input');
    await name.waitFor();
    await name.fill('swingGate');
    await name.press('Enter');
    await expect.poll(() => act<string>(view, 'models.gates.getValue()')).toContain('swingGate');
    const texts = await act(view, 'Object.values(models).map((model) => model.getValue())');
    await act(view, 'document.activeElement.blur()');
    await view.screenshot('renamed');
    // One each for JSON, CSS and TypeScript at the least: Monaco ends and starts them as it needs.
    expect(started).toBeGreaterThan(2);
    return { found, checked, explained, texts };
  },
});
