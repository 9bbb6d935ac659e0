/** @module A widget of another site in a shop's page through Culvert: who speaks is known by origin, and each keeps to itself. */
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startWidget, type WidgetSite } from './widget.js';

/** What the page of the shop has noted. */
function seen(view: SiteView): Promise<Record<string, any>> {
  return view.frame.evaluate(() => (window as any).seen);
}

/** Calls a function of the shop's own module. The text goes through the page's `eval`, as a script of the page would. */
function act(view: SiteView, call: string): Promise<unknown> {
  const text = `import('/others.js').then(({ addOthers, callFrame }) => ${call})`;
  return view.frame.evaluate((text) => (0, eval)(text) as Promise<unknown>, text);
}

sideBySide<WidgetSite>('a widget of another site shakes hands with its page, grows, and keeps its cookies apart', {
  site: startWidget,
  async steps(view, site) {
    // The widget's site as it is when it is opened itself.
    await view.open(`${site.widget}/opened.html`);
    const kept = view.frame.locator('#kept');
    await expect(kept).toHaveText(/visit/);
    const opened = await kept.innerText();

    await view.open(`${site.origin}/`);
    await expect.poll(async () => (await seen(view))['kept by the frame']).toBeTruthy();
    await expect
      .poll(() => view.frame.evaluate(() => document.querySelector('iframe')!.offsetHeight))
      .toBeGreaterThan(200);
    await view.screenshot('grown');
    await act(view, `addOthers(sites.elsewhere, sites.widget)`);
    await expect.poll(async () => (await seen(view))['refused by the shop']?.length).toBe(4);
    await expect.poll(async () => (await seen(view))['refused by the frame']).toBeTruthy();
    const all = await seen(view);
    const called = await act(view, `callFrame(sites.widget)`);

    await view.open(`${site.widget}/opened.html`);
    await expect(kept).toHaveText(/visit/);
    return { opened, seen: all, called, openedAgain: await kept.innerText() };
  },
});
