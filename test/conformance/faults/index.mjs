/**
 * @module Fault injection on the Bare server: 10,000 requests and WebSockets over HTTP/1 and HTTP/2, with resets,
 * stalls and truncations on both sides. The run
 * is the package's own (packages/bare-server/src/faults/run-faults.test-support.ts), whose unit test is a short one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';

export const about = 'fault injection on the Bare server';

export const options = {
  count: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
  concurrency: { type: 'string', default: '64' },
};

/** What a run may leave on the heap: caches that fill up to a limit, compiled code. */
const heapLimit = 12_000_000;

export async function run({ count, seed, concurrency }) {
  const { runFaults } = await bundle();
  const report = await runFaults({
    count: Number(count),
    seed: Number(seed),
    concurrency: Number(concurrency),
    progress: (done) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${done} of ${count}`),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const [outcome, number] of Object.entries(report.outcomes).sort())
    console.log(`${String(number).padStart(7)}  ${outcome}`);
  console.log(
    `The heap grew by ${(report.heapGrowth / 1e6).toFixed(1)} MB; ${Math.max(0, report.socketsLeft)} sockets are left.`,
  );
  for (const fault of report.faults) console.error(`FAULT ${fault}`);
  const isGood = report.faults.length === 0 && report.socketsLeft <= 0 && report.heapGrowth < heapLimit;
  console.log(isGood ? 'passed' : 'failed');
  return isGood ? 0 : 1;
}

async function bundle() {
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-faults-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: {
      noExternal: true,
      external: ['@redis/client'],
      resolve: { conditions: ['culvert-source', 'node', 'import'] },
    },
    build: {
      ssr: path.join(import.meta.dirname, '../../../packages/bare-server/src/faults/run-faults.test-support.ts'),
      outDir: folder,
      rollupOptions: { output: { format: 'es', entryFileNames: 'faults.mjs' } },
    },
  });
  return import(path.join(folder, 'faults.mjs'));
}
