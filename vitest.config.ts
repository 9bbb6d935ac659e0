import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the source they test and run on it, unbuilt. Browser tests are Playwright's (`test/`). */
export default defineConfig({
  resolve: { conditions: ['culvert-source'] },
  ssr: { resolve: { conditions: ['culvert-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'demo/**/*.test.ts', 'scripts/**/*.test.ts', 'test/m-proxy/*.test.mjs'],
    restoreMocks: true,
    // What hangs still fails; property tests on a busy machine take their time.
    testTimeout: 30_000,
  },
});
