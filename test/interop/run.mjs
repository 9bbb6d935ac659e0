/**
 * Runs the interop matrix, the oracles and the proxies (each published Bare client and server beside ours), and ours in Firefox.
 *
 * `node test/interop/run.mjs [--suite matrix|oracle|proxies|firefox] [--engine node|chromium] [--only <text>] [--cell <text>] [--verbose]`
 * `[--write-docs] [--source <checkout>]`
 *
 * A cell passes, fails, is skipped with a reason, or shows a defect of the peer: one that `peer-defects.mjs` lists, where the cell must
 * fail in just this way while the same case with ours in the peer's place passes.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { buildOurs } from './support/build-ours.mjs';
import { Servers } from './support/servers.mjs';
import { startOrigin } from './support/origin.mjs';
import { loadNodeClients } from './support/node-clients.mjs';
import { launchChromium, openClientPage } from './support/page-host.mjs';
import { Report } from './support/report.mjs';
import { runMatrix } from './matrix/run-matrix.mjs';
import { runOracles } from './oracle/run-oracles.mjs';
import { runProxies } from './proxies/run-proxies.mjs';
import { runFirefox } from './firefox/run-firefox.mjs';

const suites = ['matrix', 'oracle', 'proxies', 'firefox'];
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', multiple: true, default: suites },
    engine: { type: 'string', multiple: true, default: ['node', 'chromium'] },
    /** Cases and cells whose names hold the text. */
    only: { type: 'string' },
    cell: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
    source: { type: 'string' },
  },
});

if (!globalThis.WebSocket) {
  // Node 20 has one behind a flag.
  const { status } = spawnSync(
    process.execPath,
    ['--experimental-websocket', '--no-warnings', ...process.argv.slice(1)],
    { stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}

const isWhole =
  options.suite.length === suites.length &&
  options.engine.length === 2 &&
  !options.only &&
  !options.cell &&
  !options.source;
if (options['write-docs'] && !isWhole) {
  console.error('docs/interop.md is written by a whole run only: leave out the other options.');
  process.exit(2);
}

const ours = await buildOurs(options.source);
const servers = new Servers(ours.server);
const [origin, other] = [await startOrigin(), await startOrigin()];
const report = new Report(options);
const browser = options.engine.includes('chromium') ? await launchChromium() : null;
if (!browser && options.engine.includes('chromium')) console.log('Chromium is not installed: its cells are skipped.');

const world = { ours, servers, origin, other, report, options, browser, engines: {} };
try {
  if (options.engine.includes('node')) world.engines.node = await loadNodeClients(ours);
  if (browser) world.engines.chromium = await openClientPage(browser, ours);
  if (options.suite.includes('matrix')) await runMatrix(world);
  report.judgeDefects();
  if (options.suite.includes('oracle')) await runOracles(world);
  if (options.suite.includes('proxies') && browser) await runProxies(world);
  if (options.suite.includes('firefox')) await runFirefox(world);
} finally {
  await world.engines.chromium?.close();
  await browser?.close();
  servers.stop();
  origin.close();
  other.close();
}

if (options['write-docs']) {
  const file = path.join(import.meta.dirname, '../../docs/interop.md');
  writeFileSync(
    file,
    await prettier.format(report.toMarkdown(), { ...(await prettier.resolveConfig(file)), parser: 'markdown' }),
  );
  console.log(`Wrote ${path.relative(process.cwd(), file)}.`);
}
report.printSummary();
process.exit(report.hasFailed ? 1 : 0);
