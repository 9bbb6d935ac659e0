/**
 * `npm test`: every suite, one after the other, and at the end one line over all of them: `N passed, N failed, N skipped`.
 * `npm test -- unit browser` runs these alone. The suites: typecheck, lint, unit, browser, platform-facts.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const results = mkdtempSync(path.join(tmpdir(), 'culvert-test-'));
process.once('exit', () => rmSync(results, { recursive: true, force: true }));

const bin = (file) => path.join(root, 'node_modules', file);
const tsc = bin('typescript/bin/tsc');

/** A suite is a list of commands and a way to count what they found. Minutes after which it counts as failed. */
const suites = {
  typecheck: {
    commands: [
      [tsc, '-b'],
      [tsc, '-p', 'tsconfig.tests.json'],
      [tsc, '-p', 'packages/sw/tsconfig.tests.json'],
    ],
    limit: 5,
    count: countAsOne,
  },
  lint: {
    commands: [
      [bin('eslint/bin/eslint.js'), '.'],
      [bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level', 'warn'],
    ],
    limit: 5,
    count: countAsOne,
  },
  unit: {
    commands: [
      [
        bin('vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${results}/unit.json`,
      ],
    ],
    limit: 8,
    count: countUnitTests,
  },
  browser: {
    commands: [[bin('@playwright/test/cli.js'), 'test', '--reporter=list,json']],
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${results}/browser.json` },
    limit: 15,
    count: (result) => countBrowserTests(result, 'browser.json'),
  },
  'platform-facts': {
    commands: [[path.join(root, 'test/platform-facts/run.mjs')]],
    limit: 6,
    count: countPlatformFacts,
  },
};

/** One test: the commands did what they should. */
function countAsOne({ ok }) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Vitest's summary. A file that could not be run at all has no failed test in it, and counts as one. */
function countUnitTests({ ok }) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = readResult('unit.json');
  const failed = numFailedTests || (ok ? 0 : 1);
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}

/** Playwright's summary; `errors` are those outside of a test, such as a setup that failed. */
function countBrowserTests({ ok }, name) {
  const { stats, errors } = readResult(name);
  const failed = stats.unexpected + stats.flaky + errors.length || (ok ? 0 : 1);
  return { passed: stats.expected, failed, skipped: stats.skipped };
}

/** The runner's last line is in the form that this one's is. */
function countPlatformFacts({ ok, output }) {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  if (!last) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = last.slice(1).map(Number);
  return { passed, failed: failed || (ok ? 0 : 1), skipped };
}

function readResult(name) {
  return JSON.parse(readFileSync(path.join(results, name), 'utf8'));
}

let running;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endGroup(running, 'SIGTERM');
    process.exit(130);
  });
}

/** Ends a child and what it has started (it leads a process group), browsers and servers included. */
function endGroup(child, signal) {
  if (!child?.pid || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It has ended by itself in this moment.
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Runs a command with its output shown. */
function runCommand([script, ...args], environment, milliseconds) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running = child;
    let output = '';
    const timer = setTimeout(() => {
      console.error(`Failed: no end within ${Math.round(milliseconds / 1000)} s.`);
      endGroup(child, 'SIGKILL');
    }, milliseconds);
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        shown.write(text);
      });
    }
    child.once('error', (error) => {
      output += error.message;
      console.error(error.message);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output });
    });
  });
}

async function runSuite({ commands, environment, limit, count }) {
  const end = Date.now() + limit * 60_000;
  const result = { ok: true, output: '' };
  for (const command of commands) {
    const { ok, output } = await runCommand(command, environment, end - Date.now());
    result.ok &&= ok;
    result.output += output;
  }
  try {
    return count(result);
  } catch (error) {
    console.error(`Failed to read what the suite found: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const summary = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. The suites: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const counts = await runSuite(suites[name]);
  for (const key of Object.keys(total)) total[key] += counts[key];
  lines.push(`${name.padEnd(15)} ${summary(counts)} (${Math.round((Date.now() - start) / 1000)} s)`);
  console.log(lines.at(-1));
}

console.log(`\n${lines.join('\n')}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(summary(total));
