import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { trimAcorn } from './packages/rewriter/build/trim-acorn.js';
import { runtimeAsFunction } from './packages/runtime/build/as-function.js';
import { sharedRewriters } from './packages/sw/build/shared-rewriters.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/** The first line of each file that is used as it is: page, worker and runtime look at each other's version. */
const versionBanner: Plugin = {
  name: 'culvert:version-banner',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') chunk.code = `/*! ${chunk.fileName} ${version} */\n${chunk.code}`;
    }
  },
};

/**
 * The bundles, chosen by `--mode` (`scripts/build.mjs` builds them all):
 *
 * - `rewriter` packages/rewriter/dist                    each folder of the rewriter as a module, in the place of what tsc wrote
 * - `runtime`  packages/runtime/dist/culvert.runtime.js  the script that runs first in every proxied realm, and its parsers
 * - `sw`       packages/sw/dist/culvert.sw.js            the service worker, a classic script
 * - `tag`      packages/sw/dist/culvert.js               the script tag of a static site
 * - `http-socket`  packages/http-socket/dist/culvert.http-socket.js  a module that pages load where WebSockets are blocked
 * - `demo`     demo/dist                                 the address bar and the doctor (the default)
 *
 * Packages are bundled from their TypeScript source (the `culvert-source` export condition). Where the rewriter is in a bundle,
 * `oxc: false` leaves TypeScript to the bundler: Vite's own transform looks at one module at a time, and would leave each of the
 * constants that the script scanner compares bytes with as a property of an object (a fifth of its speed).
 */
export default defineConfig(({ mode }) => {
  const config = bundles[mode as keyof typeof bundles] ?? bundles.demo;
  return { ...config, resolve: { conditions: ['culvert-source', 'module', 'browser', 'default'] } };
});

/** What of the rewriter can be imported by itself. */
const rewriterParts = ['', 'css/', 'headers/', 'html/', 'js/', 'manifest/', 'text/', 'url/', 'xml/'];

const bundles = {
  rewriter: {
    oxc: false,
    build: {
      target: 'es2022',
      outDir: 'packages/rewriter/dist',
      emptyOutDir: false,
      minify: false,
      lib: {
        entry: Object.fromEntries(
          rewriterParts.map((part) => [`${part}index`, `packages/rewriter/src/${part}index.ts`]),
        ),
        formats: ['es'],
      },
      rolldownOptions: {
        external: ['parse5', /^css-tree/],
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name].js' },
      },
    },
    plugins: [trimAcorn],
  },
  runtime: {
    oxc: false,
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
      // Its plugin builds a second bundle, which takes longer than the rest.
      rolldownOptions: { checks: { pluginTimings: false } },
    },
    plugins: [runtimeAsFunction, versionBanner],
  },
  sw: {
    oxc: false,
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
    plugins: [sharedRewriters, versionBanner],
  },
  tag: {
    build: {
      target: 'es2022',
      outDir: 'packages/sw/dist',
      emptyOutDir: false,
      lib: {
        entry: 'packages/sw/src/page/script-tag/index.ts',
        formats: ['iife'],
        name: 'culvert',
        fileName: () => 'culvert.js',
      },
    },
    plugins: [versionBanner],
  },
  demo: {
    root: 'demo',
    build: {
      target: 'es2022',
      outDir: 'dist',
      emptyOutDir: true,
      rolldownOptions: { input: ['demo/index.html', 'demo/doctor.html'] },
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
} satisfies Record<string, UserConfig>;
