/** @module One way of looking at a site: directly, through Culvert's route, or in the demo's frame. */
import type { BrowserContext, Frame, Page } from '@playwright/test';
import type { Culvert } from './culvert.js';
import { logPage, type PageLog } from './page-log.js';

export type ViewKind = 'direct' | 'proxied' | 'demo';

export class SiteView {
  readonly kind: ViewKind;
  readonly page: Page;
  readonly log: PageLog;
  /** Screenshots by name, in the order they were taken. */
  readonly screenshots = new Map<string, Buffer>();
  #culvert: Culvert | undefined;
  #siteFrame: Frame | undefined;

  private constructor(kind: ViewKind, page: Page, log: PageLog, culvert: Culvert | undefined) {
    this.kind = kind;
    this.page = page;
    this.log = log;
    this.#culvert = culvert;
  }

  static async create(kind: ViewKind, context: BrowserContext, culvert?: Culvert): Promise<SiteView> {
    if (kind !== 'direct' && !culvert) throw new Error(`A view of kind "${kind}" needs a running Culvert.`);
    const log = logPage(context, kind === 'direct' ? undefined : culvert?.origin);
    return new SiteView(kind, await context.newPage(), log, culvert);
  }

  /** Where the site is. */
  get frame(): Frame {
    return this.#siteFrame ?? this.page.mainFrame();
  }

  /** Opens a URL of the site and waits until a document of its origin is there. */
  async open(url: string): Promise<void> {
    if (this.kind === 'direct') await this.page.goto(url);
    else if (this.kind === 'proxied') await this.page.goto(this.#requireCulvert().routeTo(url));
    else await this.#openInDemo(url);
    await this.#waitForOrigin(new URL(url).origin);
  }

  /** Another tab beside this one: the same visitor, the same log. */
  async openTab(): Promise<SiteView> {
    return new SiteView(this.kind, await this.page.context().newPage(), this.log, this.#culvert);
  }

  async reload(): Promise<void> {
    if (this.kind === 'demo') await this.frame.evaluate(() => (0, eval)('location.reload()'));
    else await this.page.reload();
  }

  /** The URL as the page's own scripts read it. The text goes through the page's `eval`, as a script of the page would. */
  async url(): Promise<string> {
    return this.frame.evaluate(() => (0, eval)('location.href') as string);
  }

  /** The text that a reader sees, with the white space of the markup folded. */
  async text(selector = 'body'): Promise<string> {
    const text = await this.frame.locator(selector).first().innerText();
    return text.replace(/\s+/g, ' ').trim();
  }

  /** Takes a screenshot of the site once two in a row are the same. */
  async screenshot(name: string): Promise<void> {
    let previous: Buffer | undefined;
    for (let attempt = 0; attempt < 20; attempt++) {
      const current = await this.#capture();
      if (previous?.equals(current)) break;
      previous = current;
      await this.page.waitForTimeout(100);
    }
    if (previous) this.screenshots.set(name, previous);
  }

  /** The size of what the site is drawn in. */
  async size(): Promise<{ width: number; height: number }> {
    const box = await (await this.#siteFrame?.frameElement())?.boundingBox();
    const size = box ?? this.page.viewportSize() ?? { width: 0, height: 0 };
    return { width: Math.round(size.width), height: Math.round(size.height) };
  }

  async #capture(): Promise<Buffer> {
    const options = { animations: 'disabled', caret: 'hide' } as const;
    const clip = await (await this.#siteFrame?.frameElement())?.boundingBox();
    return this.page.screenshot(clip ? { ...options, clip } : options);
  }

  /** Opens the demo's deep link and finds the frame in which it shows the site. */
  async #openInDemo(url: string): Promise<void> {
    const { origin } = this.#requireCulvert();
    await this.page.goto(`${origin}/#${url}`);
    const element = await this.page.waitForSelector('iframe');
    this.#siteFrame = (await element.contentFrame()) ?? undefined;
  }

  #requireCulvert(): Culvert {
    if (!this.#culvert) throw new Error('This view has no Culvert.');
    return this.#culvert;
  }

  /** The first visit through Culvert shows its bootstrap page, which registers the worker and reloads. */
  async #waitForOrigin(origin: string): Promise<void> {
    await this.frame.waitForFunction(
      (expected) => {
        // No eval here: the bootstrap page and the demo forbid it, and would say so in the console.
        return document.readyState !== 'loading' && new URL(document.URL).origin === expected;
      },
      origin,
      { timeout: 20_000 },
    );
  }
}
