/** @module Builds the Next.js app as for production: half a minute, so only when the app or Next.js has changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const app = path.join(import.meta.dirname, 'fixtures');
const packages = path.join(import.meta.dirname, '..');
const stamp = path.join(app, '.next/culvert-build-hash');

export default function buildNext(): void {
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const next = path.join(packages, 'node_modules/next/dist/bin/next');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [next, 'build'], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) throw new Error(`Failed to build the Next.js app: ${error?.message ?? `${stdout}\n${stderr}`}`);
  writeFileSync(stamp, hash);
}

function hashSources(): string {
  const hash = createHash('sha256').update(readFileSync(path.join(packages, 'package-lock.json')));
  const names = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('.next'));
  for (const name of names.sort()) {
    const file = path.join(app, name);
    if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
  }
  return hash.digest('hex');
}
