/**
 * @module
 * Opens the page of each interface directly and proxied, in one browser each, and compares what they say. They have to agree, but for
 * what `known-gaps.json` lists with a reason.
 */
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import knownGaps from '../known-gaps.json' with { type: 'json' };
import { expect, test } from '../support/proxied-page.js';
import { startSiteProcess, type Site } from '../support/site.js';
import { SiteView } from '../support/site-view.js';

const known = new Set(knownGaps.filter(({ suite }) => suite === 'platform').map(({ name }) => name));
const interfaces = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let site: Site | undefined;
let direct: SiteView;
let proxied: SiteView;
const contexts: BrowserContext[] = [];

test.beforeAll(async ({ directBrowser, proxiedBrowser, culvert }) => {
  site = await startSiteProcess('platform.localhost', path.join(import.meta.dirname, 'serve.mjs'));
  contexts.push(await directBrowser.newContext(), await proxiedBrowser.newContext());
  direct = await SiteView.create('direct', contexts[0]!);
  proxied = await SiteView.create('proxied', contexts[1]!, culvert);
  // The bootstrap page of the first visit reloads, which the page behind it can tell.
  await collect(proxied.page, culvert.routeTo(`${site.origin}/attr/`));
});

test.afterAll(async () => {
  for (const context of contexts) await context.close();
  await site?.close();
});

/** The rows as a reader sees them. Nothing is evaluated in the page: some of the pages forbid it. */
async function collect(page: Page, address: string): Promise<Map<string, string>> {
  await page.goto(address);
  // The first visit through Culvert shows its bootstrap page, which registers the worker and reloads.
  await page.locator('#facts').waitFor({ timeout: 60_000 });
  const cells = await page.locator('#facts td').allTextContents();
  const rows = new Map<string, string>();
  for (let index = 0; index < cells.length; index += 2) rows.set(cells[index]!, cells[index + 1]!);
  expect(rows.size, 'facts have names of their own').toBe(cells.length / 2);
  return rows;
}

for (const name of interfaces) {
  test(`a page states the same facts about itself through Culvert: ${name}`, async ({ canary, culvert }, testInfo) => {
    const seenBefore = canary.connections.length;
    const bypassed = proxied.log.bypasses.length;
    const url = `${site!.origin}/${name}/`;
    const [expected, actual] = await Promise.all([
      collect(direct.page, url),
      collect(proxied.page, culvert.routeTo(url)),
    ]);

    expect(expected.size, 'facts').toBeGreaterThan(0);
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    const differences: Record<string, { direct: string; proxied: string }> = {};
    for (const [fact, value] of expected) {
      const other = actual.get(fact)!;
      if (other !== value) differences[`${name}: ${fact}`] = { direct: value, proxied: other };
    }
    await writeFile(testInfo.outputPath('differences.json'), JSON.stringify(differences, null, 1));
    const unknown = Object.fromEntries(Object.entries(differences).filter(([fact]) => !known.has(fact)));
    expect.soft(unknown, 'differences that are not known').toEqual({});
    const mended = [...known].filter((fact) => fact.startsWith(`${name}: `) && !(fact in differences));
    expect.soft(mended, 'known gaps that are none any more').toEqual([]);
    expect.soft(proxied.log.bypasses.slice(bypassed), 'requests that the worker did not answer').toEqual([]);
    expect.soft(canary.connections.slice(seenBefore), 'connections past the transport').toEqual([]);
  });
}
