/**
 * Builds everything that `npm start` serves: the packages (tsc), then the runtime, the worker and the demo (Vite), and puts what a
 * browser loads together in `packages/culvert/dist-site`, where the command finds it, in a checkout and in the npm package alike.
 * `build({ onlyIfStale: true })` returns at once when no source changed since the last build.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const stampFile = path.join(root, '.culvert', 'build-hash');
const sources = [
  'packages',
  'demo',
  'examples/script-tag',
  'types',
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** Folders that a build or an installation writes to. */
const generated = new Set(['dist', 'dist-site', 'dist-types', 'node_modules']);

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

/** What a browser loads, by its place in the site's folder. */
const siteFiles = {
  demo: 'demo/dist',
  'culvert.js': 'packages/sw/dist/culvert.js',
  'culvert.sw.js': 'packages/sw/dist/culvert.sw.js',
  'culvert.runtime.js': 'packages/runtime/dist/culvert.runtime.js',
  'culvert.http-socket.js': 'packages/http-socket/dist/culvert.http-socket.js',
  'bootstrap.html': 'packages/sw/src/page/bootstrap.html',
  'starter.html': 'examples/script-tag/index.html',
};

function assembleSite() {
  const site = path.join(root, 'packages/culvert/dist-site');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site);
  for (const [name, source] of Object.entries(siteFiles)) {
    cpSync(path.join(root, source), path.join(site, name), { recursive: true });
  }
}

export function build({ onlyIfStale = false } = {}) {
  const hash = hashSources();
  if (onlyIfStale && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  const tsc = 'typescript/bin/tsc';
  const vite = 'vite/bin/vite.js';
  run(tsc, '-b');
  for (const mode of ['rewriter', 'runtime', 'sw', 'tag', 'http-socket', 'demo']) {
    run(vite, 'build', '--mode', mode, '--logLevel', 'warn');
  }
  assembleSite();
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
}

if (process.argv[1] === import.meta.filename) build({ onlyIfStale: process.argv.includes('--if-stale') });
