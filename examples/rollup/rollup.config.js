import { readFileSync } from 'node:fs';
import culvert from '@culvert/vite-plugin/rollup';
import { nodeResolve } from '@rollup/plugin-node-resolve';

/** Rollup leaves pages to others: this one is copied. */
const page = {
  name: 'page',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'index.html', source: readFileSync('src/index.html') });
  },
};

export default {
  input: 'src/main.js',
  output: { dir: 'dist', format: 'es' },
  // The Bare server is chosen by a function, which runs in the worker.
  plugins: [culvert({ config: 'src/culvert.config.js' }), nodeResolve(), page],
};
