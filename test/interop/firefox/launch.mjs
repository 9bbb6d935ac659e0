/**
 * @module
 * Firefox over WebDriver BiDi.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser } from '../../../scripts/find-browser.mjs';

/** Launches Firefox, or gives null where there is none. Its driver belongs to the test tree. */
export async function launchFirefox() {
  const executablePath = findBrowser('firefox');
  if (!executablePath) return null;
  const require = createRequire(path.join(import.meta.dirname, '../../package.json'));
  const { default: puppeteer } = await import(pathToFileURL(require.resolve('puppeteer-core')).href);
  return puppeteer.launch({ browser: 'firefox', executablePath, protocol: 'webDriverBiDi', headless: true });
}
