/**
 * @module
 * What a visitor waits for: pages loaded cold (the proxy runs, its caches are empty) and warm (the same page once more), direct, through
 * Culvert, and through the published proxies over our transport and our Bare server; a document that streams slowly; and the
 * start of a worker that was stopped.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { packageFolder } from '../test/interop/proxies/packages.mjs';
import { startCulvert } from './culvert.mjs';
import { pages, startLocalSite } from './page/local-site.mjs';
import { measureLoad, showBlank, units } from './page/measure-load.mjs';
import { measureStart, measureStream } from './page/measure-worker.mjs';
import { startSubjects } from './page/subjects.mjs';
import { startTestSites } from './page/test-sites.mjs';
import { median, summarize } from './results.mjs';

export const about = `Pages in Chromium: "fifty" has 50 resources, "heavy" 50 scripts of 3 MB, 200 images and 20 stylesheets; and sites of the tests.
cold: the proxy runs, nothing of the page is cached; warm: the page once more. Medians. --quick leaves out "heavy" and the sites.`;

export async function run({ quick, source, progress }) {
  if (!existsSync(packageFolder('@mercuryworkshop/scramjet'))) {
    throw new Error(
      'The proxies to compare with are not installed: run `node scripts/ensure-installed.mjs --interop`.',
    );
  }
  const root = path.resolve(source ?? path.join(import.meta.dirname, '..'));
  const closing = [];
  try {
    const local = await startLocalSite();
    closing.push(() => local.close());
    const culvert = await startCulvert(root);
    closing.push(() => culvert.close());
    const { subjects, close } = await startSubjects(root, culvert.origin);
    closing.push(close);
    const targets = localTargets(local, quick ? ['fifty'] : Object.keys(pages));
    if (!quick) {
      for (const [name, site] of Object.entries(await startTestSites())) {
        targets[name] = { ...site, rounds: 3 };
        closing.push(() => site.close());
      }
    }
    const browser = await chromium.launch({
      executablePath: findBrowser('chromium'),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    closing.push(() => browser.close());
    const world = { browser, blank: `${local.origin}/blank`, local, progress };
    const results = [];
    for (const [name, target] of Object.entries(targets)) {
      results.push(...(await measurePage(world, subjects, name, quick ? { ...target, rounds: 3 } : target)));
    }
    results.push(...(await measureWorker(world, subjects, quick ? 3 : 9)));
    return results;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const roundsOf = { fifty: 9, heavy: 5 };

function localTargets(local, names) {
  const shows = { selector: 'html[data-loaded]', text: '' };
  const target = (name) => ({ url: `${local.origin}/${name}`, shows, bytesSent: local.bytes, rounds: roundsOf[name] });
  return Object.fromEntries(names.map((name) => [name, target(name)]));
}

async function measurePage({ browser, blank, progress }, subjects, name, target) {
  const samples = {};
  const failed = new Set();
  for (let round = 0; round < target.rounds; round++) {
    for (const [subject, start] of Object.entries(subjects)) {
      if (failed.has(subject)) continue;
      progress(`${name}, ${subject}, ${round + 1} of ${target.rounds}`);
      const context = await browser.newContext();
      try {
        const visit = await start(context, blank);
        for (const state of ['cold', 'warm']) {
          if (state === 'warm') await showBlank(visit, blank);
          const seen = await measureLoad(browser, visit, target, target.bytesSent);
          for (const [key, value] of Object.entries(seen))
            ((samples[`page/${name}/${state}/${key}`] ??= {})[subject] ??= []).push(value);
        }
      } catch (error) {
        // A published proxy may not show a site at all: then it has no figures there.
        if (subject === 'ours' || subject === 'direct') throw error;
        failed.add(subject);
        console.error(`${name}: ${subject} does not load it: ${error.message.split('\n')[0]}`);
      } finally {
        await context.close();
      }
    }
  }
  return Object.entries(samples).flatMap(([measure, bySubject]) =>
    summarize(measure, units[measure.split('/').at(-1)], bySubject),
  );
}

/** Ours and direct alone: what is in the way is the worker. */
async function measureWorker({ browser, blank, local, progress }, subjects, rounds) {
  const samples = { streamed: {}, start: {}, running: {} };
  for (let round = 0; round < rounds; round++) {
    for (const subject of ['ours', 'direct', 'ultraviolet']) {
      progress(`worker, ${subject}, ${round + 1} of ${rounds}`);
      const context = await browser.newContext();
      const visit = await subjects[subject](context, blank);
      (samples.streamed[subject] ??= []).push(await measureStream(visit, `${local.origin}/streamed`));
      if (subject !== 'direct') {
        (samples.running[subject] ??= []).push(await measureStart(visit, blank, false));
        (samples.start[subject] ??= []).push(await measureStart(visit, blank, true));
      }
      await context.close();
    }
  }
  const later = (subject) => [median(samples.streamed[subject]) - median(samples.streamed.direct)];
  return [
    ...summarize('page/streamed/firstByte', 'ms', samples.streamed),
    ...summarize('page/streamed/laterThanDirect', 'ms', { ours: later('ours'), ultraviolet: later('ultraviolet') }),
    ...summarize('page/worker/running/firstByte', 'ms', samples.running),
    ...summarize('page/worker/stopped/firstByte', 'ms', samples.start),
  ];
}
