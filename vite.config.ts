import { defineConfig, type Plugin, type UserConfig } from 'vite';

/**
 * Three bundles, chosen by `--mode` (`scripts/build.mjs` builds them all):
 *
 * - `runtime`  packages/runtime/dist/culvert.runtime.js  the script that runs first in every proxied realm
 * - `sw`       packages/sw/dist/culvert.sw.js            the service worker, a classic script
 * - `demo`     demo/dist                                 the address bar (the default)
 *
 * Packages are bundled from their TypeScript source (the `culvert-source` export condition).
 */
export default defineConfig(({ mode }) => {
  const config = bundles[mode as keyof typeof bundles] ?? bundles.demo;
  return { ...config, resolve: { conditions: ['culvert-source', 'module', 'browser', 'default'] } };
});

/**
 * Wraps the runtime in one named function. The worker takes its text with `toString`, inlines it in a document and
 * calls it with that document's boot data; the runtime uses the same text to boot the frames that a page makes.
 */
const runtimeAsFunction: Plugin = {
  name: 'culvert:runtime-as-function',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      // The text stands inside <script> elements.
      const code = chunk.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      chunk.code = `self.culvertRuntime=function culvert(data){"use strict";${code.trimEnd()}\nreturn culvertBoot.boot(data,culvert)};\n`;
    }
  },
};

const bundles = {
  runtime: {
    build: {
      target: 'es2022',
      outDir: 'packages/runtime/dist',
      emptyOutDir: false,
      lib: {
        entry: 'packages/runtime/src/boot.ts',
        formats: ['iife'],
        name: 'culvertBoot',
        fileName: () => 'culvert.runtime.js',
      },
    },
    plugins: [runtimeAsFunction],
  },
  sw: {
    build: {
      target: 'es2022',
      outDir: 'packages/sw/dist',
      emptyOutDir: false,
      lib: {
        entry: 'packages/sw/src/culvert.sw.ts',
        formats: ['iife'],
        name: 'culvertServiceWorker',
        fileName: () => 'culvert.sw.js',
      },
      // Or the public suffix list, one long constant, is written at each place that reads it.
      rolldownOptions: { optimization: { inlineConst: false } },
    },
  },
  demo: { root: 'demo', build: { target: 'es2022', outDir: 'dist', emptyOutDir: true } },
} satisfies Record<string, UserConfig>;
