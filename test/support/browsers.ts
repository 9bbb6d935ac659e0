/** @module The browsers that the tests drive, each with its own idea of what a host name resolves to. */
import { chromium, type Browser } from '@playwright/test';
import { findBrowser } from '../../scripts/find-browser.mjs';

/** Launches the machine's Chromium with `--host-resolver-rules`. */
export async function launchChromium(hostResolverRules: string, ...moreArguments: string[]): Promise<Browser> {
  const executablePath = findBrowser('chromium');
  if (!executablePath) throw new Error('No Chromium was found: install one, or set CHROMIUM_PATH to it.');
  return chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [`--host-resolver-rules=${hostResolverRules}`, ...moreArguments],
  });
}

/** Sees the sites as a visitor without a proxy does: their names lead to this machine, all others nowhere. */
export function launchDirectChromium(): Promise<Browser> {
  return launchChromium(
    'MAP *.test 127.0.0.1, MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  );
}

/** Knows localhost, where Culvert is; everything else is the canary. */
export function launchProxiedChromium(canaryPort: number): Promise<Browser> {
  return launchChromium(`MAP * 127.0.0.1:${canaryPort}, EXCLUDE localhost`);
}
