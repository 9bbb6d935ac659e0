/**
 * @module A hostile page tries all that can cause a request. Uncontrolled, the recorder has to see every row; through
 * Culvert, none but the known gaps.
 */
import { test as base, expect } from '@playwright/test';
import knownGaps from '../known-gaps.json' with { type: 'json' };
import { startCulvert, type Culvert } from '../support/culvert.js';
import { startHostileSite, type HostileSite } from './hostile-site.js';
import { hostileHost } from './leak-attempt.js';
import { startRecorder, type Recorder } from './recorder.js';
import { leakAttempts } from './table/index.js';

/** Frames of one document in the rounds of the self-check: what was not seen among others gets another chance, at last alone. */
const framesPerDocument = [16, 4, 1] as const;
/** Documents at a time. */
const tabs = 8;
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
function documentsFor(rows: readonly number[], frames: number): string[] {
  const framed = rows.filter((row) => !leakAttempts[row]!.topLevel);
  const batches: string[] = [];
  for (let at = 0; at < framed.length; at += frames)
    batches.push(`/batch?rows=${framed.slice(at, at + frames).join(',')}`);
  return [...rows.filter((row) => leakAttempts[row]!.topLevel).map((row) => `/attempt/${row}`), ...batches];
}

/** Opens documents, some at a time, and leaves each when nothing more comes. */
async function openAll(
  documents: string[],
  { context, ...recorder }: Recorder,
  site: HostileSite,
  address: (path: string) => string,
): Promise<void> {
  // A browser ends with its last window.
  const kept = context.pages()[0] ?? (await context.newPage());
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
      .poll(() => performance.now() - Math.max(site.lastRequest, recorder.lastConnection()), {
        timeout: 20_000,
        intervals: [50],
      })
      .toBeGreaterThan(silence);
    await Promise.all(pages.map((page) => page.close()));
    await Promise.all(context.pages().map((popup) => popup !== kept && popup.close()));
  }
}

const nameOf = (row: number) => leakAttempts[row]?.name ?? 'a URL of the site itself';

test('without Culvert each row makes the browser send something, which the recorder sees', async () => {
  test.setTimeout(600_000);
  const site = await startHostileSite('localhost', leakAttempts);
  let unseen = leakAttempts.map((_attempt, row) => row);
  for (const frames of framesPerDocument) {
    if (unseen.length === 0) break;
    const recorder = await startRecorder(leakAttempts.length);
    await openAll(documentsFor(unseen, frames), recorder, site, (path) => site.origin + path);
    const { connected, resolved } = await recorder.close();
    unseen = unseen.filter((row) => !connected.has(row) && !resolved.has(row));
  }
  await site.close();
  expect(unseen.map(nameOf)).toEqual([]);
});

test('through Culvert nothing but the known gaps leaves the browser', async ({ culvert }) => {
  test.setTimeout(600_000);
  const site = await startHostileSite(hostileHost, leakAttempts);
  const recorder = await startRecorder(leakAttempts.length);
  const first = await recorder.context.newPage();
  await first.goto(culvert.routeTo(`${site.origin}/there.html`));
  await expect(first).toHaveTitle('there');
  const rows = leakAttempts.map((_attempt, row) => row);
  await openAll(documentsFor(rows, framesPerDocument[0]), recorder, site, (path) =>
    culvert.routeTo(site.origin + path),
  );
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

test('the table has at least 350 rows with names of their own', () => {
  expect(leakAttempts.length).toBeGreaterThanOrEqual(350);
  expect(new Set(leakAttempts.map(({ name }) => name)).size).toBe(leakAttempts.length);
});
