/**
 * @module
 * The corpus: of each dependency of `package.json` the largest scripts that it ships, as a browser would get them.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const modules = path.join(import.meta.dirname, 'node_modules');
const smallest = 20_000;
const largest = 6_000_000;
const perPackage = 5;

/** @returns {{ name: string, kind: 'script' | 'module', source: string }[]} sorted by name */
export function corpusFiles() {
  const { dependencies } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'package.json'), 'utf8'));
  return Object.keys(dependencies).sort().flatMap(filesOf);
}

function filesOf(dependency) {
  const root = path.join(modules, dependency);
  const found = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') folders.push(file);
      else if (/\.[cm]?js$/.test(entry.name)) {
        const { size } = statSync(file);
        if (size >= smallest && size <= largest) found.push({ file, size });
      }
    }
  }
  return found
    .sort((a, b) => b.size - a.size || (a.file < b.file ? -1 : 1))
    .slice(0, perPackage)
    .map(({ file }) => {
      const source = readFileSync(file, 'utf8');
      return { name: path.relative(modules, file), kind: kindOf(file, source), source };
    });
}

function kindOf(file, source) {
  if (file.endsWith('.cjs')) return 'script';
  if (file.endsWith('.mjs')) return 'module';
  return /^(?:import|export)\b/m.test(source) || /[;}]export\s*[{*d]/.test(source.slice(-20_000)) ? 'module' : 'script';
}
