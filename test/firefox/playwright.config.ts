import { defineConfig } from '@playwright/test';
import type { Engine } from '../support/browsers.js';
import base from '../../playwright.config.js';

/** The specs that hold a page against itself, and the sites, in Firefox ESR: the same files that Chromium runs. */
export default defineConfig<object, { engine: Engine }>({
  ...base,
  projects: undefined,
  testDir: '..',
  testMatch: [
    'whole.spec.ts',
    'demo.spec.ts',
    'xml.spec.ts',
    'engines.spec.ts',
    'leak-detection.spec.ts',
    'sites/*.spec.ts',
  ],
  globalSetup: '../support/build-first.ts',
  outputDir: '../../test-results/firefox',
  // Its driver takes longer for each step.
  timeout: 180_000,
  use: { ...base.use, engine: 'firefox' },
});
