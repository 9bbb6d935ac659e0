import { defineConfig } from '@playwright/test';
import type { Engine } from '../support/browsers.js';
import base from '../../playwright.config.js';

/** The specs that hold a page against itself, and the sites, in Firefox ESR: the same files that Chromium runs. */
export default defineConfig<object, { engine: Engine }>({
  ...base,
  projects: undefined,
  testDir: '..',
  testMatch: ['whole.spec.ts', 'demo.spec.ts', 'xml.spec.ts', 'engines.spec.ts', 'sites/*.spec.ts'],
  // What docs/engines.md lists: Firefox's driver has no colour schemes, and the demo is 20 pixels too wide there at 360; markup that is not
  // well-formed does not end in an XML document as it does in Firefox.
  grepInvert: /360 pixels|an XHTML document is one/,
  globalSetup: '../support/build-first.ts',
  outputDir: '../../test-results/firefox',
  // Its driver takes longer for each step.
  timeout: 180_000,
  use: { ...base.use, engine: 'firefox' },
});
