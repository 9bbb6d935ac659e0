/**
 * @module
 * Speedometer 3 (https://github.com/WebKit/Speedometer), the same checkout for every subject: its score, and the CPU time that the
 * main thread of the page takes for its steps, which other load on the machine changes less.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { summarize } from '../results.mjs';
import { show } from './subjects.mjs';

export const howToGet =
  'Speedometer is not in this run: `git clone --depth 1 --branch release/3.1 https://github.com/WebKit/Speedometer <folder>`, then `--speedometer <folder>`.';

export function speedometerFolder(folder) {
  const found = path.resolve(folder);
  if (existsSync(path.join(found, 'resources/benchmark-runner.mjs'))) return found;
  throw new Error(`--speedometer ${folder} is no checkout of Speedometer 3. ${howToGet}`);
}

/** ms that a run may stand still: what does not run, stops at one of its pages. */
const patience = { quick: 6_000, full: 30_000 };

export async function measureSpeedometer(browser, subjects, site, { quick, progress }) {
  const scores = {};
  const times = {};
  const failed = {};
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    // There and back, so that what changes on the machine meanwhile meets all of them alike.
    const names = Object.keys(subjects);
    for (const name of round % 2 ? names.reverse() : names) {
      const isPeer = name !== 'direct' && name !== 'ours';
      if (failed[name] || (quick && isPeer && round > 0)) continue;
      progress(`Speedometer, ${name}, round ${round + 1}`);
      const { score, cpu, problem } = await runOnce(browser, subjects[name], site, quick);
      if (problem) {
        failed[name] = problem;
        continue;
      }
      (scores[name] ??= []).push(score);
      (times[name] ??= []).push(cpu);
    }
  }
  return [
    ...summarize('speedometer/score', '', scores),
    ...Object.entries(failed).map(([subject, note]) => ({
      measure: 'speedometer/score',
      subject,
      value: null,
      unit: '',
      note,
      runs: 1,
    })),
    ...summarize('speedometer/cpu', 'ms', times),
  ];
}

/** @returns `{ score, cpu }` or `{ problem }` */
async function runOnce(browser, subject, site, quick) {
  const iterations = quick ? 1 : 3;
  let frame;
  try {
    await show(subject, `${site}/marked`, 'marked');
    frame = await show(subject, `${site}/index.html?iterationCount=${iterations}`, 'benchmarkClient');
  } catch {
    // A page that does not come is what there is to say of a proxy.
    return { problem: 'does not load' };
  }
  await browser.startTracing(subject.page, { categories: ['blink.user_timing'] });
  await frame.evaluate(() => globalThis.benchmarkClient.start());
  const problem = await untilDone(subject, quick ? patience.quick : patience.full);
  const trace = JSON.parse(await browser.stopTracing());
  if (problem) return { problem };
  const score = await frame.evaluate(() => globalThis.benchmarkClient.metrics.Score?.mean);
  return score ? { score, cpu: cpuOfSteps(trace.traceEvents) / iterations } : { problem: 'fails' };
}

async function untilDone({ frame, page }, limit) {
  let last = '';
  for (let still = 0; still < limit; still += 250) {
    const state = await frame()
      .evaluate(() => ({
        isDone: globalThis.benchmarkClient._hasResults,
        step: `${document.getElementById('info-label').textContent} ${document.getElementById('info-progress').textContent}`,
      }))
      .catch(() => ({ isDone: false, step: 'gone' }));
    if (state.isDone) return null;
    if (state.step !== last) still = 0;
    last = state.step;
    await page.waitForTimeout(250);
  }
  return `does not run (stops after ${last})`;
}

/** Speedometer marks the start and end of what it times; the trace has the CPU time of the thread at each mark. */
function cpuOfSteps(events) {
  let total = 0;
  const started = {};
  const marks = events.filter(({ cat, tts }) => cat?.includes('blink.user_timing') && tts !== undefined);
  for (const { name, tts } of marks.sort((a, b) => a.ts - b.ts)) {
    const [, step, edge] = /^(.+\..+?)-(start|sync-end|async-start|async-end)$/.exec(name) ?? [];
    if (edge?.endsWith('start')) started[step] = tts;
    else if (edge && step in started) {
      total += (tts - started[step]) / 1000;
      delete started[step];
    }
  }
  return total;
}
