/** @module The same steps on a site directly and through Culvert, with the same result to come of both. */
import { writeFile } from 'node:fs/promises';
import type { TestInfo } from '@playwright/test';
import { compareScreenshots, pixelTolerance } from './compare-screenshots.js';
import { expect, test } from './proxied-page.js';
import type { Site } from './site.js';
import type { SiteView } from './site-view.js';

export interface SideBySide<S extends Site> {
  /** Starts the site; both visitors see the same one. */
  site: () => Promise<S>;
  /** Undoes what the first visitor did to the site. */
  reset?: (site: S) => Promise<void>;
  /** Drives the site, and returns what both visitors must agree on: texts, URLs, values. */
  steps: (view: SiteView, site: S) => Promise<Record<string, unknown>>;
  /** Where the proxied visitor opens it; the route itself by default. */
  through?: 'route' | 'demo';
}

const directOnly = process.env.CULVERT_TEST_DIRECT_ONLY === '1';

/** Defines a test that runs the steps both ways and holds results, screenshots and errors together. */
export function sideBySide<S extends Site>(title: string, { site: start, reset, steps, through }: SideBySide<S>): void {
  /** Runs the steps in each view, and notes what each page had said when all were done: the site goes after that. */
  const drive = async (views: SiteView[]): Promise<Visit[]> => {
    const site = await start();
    try {
      const results: Record<string, unknown>[] = [];
      for (const [index, view] of views.entries()) {
        if (index > 0) await reset?.(site);
        results.push(await test.step(view.kind, () => steps(view, site)));
        const next = views[index + 1];
        // The demo's frame is smaller than the window.
        if (next) await next.page.setViewportSize(await view.size());
      }
      return views.map((view, index) => ({ view, result: results[index] ?? {}, errors: [...view.log.errors] }));
    } finally {
      await site.close();
    }
  };

  if (directOnly) {
    test(title, async ({ direct }) => {
      const visits = await drive([direct]);
      for (const { result, errors } of visits) console.log(JSON.stringify({ result, errors }, null, 1));
      for (const [name, image] of direct.screenshots)
        await test.info().attach(name, { body: image, contentType: 'image/png' });
    });
  } else if (through === 'demo') {
    test(title, async ({ demo, direct }, testInfo) => {
      const [actual, expected] = (await drive([demo, direct])) as [Visit, Visit];
      await expectSame(testInfo, expected, actual);
    });
  } else {
    test(title, async ({ direct, proxied }, testInfo) => {
      const [expected, actual] = (await drive([direct, proxied])) as [Visit, Visit];
      await expectSame(testInfo, expected, actual);
    });
  }
}

interface Visit {
  view: SiteView;
  result: Record<string, unknown>;
  errors: string[];
}

async function expectSame(testInfo: TestInfo, expected: Visit, actual: Visit): Promise<void> {
  expect.soft(actual.result, 'what the proxied visitor saw').toEqual(expected.result);
  expect(expected.view.screenshots.size, 'screenshots were taken').toBeGreaterThan(0);
  for (const [name, image] of expected.view.screenshots) {
    const other = actual.view.screenshots.get(name);
    if (!other) throw new Error(`The proxied visitor took no screenshot "${name}".`);
    const { difference, picture } = compareScreenshots(image, other);
    expect.soft(difference, `share of pixels that differ in "${name}"`).toBeLessThanOrEqual(pixelTolerance);
    if (difference <= pixelTolerance) continue;
    const pictures = { expected: image, actual: other, ...(picture ? { difference: picture } : {}) };
    for (const [kind, body] of Object.entries(pictures)) {
      const path = testInfo.outputPath(`${name}, ${kind}.png`);
      await writeFile(path, body);
      await testInfo.attach(`${name}, ${kind}`, { path, contentType: 'image/png' });
    }
  }
  const expectedErrors = new Set(expected.errors);
  const added = actual.errors.filter((error) => !expectedErrors.has(error));
  expect.soft(added, 'errors that the direct page does not have').toEqual([]);
}
