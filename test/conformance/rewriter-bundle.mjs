/**
 * @module The rewriter as one module that plain Node can import, made from its source.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, runnerImport } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * @param {{ source?: string, minify?: boolean, entry?: string }} [options] `source` is another checkout of the project
 * @returns {Promise<string>} the URL of the module, removed when the process ends
 */
export async function bundleRewriter({ source = root, minify = false, entry = 'index.ts' } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-rewriter-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    configFile: false,
    logLevel: 'error',
    root: source,
    // As it is shipped: see vite.config.ts.
    oxc: false,
    plugins: [await trimAcornOf(source)],
    resolve: { conditions: ['culvert-source', 'module', 'browser', 'default'] },
    build: {
      target: 'es2022',
      outDir: folder,
      minify,
      lib: {
        entry: path.join(source, 'packages/rewriter/src', entry),
        formats: ['es'],
        fileName: () => 'rewriter.mjs',
      },
    },
  });
  return pathToFileURL(path.join(folder, 'rewriter.mjs')).href;
}

async function trimAcornOf(source) {
  const { module } = await runnerImport(path.join(source, 'packages/rewriter/build/trim-acorn.ts'), {
    logLevel: 'error',
  });
  return module.trimAcorn;
}
