/**
 * @module
 * Culvert of a checkout, as `npm start` runs it.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';

/** @returns {Promise<{ origin: string, close: () => void }>} */
export async function startCulvert(root) {
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs'), '--allow-private'], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const close = () => void process.kill(-child.pid, 'SIGKILL');
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const origin = /http:\/\/localhost:\d+/.exec(output)?.[0];
    if (origin) return { origin, close };
  }
  throw new Error(`Failed to start Culvert of ${root}: ${output}`);
}
