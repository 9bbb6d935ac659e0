import { defineConfig } from '@playwright/test';

/** Browser tests: real sites held against themselves (`test/`), and what belongs to one package (`packages/<name>/test`). */
export default defineConfig({
  projects: [
    {
      name: 'whole',
      testDir: 'test',
      testMatch: '**/*.spec.ts',
      // These take minutes and have scripts of their own: `npm run test:leaks`, `test:ways`, `test:transports`, `test:sites`.
      testIgnore: ['**/node_modules/**', '**/test/{leaks,transports,large-sites}/**', '**/ways/hosts.spec.ts'],
    },
    { name: 'packages', testDir: 'packages', testMatch: '*/test/**/*.spec.ts' },
  ],
  globalSetup: ['./test/support/build-first.ts', './packages/runtime/test/support/build-bundles.ts'],
  outputDir: 'test-results',
  // Each worker keeps a Culvert and two browsers: more of them than this starve each other on a small machine.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: { actionTimeout: 15_000, navigationTimeout: 30_000, trace: 'off' },
  reporter: [['list']],
});
