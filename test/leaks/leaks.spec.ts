/**
 * @module A hostile page tries all that can cause a request. Uncontrolled, the recorder has to see most rows; through
 * Culvert, none but the known gaps.
 */
import type { BrowserContext } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import knownGaps from '../known-gaps.json' with { type: 'json' };
import { startCulvert, type Culvert } from '../support/culvert.js';
import { startHostileSite, type HostileSite } from './hostile-site.js';
import { hostileHost } from './leak-attempt.js';
import { startRecorder, type Recorder } from './recorder.js';
import { leakAttempts } from './table/index.js';

/** Frames of one document, and documents at a time. */
const batchSize = 16;
const tabs = 8;
/**
 * Of the rows that an uncontrolled browser sends something for, so many have to be seen. Headless Chromium connects and
 * resolves nothing ahead (preconnect, dns-prefetch, speculation rules), so that these rows prove nothing yet.
 */
const rowsSeenAtLeast = 150;
/** The attempts are over when nothing has come for this long, in milliseconds. */
const silence = 1_000;

const test = base.extend<object, { culvert: Culvert }>({
  culvert: [
    async ({}, use) => {
      const culvert = await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private']);
      await use(culvert);
      await culvert.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

/** Tabs of their own first, since they have the most to wait for. */
function documentsToOpen(): string[] {
  const rows = leakAttempts.map((attempt, row) => ({ ...attempt, row }));
  const framed = rows.filter(({ topLevel }) => !topLevel).map(({ row }) => row);
  const batches: string[] = [];
  for (let at = 0; at < framed.length; at += batchSize) {
    batches.push(`/batch?rows=${framed.slice(at, at + batchSize).join(',')}`);
  }
  return [...rows.filter(({ topLevel }) => topLevel).map(({ row }) => `/attempt/${row}`), ...batches];
}

/** Opens all documents, some at a time, and leaves each when nothing more comes. */
async function tryAll(
  context: BrowserContext,
  site: HostileSite,
  recorder: Recorder,
  address: (path: string) => string,
): Promise<void> {
  const documents = documentsToOpen();
  while (documents.length > 0) {
    const pages = await Promise.all(
      documents.splice(0, tabs).map(async (path) => {
        const page = await context.newPage();
        // A page that navigates itself at once interrupts this navigation; that is what it is here for.
        await page.goto(address(path), { waitUntil: 'load', timeout: 20_000 }).catch(() => undefined);
        return page;
      }),
    );
    await expect
      .poll(() => performance.now() - Math.max(site.lastRequest, recorder.lastConnection), {
        timeout: 20_000,
        intervals: [50],
      })
      .toBeGreaterThan(silence);
    await Promise.all(pages.map((page) => page.close()));
    await Promise.all(context.pages().map((popup) => popup.close()));
  }
}

const nameOf = (row: number) => leakAttempts[row]?.name ?? 'a URL of the site itself';

test('the recorder sees what a browser without Culvert sends', async () => {
  test.setTimeout(300_000);
  const site = await startHostileSite('localhost', leakAttempts);
  const recorder = await startRecorder(leakAttempts.length);
  await tryAll(await recorder.browser.newContext(), site, recorder, (path) => site.origin + path);
  const { connected, resolved } = await recorder.close();
  await site.close();
  const unseen = leakAttempts.filter(({ inert }, row) => !inert && !connected.has(row) && !resolved.has(row));
  test.info().annotations.push({ type: 'not seen', description: unseen.map(({ name }) => name).join(', ') });
  expect(new Set([...connected, ...resolved]).size).toBeGreaterThanOrEqual(rowsSeenAtLeast);
});

test('through Culvert nothing but the known gaps leaves the browser', async ({ culvert }) => {
  test.setTimeout(300_000);
  const site = await startHostileSite(hostileHost, leakAttempts);
  const recorder = await startRecorder(leakAttempts.length);
  const context = await recorder.browser.newContext();
  const first = await context.newPage();
  await first.goto(culvert.routeTo(`${site.origin}/there.html`));
  await expect(first).toHaveTitle('there');
  await tryAll(context, site, recorder, (path) => culvert.routeTo(site.origin + path));
  const { connected, resolved } = await recorder.close();
  await site.close();
  const leaked = [...new Set([...connected, ...resolved])].map(nameOf).sort();
  const known = knownGaps.filter(({ suite }) => suite === 'leaks').map(({ name }) => name);
  test.info().annotations.push({
    type: 'rows',
    description: `${leakAttempts.length} tried, ${site.served.size} served by the proxy, ${leaked.length} leaked`,
  });
  expect(leaked).toEqual(known.sort());
});

test('the table has at least 150 rows with names of their own', () => {
  expect(leakAttempts.length).toBeGreaterThanOrEqual(150);
  expect(new Set(leakAttempts.map(({ name }) => name)).size).toBe(leakAttempts.length);
});
