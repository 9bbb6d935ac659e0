/**
 * @module test262: each test runs as it is and rewritten, in the same engine, and must do the same.
 *
 * What the engine itself fails does not matter here: both counts are printed, and every test whose two results differ.
 * `expectations.json` lists the differences that are known, each with its reason; any other, and any that is listed
 * and no longer there, makes the run fail.
 */
import { fork } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { bundleRewriter } from '../rewriter-bundle.mjs';

export const about = 'tc39/test262, each test natively and rewritten';

export const checkout = {
  name: 'test262',
  folder: 'test262',
  variable: 'CULVERT_TEST262',
  mark: 'harness/assert.js',
  url: 'https://github.com/tc39/test262',
};

export const options = {
  /** Only files whose path holds this text. */
  filter: { type: 'string' },
  jobs: { type: 'string' },
  /** Another checkout of Culvert, whose rewriter is run. */
  source: { type: 'string' },
  /** A file for every difference, as JSON. */
  output: { type: 'string' },
};

const folders = ['test/language', 'test/built-ins/Function', 'test/built-ins/eval'];
const longestTest = 60_000;
/** node:vm does not let go of every context: a process that runs all tests would need all memory. */
const filesPerProcess = 300;
const expectationsFile = path.join(import.meta.dirname, 'expectations.json');

export async function run({ checkout, filter = '', jobs, source, output }) {
  const files = folders.flatMap((folder) => testFiles(checkout, folder)).filter((file) => file.includes(filter));
  const rewriterUrl = await bundleRewriter(source === undefined ? {} : { source: path.resolve(source) });
  const results = await runFiles(files, Number(jobs ?? availableParallelism()), [checkout, rewriterUrl]);
  return report(results, files, output);
}

function testFiles(checkout, folder) {
  return readdirSync(path.join(checkout, folder), { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.endsWith('_FIXTURE.js'))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .sort();
}

/** @returns {Promise<Map<string, object>>} what a worker said of each file */
async function runFiles(files, jobs, args) {
  const results = new Map();
  let next = 0;
  const work = () =>
    new Promise((resolve) => {
      const child = fork(path.join(import.meta.dirname, 'worker.mjs'), args, {
        execArgv: ['--experimental-vm-modules', '--no-warnings', '--stack-size=900'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let file;
      let watchdog;
      let begun = 0;
      const proceed = () => {
        clearTimeout(watchdog);
        if (next >= files.length || begun++ >= filesPerProcess) return void child.disconnect();
        file = files[next++];
        child.send({ file });
        watchdog = setTimeout(() => child.kill('SIGKILL'), longestTest);
      };
      child.on('message', (message) => {
        if (message.file !== undefined) {
          results.set(message.file, message);
          showProgress(results.size, files.length);
        }
        proceed();
      });
      child.on('exit', (code, signal) => {
        clearTimeout(watchdog);
        if (file !== undefined && !results.has(file))
          results.set(file, { fault: `the process ended: ${signal ?? code}` });
        resolve();
      });
    });
  // A process that a test takes down is replaced.
  const lane = async () => {
    while (next < files.length) await work();
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return results;
}

function showProgress(done, all) {
  if (process.stderr.isTTY ? done % 50 === 0 : done % 2000 === 0)
    process.stderr.write(`${process.stderr.isTTY ? '\r' : '\n'}${done}/${all}`);
}

function report(results, files, output) {
  const expected = JSON.parse(readFileSync(expectationsFile, 'utf8'));
  const count = { runs: 0, native: 0, rewritten: 0, edited: 0, editedNative: 0, editedRewritten: 0 };
  const differences = [];
  const failures = new Map();
  for (const file of files) {
    const { runs, fault } = results.get(file);
    if (fault !== undefined) {
      differences.push({ test: file, mode: '', native: '', rewritten: fault });
      continue;
    }
    for (const run of runs) {
      count.runs++;
      count.native += Number(run.nativePasses);
      if (!run.nativePasses) failures.set(run.native, [...(failures.get(run.native) ?? []), file]);
      count.rewritten += Number(run.rewrittenPasses);
      if (run.isEdited) {
        count.edited++;
        count.editedNative += Number(run.nativePasses);
        count.editedRewritten += Number(run.rewrittenPasses);
      }
      const { mode, native, rewritten } = run;
      if (native !== rewritten) differences.push({ test: file, mode, native, rewritten });
      else if (!run.roundTrips)
        differences.push({ test: file, mode, native: 'source', rewritten: 'does not come back' });
    }
  }

  const reasonOf = (test) => expected.find((entry) => entry.tests.includes(test))?.reason;
  const differing = new Set(differences.map(({ test }) => test));
  const unexpected = differences.filter(({ test }) => reasonOf(test) === undefined);
  const stale = expected.flatMap(({ tests }) => tests).filter((test) => results.has(test) && !differing.has(test));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(`${files.length} files, ${count.runs} runs in ${process.version} (V8 ${process.versions.v8})`);
  console.log(`natively   ${count.native} pass, ${count.runs - count.native} fail`);
  for (const [outcome, tests] of [...failures].sort((a, b) => b[1].length - a[1].length).slice(0, 5)) {
    console.log(`           ${tests.length} of them: ${outcome.slice(0, 100)} (${tests[0]} ...)`);
  }
  console.log(`rewritten  ${count.rewritten} pass, ${count.runs - count.rewritten} fail`);
  console.log(
    `of which edited ${count.edited}: ${count.editedNative} pass natively, ${count.editedRewritten} rewritten`,
  );
  console.log(
    `${differing.size} tests differ, ${differing.size - new Set(unexpected.map(({ test }) => test)).size} as expected`,
  );
  for (const { test, mode, native, rewritten } of differences) {
    const reason = reasonOf(test);
    console.log(
      `\n${reason === undefined ? 'UNEXPECTED ' : ''}${test} (${mode})\n  natively:  ${native}\n  rewritten: ${rewritten}`,
    );
    if (reason !== undefined) console.log(`  expected:  ${reason}`);
  }
  for (const test of stale) console.log(`\nSTALE: ${test} does not differ any more; take it out of expectations.json`);
  if (output !== undefined) writeFileSync(output, JSON.stringify(differences, null, 2) + '\n');
  return unexpected.length > 0 || stale.length > 0 ? 1 : 0;
}
