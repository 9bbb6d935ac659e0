/**
 * What the runtime costs a page: Speedometer 3, the start of the runtime, a blank page and one with a frame until they are there, calls a
 * second of what pages call in loops, and what stands in every document. Direct, through Culvert and through the published proxies.
 *
 * All take turns in one browser. `--source` takes another checkout (built by its own `scripts/build.mjs`).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { startCulvert } from './culvert.mjs';
import { summarize } from './results.mjs';
import { firstPage, measureBootTime } from './runtime/boot-time.mjs';
import { callsPage, measureCalls } from './runtime/calls.mjs';
import { startSite } from './runtime/site.mjs';
import { howToGet, measureSpeedometer, speedometerFolder } from './runtime/speedometer.mjs';
import { openSubjects } from './runtime/subjects.mjs';

export const about = `The runtime in Chromium. speedometer: score, and CPU of the page's main thread in its steps; boot: CPU of the script
that stands first in a blank page; runtime/blank: ms to domInteractive; runtime/frame: to load. Medians.`;

const pages = {
  '/blank': '<!doctype html><title>Blank</title><link rel=icon href=data:,><p>blank',
  '/frame': '<!doctype html><title>Frame</title><link rel=icon href=data:,><iframe src=/blank></iframe>',
};

export async function run({ quick, source, speedometer, progress }) {
  const root = path.resolve(source ?? path.join(import.meta.dirname, '..'));
  const folder = speedometer === undefined ? null : speedometerFolder(speedometer);
  if (!folder) console.error(howToGet);
  const marked = '<!doctype html><title>Marked</title><link rel=icon href=data:,><script>marked = true</script>';
  const site = await startSite({ ...pages, '/first': firstPage, '/marked': marked, '/calls': callsPage }, folder);
  const culvert = await startCulvert(root);
  const executablePath = findBrowser('chromium');
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const { subjects, close } = await openSubjects(browser, culvert, root, `${site.origin}/blank`);
  try {
    const results = [];
    if (folder) results.push(...(await measureSpeedometer(browser, subjects, site.origin, { quick, progress })));
    results.push(...(await measureBootTime(executablePath, culvert, site.origin, { quick, progress })));
    results.push(...(await measurePages(subjects, site.origin, { quick, progress })));
    results.push(...(await measureCalls(subjects, site.origin, { quick, progress })));
    results.push(...weights(path.join(root, 'packages/runtime/dist/culvert.runtime.js')));
    return results;
  } finally {
    await browser.close();
    close();
    culvert.close();
    site.close();
  }
}

async function measurePages({ ours, direct }, site, { quick, progress }) {
  const results = [];
  for (const url of Object.keys(pages)) {
    const samples = { ours: [], direct: [] };
    for (let round = 0; round < (quick ? 5 : 31); round++) {
      progress(`${url} ${round + 1}`);
      for (const [name, subject] of Object.entries({ ours, direct })) {
        await subject.go(site + url);
        await subject.page.waitForLoadState('load');
        samples[name].push(
          await subject.page.evaluate(timeToReady, url === '/frame' ? 'loadEventEnd' : 'domInteractive'),
        );
      }
    }
    results.push(...summarize(`runtime${url}`, 'ms', samples));
  }
  return results;
}

/** In the page: milliseconds from the start of the navigation. */
async function timeToReady(mark) {
  const entry = () => performance.getEntriesByType('navigation')[0];
  while (entry()[mark] === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  return entry()[mark] - entry().startTime;
}

/** In each document, and what is loaded when it is needed. */
function weights(file) {
  const scope = {};
  vm.runInNewContext(readFileSync(file, 'utf8'), { self: scope });
  const { culvertRuntime } = scope;
  const weigh = (text) => gzipSync(text, { level: 9 }).length / 1000;
  const subjects = { ours: [weigh(culvertRuntime.toString())] };
  if (culvertRuntime.rewriters) subjects['loaded late'] = [weigh(culvertRuntime.rewriters.toString())];
  return summarize('runtime/size', 'kB', subjects);
}
