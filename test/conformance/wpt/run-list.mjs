/** @module Runs tests in parallel, a few in each browser context, and again where the browser failed. */
import { chromium } from 'playwright-core';
import { findBrowser } from '../../../scripts/find-browser.mjs';
import { runPage } from './run-page.mjs';
import { withLimit } from './with-limit.mjs';

const quietArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--ignore-certificate-errors',
];

/** Fills `results`; gives the seconds it took. */
export async function runList(tests, results, { proxy, jobs, timeout, reuse, onProgress }) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  let next = 0;
  let done = 0;

  async function work() {
    let browser = null;
    let context = null;
    let used = 0;
    const leaveContext = async () => {
      // A browser that crashed has no context to close.
      await context?.close().catch(() => undefined);
      context = null;
      used = 0;
    };
    const attempt = async (test) => {
      try {
        if (!browser?.isConnected()) browser = await launch(proxy);
        if (!context) {
          context = await browser.newContext({ ignoreHTTPSErrors: true });
          await withLimit(proxy.prepare(context), 20_000, 'the preparation');
        }
        const page = await context.newPage();
        const result = await runPage(page, test, proxy, timeout);
        used += 1;
        if (result.status !== 'OK' || used >= reuse) await leaveContext();
        else await closeOthers(context);
        return result;
      } catch (error) {
        await leaveContext();
        return { status: 'CRASH', message: String(error.message ?? error).slice(0, 300), tests: [] };
      }
    };
    while (next < tests.length) {
      const test = tests[next++];
      let result = await attempt(test);
      if (result.status === 'CRASH') {
        await browser?.close();
        browser = null;
        result = await attempt(test);
      }
      const before = results[test];
      if (!before || passes(result) >= passes(before)) results[test] = result;
      done += 1;
      if (done % 20 === 0 || done === tests.length) {
        onProgress();
        console.log(`${seconds()} s  ${done}/${tests.length}  ${test}  ${result.status}`);
      }
    }
    await leaveContext();
    await browser?.close();
  }

  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return seconds();
}

function launch(proxy) {
  const executablePath = findBrowser('chromium');
  if (!executablePath) throw new Error('Failed to find Chromium. Install one, or set CHROMIUM_PATH to it.');
  return chromium.launch({ executablePath, args: [...quietArgs, ...proxy.browserArgs] });
}

/** The test's page and the windows that it left open. */
async function closeOthers(context) {
  for (const page of context.pages()) await page.close();
}

function passes(result) {
  return result.tests.filter(([, status]) => status === 0).length;
}
