import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['culvert-source'] },
  ssr: { resolve: { conditions: ['culvert-source'] } },
  test: { root: import.meta.dirname, include: ['*.test.mjs'] },
});
