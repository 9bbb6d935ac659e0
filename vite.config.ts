import { defineConfig, type UserConfig } from 'vite';
import { runtimeAsFunction } from './packages/runtime/build/as-function.js';

/**
 * Four bundles, chosen by `--mode` (`scripts/build.mjs` builds them all):
 *
 * - `runtime`  packages/runtime/dist/culvert.runtime.js  the script that runs first in every proxied realm
 * - `sw`       packages/sw/dist/culvert.sw.js            the service worker, a classic script
 * - `http-socket`  packages/http-socket/dist/culvert.http-socket.js  a module that pages load where WebSockets are blocked
 * - `demo`     demo/dist                                 the address bar (the default)
 *
 * Packages are bundled from their TypeScript source (the `culvert-source` export condition).
 */
export default defineConfig(({ mode }) => {
  const config = bundles[mode as keyof typeof bundles] ?? bundles.demo;
  return { ...config, resolve: { conditions: ['culvert-source', 'module', 'browser', 'default'] } };
});

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
  'http-socket': {
    build: {
      target: 'es2022',
      outDir: 'packages/http-socket/dist',
      emptyOutDir: false,
      minify: 'oxc',
      lib: {
        entry: 'packages/http-socket/src/http-web-socket.ts',
        formats: ['es'],
        fileName: () => 'culvert.http-socket.js',
      },
      // Vite leaves the spaces of a module in place unless told otherwise.
      rolldownOptions: { output: { minify: true } },
    },
  },
  demo: { root: 'demo', build: { target: 'es2022', outDir: 'dist', emptyOutDir: true } },
} satisfies Record<string, UserConfig>;
