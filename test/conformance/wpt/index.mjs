/**
 * @module web-platform-tests: of the subtests that pass in the browser alone, the share that passes through Culvert.
 *
 * The suite's own server must run (README beside this file). A run is kept as JSON; it can be continued, and compared
 * again without running anything.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compare } from './compare.mjs';
import { printComparison } from './print-comparison.mjs';
import { startCulvert, withoutProxy } from './proxies.mjs';
import { runList } from './run-list.mjs';

export const about = 'web-platform-tests, direct and proxied';

export const checkout = {
  name: 'web-platform-tests',
  folder: 'web-platform-tests',
  variable: 'CULVERT_WPT',
  mark: 'resources/testharness.js',
  url: 'https://github.com/web-platform-tests/wpt',
};

export const options = {
  /** A file with one test path a line. Default: the files of the recorded direct run. */
  list: { type: 'string' },
  /** Only the tests whose path begins with one of these (comma separated). */
  filter: { type: 'string' },
  /** The recorded direct run to compare with. Without it, the run is only made. */
  native: { type: 'string' },
  /** Where the run is kept. Default: .culvert/wpt.json */
  out: { type: 'string' },
  /** Runs in the browser alone: makes the file for --native. */
  direct: { type: 'boolean' },
  /** Keeps the results that --out has; with --retry, runs those with the given harness states again. */
  resume: { type: 'boolean' },
  retry: { type: 'string' },
  /** Only compares --out with --native. */
  compare: { type: 'boolean' },
  jobs: { type: 'string', default: '2' },
  /** How many tests share a browser context, as long as all goes well: a new one has to start the worker anew. */
  reuse: { type: 'string', default: '6' },
  /** Milliseconds that a page has; the harness gives up by itself after 10,000. */
  timeout: { type: 'string', default: '10000' },
  /** How many failure reasons the comparison lists. */
  reasons: { type: 'string', default: '0' },
  files: { type: 'boolean' },
};

const root = path.join(import.meta.dirname, '../../..');

export async function run(values) {
  const out = path.resolve(values.out ?? path.join(root, '.culvert/wpt.json'));
  const native = values.native === undefined ? null : JSON.parse(readFileSync(values.native, 'utf8'));
  const prefixes = values.filter?.split(',') ?? [''];
  const chosen = readList(values.list, native)?.filter((test) => prefixes.some((prefix) => test.startsWith(prefix)));
  if (!chosen || chosen.length === 0) {
    console.error('Failed to choose tests: name a --list or a --native run that has some, and a --filter that fits.');
    return 2;
  }

  let state = { results: {} };
  if ((values.resume || values.compare) && existsSync(out)) state = JSON.parse(readFileSync(out, 'utf8'));
  if (!values.compare) {
    const retried = new Set(values.retry?.split(',') ?? []);
    const tests = chosen.filter((test) => !state.results[test] || retried.has(state.results[test].status));
    await checkServer();
    const proxy = values.direct ? withoutProxy : await startCulvert(root);
    const save = () => writeFileSync(out, JSON.stringify(state));
    try {
      const seconds = await runList(tests, state.results, {
        proxy,
        jobs: Number(values.jobs),
        reuse: Number(values.reuse),
        timeout: Number(values.timeout),
        onProgress: save,
      });
      console.log(`${tests.length} tests in ${seconds} s, kept in ${path.relative(process.cwd(), out)}`);
    } finally {
      save();
      await proxy.stop();
    }
  }
  if (native) {
    const comparison = compare(native, state.results, chosen);
    printComparison(comparison, { reasons: Number(values.reasons), files: values.files === true });
  }
  return 0;
}

function readList(file, native) {
  if (file !== undefined) {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  }
  return native && Object.keys(native.baseline ?? native.results);
}

async function checkServer() {
  const address = 'http://web-platform.test:8000/resources/testharnessreport.js';
  const text = await fetch(address).then(
    (response) => response.text(),
    (error) => {
      throw new Error(
        `Failed to reach ${address} (${error.cause?.code ?? error.message}). Start the suite's server first.`,
      );
    },
  );
  if (!text.includes('__wpt_run_result__')) {
    throw new Error(
      `Failed to find our reporter at ${address}. Copy testharnessreport.js to resources/ of the checkout.`,
    );
  }
}
