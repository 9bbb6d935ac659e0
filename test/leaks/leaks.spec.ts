/**
 * @module A hostile page tries all that can cause a request. Uncontrolled, the recorder has to see each row; through Culvert,
 * none but the known gaps.
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
/** The attempts are over when nothing has come for this long, in milliseconds. */
const silence = 700;

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

/** Groups of documents that are open at the same time: tabs of one row each, then one document of many frames at a time. */
function documentsToOpen(): string[][] {
  const rows = leakAttempts.map((attempt, row) => ({ ...attempt, row }));
  const single = rows.filter(({ topLevel }) => topLevel).map(({ row }) => `/attempt/${row}`);
  const framed = rows.filter(({ topLevel }) => !topLevel).map(({ row }) => row);
  const groups: string[][] = [];
  for (let at = 0; at < single.length; at += tabs) groups.push(single.slice(at, at + tabs));
  for (let at = 0; at < framed.length; at += batchSize) {
    groups.push([`/batch?rows=${framed.slice(at, at + batchSize).join(',')}`]);
  }
  return groups;
}

/** Opens all documents, some at a time, and leaves each when nothing more comes. */
async function tryAll(
  context: BrowserContext,
  site: HostileSite,
  recorder: Recorder,
  address: (path: string) => string,
): Promise<void> {
  for (const group of documentsToOpen()) {
    const pages = await Promise.all(
      group.map(async (path) => {
        const page = await context.newPage();
        // A page that navigates itself at once interrupts this navigation; that is what it is here for.
        await page
          .goto(address(path), { waitUntil: 'load', timeout: 8_000 })
          .catch((e) => console.log(path, String(e).slice(0, 150)));
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

test('a browser without Culvert is seen to send what each row says', async () => {
  test.setTimeout(180_000);
  const site = await startHostileSite('localhost', leakAttempts);
  const recorder = await startRecorder(leakAttempts.length);
  await tryAll(await recorder.browser.newContext(), site, recorder, (path) => site.origin + path);
  const { connected, resolved } = await recorder.close();
  await site.close();
  const unseen = leakAttempts
    .filter(({ inert }, row) => !inert && !connected.has(row) && !resolved.has(row))
    .map(({ name }) => name);
  expect(unseen).toEqual([]);
});

test('through Culvert nothing but the known gaps leaves the browser', async ({ culvert }) => {
  test.setTimeout(180_000);
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
  console.log(
    JSON.stringify({
      connected: [...connected].map(nameOf),
      resolved: [...resolved].map(nameOf),
      served: site.served.size,
      tried: leakAttempts.length,
    }),
  );
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
