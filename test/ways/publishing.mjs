/**
 * Is each tarball one that npm's users can use? `publint` looks at the files that package.json names, `attw` at the types that each
 * way of resolving finds. Then every entry is imported by name in an empty project.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const bin = (name) => path.join(import.meta.dirname, '../node_modules/.bin', name);

/** Files to be served or read: they have no types and are not imported. */
const filesAmongEntries = {
  '@culvert/bare-client': ['bundle/*'],
  '@culvert/http-socket': ['culvert.http-socket.js'],
  '@culvert/runtime': ['culvert.runtime.js'],
  '@culvert/sw': ['culvert.js', 'culvert.sw.js', 'bootstrap.html'],
};

/** Packages with files for `require()`; the others are ES modules alone. */
const dual = new Set(['@culvert/bare-client']);

/** Entries that need a realm which Node is not, or hold types alone. */
const notForNode = new Set(['@culvert/sw/page', '@culvert/runtime', '@culvert/vite-plugin/virtual']);

export function lintTarballs(tarballs) {
  for (const [name, tarball] of Object.entries(tarballs)) {
    const excluded = filesAmongEntries[name] ?? [];
    execFileSync(bin('publint'), [tarball, '--strict'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const profile = dual.has(name) ? 'node16' : 'esm-only';
    const rest = excluded.length > 0 ? ['--exclude-entrypoints', ...excluded] : [];
    execFileSync(bin('attw'), [tarball, '--profile', profile, ...rest], { encoding: 'utf8' });
  }
}

/** @param folder a project in which all packages are installed */
export function importEntries(folder, tarballs) {
  const script = path.join(folder, 'import-all.mjs');
  const entries = Object.keys(tarballs).flatMap((name) => {
    const manifest = execFileSync('tar', ['xzOf', tarballs[name], 'package/package.json'], { encoding: 'utf8' });
    const files = new Set(['package.json', ...(filesAmongEntries[name] ?? [])]);
    return Object.keys(JSON.parse(manifest).exports)
      .filter((entry) => !files.has(entry.slice(2)))
      .map((entry) => name + entry.slice(1))
      .filter((entry) => !notForNode.has(entry));
  });
  writeFileSync(
    script,
    `for (const entry of ${JSON.stringify(entries)}) if (Object.keys(await import(entry)).length === 0) throw new Error(entry);\nconsole.log('done');\n`,
  );
  if (execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim() !== 'done')
    throw new Error('not all were imported');
}
