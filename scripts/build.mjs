/**
 * Builds everything that `npm start` serves: the packages (tsc), then the runtime, the worker and the demo (Vite).
 * `build({ onlyIfStale: true })` returns at once when no source changed since the last build.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const stampFile = path.join(root, '.culvert', 'build-hash');
const sources = [
  'packages',
  'demo',
  'types',
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** Folders that a build or an installation writes to. */
const generated = new Set(['dist', 'dist-server', 'dist-types', 'node_modules']);

/** Hashes paths, sizes and modification times of all sources. */
function hashSources() {
  const hash = createHash('sha256');
  const visit = (file) => {
    const stat = statSync(file);
    if (!stat.isDirectory()) return void hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`);
    for (const name of readdirSync(file).sort()) {
      if (!generated.has(name)) visit(path.join(file, name));
    }
  };
  for (const source of sources) if (existsSync(path.join(root, source))) visit(path.join(root, source));
  return hash.digest('hex');
}

function run(bin, ...args) {
  const script = path.join(root, 'node_modules', bin);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`Failed to build: ${path.basename(bin)} ${args.join(' ')} exited with ${status}.`);
}

export function build({ onlyIfStale = false } = {}) {
  const hash = hashSources();
  if (onlyIfStale && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  const tsc = 'typescript/bin/tsc';
  const vite = 'vite/bin/vite.js';
  run(tsc, '-b');
  for (const mode of ['runtime', 'sw', 'demo']) run(vite, 'build', '--mode', mode, '--logLevel', 'warn');
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
}

if (process.argv[1] === import.meta.filename) build();
