/**
 * `npm run test:wire`: one port, driven by clients that are not ours and not Node's: curl, nghttp and h2load (Debian: curl,
 * nghttp2-client), and headless Chromium. Needs a build (`npm run build`). The last line counts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cases } from './cases.mjs';
import { startWirePort } from './port.mjs';

const missing = ['curl', 'nghttp', 'h2load'].filter((tool) => spawnSync(tool, ['--version']).error);
if (missing.length > 0) {
  console.error(`Missing: ${missing.join(', ')}. On Debian: apt-get install curl nghttp2-client`);
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'culvert-wire-'));
const port = await startWirePort(folder);

/** @returns what the command has printed; fails with its exit code */
function run(command, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { timeout: 30_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`));
    });
  });
}

let failed = 0;
for (const [name, test] of Object.entries(cases)) {
  try {
    await test({ run, ...port });
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n     ${String(error.stack ?? error).replaceAll('\n', '\n     ')}`);
  }
}
await port.close();
rmSync(folder, { recursive: true });
console.log(`${Object.keys(cases).length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed > 0 ? 1 : 0);
