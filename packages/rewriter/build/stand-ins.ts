/** @module Other modules in the place of some of the rewriter's, for bundles that get its parsers from elsewhere. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const rewriter = fileURLToPath(new URL('../src/', import.meta.url));

/**
 * For a plugin that comes before Vite's own resolver (`enforce: 'pre'`).
 *
 * @param modules of the rewriter's `src`, with a parser below them, and the files of `folder` that stand in their place
 * @param folder ends with a slash
 */
export function resolveStandIns(modules: Readonly<Record<string, string>>, folder: URL): Plugin['resolveId'] {
  const directory = fileURLToPath(folder);
  return (source, importer) => {
    if (!importer?.startsWith(rewriter) || !source.startsWith('.')) return null;
    const file = path.resolve(path.dirname(importer), source).replace(/\.js$/, '.ts');
    const standIn = modules[path.relative(rewriter, file).replaceAll('\\', '/')];
    return standIn === undefined ? null : directory + standIn;
  };
}
