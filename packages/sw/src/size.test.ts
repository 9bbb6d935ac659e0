/** What a site ships for the worker, minified: without the parsers, which stand in the runtime's file beside it. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, loadConfigFromFile, mergeConfig, type InlineConfig, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

it('culvert.sw.js is under 101 kB gzipped, and holds no parser', { timeout: 120_000 }, async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'sw' }, `${root}vite.config.ts`);
  const overrides: InlineConfig = { root, configFile: false, logLevel: 'error', build: { write: false } };
  const [output] = (await build(mergeConfig(loaded!.config, overrides))) as Rolldown.RolldownOutput[];
  const chunk = output!.output[0];
  expect(gzipSync(chunk.code, { level: 9 }).length).toBeLessThan(101_000);
  expect(
    chunk.moduleIds.filter((id) => /node_modules\/(?:acorn|acorn-loose|parse5|entities|css-tree|tldts)\//.test(id)),
  ).toEqual([]);
});
