/** What every document pays for: the text of the runtime's function, minified as it ships. */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build, loadConfigFromFile, mergeConfig, type InlineConfig, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

interface Runtime {
  (): void;
  version: string;
  rewriters: () => { rewriteScript(source: string, options: { kind: string }): string };
}

it(
  'the runtime is under 45 kB gzipped, and its parsers are a function of their own',
  { timeout: 120_000 },
  async () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const loaded = await loadConfigFromFile({ command: 'build', mode: 'runtime' }, `${root}vite.config.ts`);
    const overrides: InlineConfig = { root, configFile: false, logLevel: 'error', build: { write: false } };
    const [output] = (await build(mergeConfig(loaded!.config, overrides))) as Rolldown.RolldownOutput[];

    const scope: { culvertRuntime?: Runtime } = {};
    vm.runInNewContext(output!.output[0].code, { self: scope, TextDecoder, TextEncoder });
    const runtime = scope.culvertRuntime!;
    expect(gzipSync(runtime.toString(), { level: 9 }).length).toBeLessThan(45_000);
    expect(runtime.toString()).not.toContain('\n');
    expect(runtime.toString()).not.toContain('culvertLate');
    expect(runtime.rewriters().rewriteScript('top.x', { kind: 'script' })).not.toBe('top.x');
  },
);
