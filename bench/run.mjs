/**
 * The benchmarks: `npm run bench -- <name> [--quick] [--json] [--browser] [--source <checkout>]`.
 *
 * Prints a table for people, or with `--json` one measure a line. Each benchmark runs ours and its peers in turns within one run, on the
 * same machine at the same time: it is the ratios that mean something. `--quick` ends within a minute.
 *
 * A benchmark is a file beside this one that exports `about` and `run(options)`, which gives results (`results.mjs`).
 */
import { existsSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printJson, printTable } from './results.mjs';

const support = new Set([
  'run.mjs',
  'results.mjs',
  'child.mjs',
  'culvert.mjs',
  'rewriter-corpus.mjs',
  'rewriter-browser.mjs',
]);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.mjs') && !support.has(file))
  .map((file) => path.basename(file, '.mjs'));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** In Chromium too: `rewriter` and `rewriter-html`. */
    browser: { type: 'boolean', default: false },
    /** Another checkout of Culvert to measure. */
    source: { type: 'string' },
    /** A checkout of Speedometer 3, for `runtime`. */
    speedometer: { type: 'string' },
  },
});

const [name, ...rest] = positionals;
if (!names.includes(name) || rest.length > 0) {
  console.error(`Usage: npm run bench -- <name> [--quick] [--json]; the names: ${names.join(', ')}.`);
  process.exit(2);
}

installPeers();
const benchmark = await import(`./${name}.mjs`);
if (!options.json) console.log(`${benchmark.about}\n`);
const results = await benchmark.run({
  ...options,
  /** What is going on, for whoever waits. */
  progress: (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`),
});
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
(options.json ? printJson : printTable)(results);
process.exit(0);

/** The peers are no dependency of ours: they are installed when a benchmark first runs. */
function installPeers() {
  if (existsSync(path.join(import.meta.dirname, 'node_modules'))) return;
  console.error('Installing the peers of the benchmarks (npm ci in bench/).');
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) return;
  console.error('Failed to install the peers of the benchmarks.');
  process.exit(1);
}
