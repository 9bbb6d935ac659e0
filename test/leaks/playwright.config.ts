import { defineConfig } from '@playwright/test';
import common from '../../playwright.config.js';

/** `npm run test:leaks`: some minutes, so it is no part of `npm test`. */
export default defineConfig({
  ...common,
  projects: [{ name: 'leaks', testDir: import.meta.dirname }],
  globalSetup: '../support/build-first.ts',
});
