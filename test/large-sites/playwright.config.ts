import { defineConfig } from '@playwright/test';
import common from '../../playwright.config.js';

/** `npm run test:sites`: apart from the other sites, since their installation takes longer than `npm test` should. */
export default defineConfig({
  ...common,
  projects: [{ name: 'large-sites', testDir: import.meta.dirname }],
  // One machine serves the site and two browsers, and DokuWiki's visit is long.
  timeout: 180_000,
  outputDir: '../../test-results',
  globalSetup: ['../support/build-first.ts', './next/build-next.ts'],
});
