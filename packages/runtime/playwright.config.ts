import { defineConfig } from '@playwright/test';

/** The runtime alone, in the browser, against a service worker and a server small enough to read (`test/support`). */
export default defineConfig({
  testDir: './test',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 1,
  timeout: 20_000,
  reporter: 'line',
  globalSetup: './test/support/build-bundles.ts',
});
