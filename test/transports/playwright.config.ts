import { defineConfig } from '@playwright/test';

/** `npm run test:transports`: apart from the other browser tests, since the transports of others are installed for it alone. */
export default defineConfig({
  testDir: '.',
  globalSetup: '../support/build-first.ts',
  outputDir: '../../test-results',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  // Hundreds of modules, each through a TCP stack and parsers in WebAssembly: on a busy machine that takes its time.
  expect: { timeout: 30_000 },
  use: { actionTimeout: 45_000, navigationTimeout: 30_000, trace: 'off' },
  reporter: [['list']],
});
