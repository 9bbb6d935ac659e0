/**
 * @module Builds the runtime and the test's service worker, once for a test run, into a directory of their own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';
import { runtimeAsFunction } from '../../build/as-function.js';

const support = path.dirname(fileURLToPath(import.meta.url));
const conditions = ['culvert-source', 'module', 'browser', 'default'];
/** Other modules in the place of packages, to test the runtime while one of them is in pieces: JSON, name to path. */
const alias = JSON.parse(process.env['CULVERT_TEST_ALIASES'] ?? '{}') as Record<string, string>;

function bundle(entry: string, outDir: string, name: string, fileName: string): InlineConfig {
  return {
    configFile: false,
    logLevel: 'error',
    resolve: { conditions, alias },
    build: {
      target: 'es2022',
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: { entry, formats: ['iife'], name, fileName: () => fileName },
    },
  };
}

export default async function buildBundles(): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'culvert-runtime-test-'));
  const runtime = bundle(path.join(support, '../../src/boot.ts'), outDir, 'culvertBoot', 'culvert.runtime.js');
  runtime.plugins = [runtimeAsFunction];
  await build(runtime);
  await build(bundle(path.join(support, 'test-service-worker.ts'), outDir, 'testServiceWorker', 'sw.js'));
  process.env['CULVERT_TEST_BUNDLES'] = outDir;
  return () => rm(outDir, { recursive: true });
}
