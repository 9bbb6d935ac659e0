import { defineConfig } from '@playwright/test';
import common from '../../playwright.config.js';

/** The second half of `npm run test:ways`: all sites from hosts of other makers. */
export default defineConfig({
  ...common,
  projects: [{ name: 'hosts', testDir: import.meta.dirname, testMatch: 'hosts.spec.ts' }],
  globalSetup: '../support/build-first.ts',
});
