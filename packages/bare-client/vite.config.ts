import { defineConfig, type LibraryFormats } from 'vite';

/**
 * Bundles that need nothing else, beside the modules that `tsc` writes:
 *
 * - `dist/bundle/bare-client.js`        module, for `<script type="module">`
 * - `dist/bundle/bare-client.umd.cjs`   for `require()`
 * - `dist/bundle/bare-client.iife.js`   for `<script>` and `importScripts()`, which get the global `bare`
 * - `dist/bundle/transport.js`, `.cjs`  `--mode transport`: the default export is the transport; bare-mux imports it by URL
 * - `dist/bundle/socket-fallback.js`, `.cjs`  `--mode socket-fallback`
 */
const bundles = {
  client: {
    entry: 'src/index.ts',
    name: 'bare',
    formats: ['es', 'umd', 'iife'] as LibraryFormats[],
    fileName: (format: string) =>
      ({ es: 'bare-client.js', umd: 'bare-client.umd.cjs' })[format] ?? 'bare-client.iife.js',
  },
  transport: {
    entry: 'src/transport/index.ts',
    formats: ['es', 'cjs'] as LibraryFormats[],
    fileName: (format: string) => (format === 'es' ? 'transport.js' : 'transport.cjs'),
  },
  'socket-fallback': {
    entry: 'src/socket-fallback/index.ts',
    formats: ['es', 'cjs'] as LibraryFormats[],
    fileName: (format: string) => (format === 'es' ? 'socket-fallback.js' : 'socket-fallback.cjs'),
  },
};

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  resolve: { conditions: ['culvert-source', 'module', 'default'] },
  build: {
    target: 'es2022',
    outDir: 'dist/bundle',
    emptyOutDir: !(mode in bundles),
    minify: 'oxc',
    // A transport has a default export and the class by name.
    rollupOptions: { output: { exports: 'named', generatedCode: { symbols: false }, minify: true } },
    lib: bundles[mode as keyof typeof bundles] ?? bundles.client,
  },
}));
