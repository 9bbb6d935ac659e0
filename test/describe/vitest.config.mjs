import { defineConfig } from 'vitest/config';

/** Programs of others are started and waited for; one file at a time, as some bring a browser. */
export default defineConfig({
  resolve: { conditions: ['culvert-source'] },
  ssr: { resolve: { conditions: ['culvert-source'] } },
  test: { root: import.meta.dirname, include: ['*.test.mjs'], testTimeout: 120_000, fileParallelism: false },
});
