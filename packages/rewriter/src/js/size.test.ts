import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { trimAcorn } from '../../build/trim-acorn.js';

/** What `@culvert/rewriter/js` weighs minified and gzipped, with acorn and acorn-loose, in kB of 1000 bytes. */
const limits = { whole: 58, withoutParsers: 28.8 };

async function weigh(external: string[]): Promise<number> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    oxc: false,
    plugins: [trimAcorn],
    resolve: { conditions: ['culvert-source', 'module', 'browser', 'default'] },
    build: {
      target: 'es2022',
      write: false,
      minify: true,
      lib: { entry: path.join(import.meta.dirname, 'index.ts'), formats: ['iife'], name: 'rewriter' },
      rolldownOptions: { external },
    },
  })) as Rolldown.RolldownOutput[];
  return gzipSync(output[0]!.output[0].code, { level: 9 }).length / 1000;
}

it('weighs no more than its documents say', async () => {
  expect(await weigh([])).toBeLessThan(limits.whole);
  expect(await weigh(['acorn', 'acorn-loose'])).toBeLessThan(limits.withoutParsers);
}, 60_000);
