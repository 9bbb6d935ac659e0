import { defineConfig } from '@playwright/test';

/** `npm run test:transports`: apart from the other browser tests, since the transports of others are installed for it alone. */
export default defineConfig({
  testDir: '.',
  globalSetup: '../support/build-first.ts',
  outputDir: '../../test-results',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { actionTimeout: 15_000, navigationTimeout: 30_000, trace: 'off' },
  reporter: [['list']],
});
