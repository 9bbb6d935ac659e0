/** @module The browsers that the tests drive, each with its own idea of what a host name resolves to. */
import path from 'node:path';
import { chromium, firefox, type Browser, type BrowserContext } from '@playwright/test';
import { findBrowser } from '../../scripts/find-browser.mjs';

export type Engine = 'chromium' | 'firefox';
type FirefoxPreferences = Record<string, string | number | boolean>;

/** Launches the machine's Chromium with `--host-resolver-rules`. */
export async function launchChromium(hostResolverRules: string, ...moreArguments: string[]): Promise<Browser> {
  return chromium.launch(chromiumOptions(hostResolverRules, moreArguments));
}

/** The same with a profile in a directory: what Chromium does ahead of a page's wish it does in no private window. */
export async function launchChromiumProfile(
  directory: string,
  hostResolverRules: string,
  ...moreArguments: string[]
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(directory, chromiumOptions(hostResolverRules, moreArguments));
}

function chromiumOptions(hostResolverRules: string, moreArguments: readonly string[]) {
  const executablePath = findBrowser('chromium');
  if (!executablePath) throw new Error('No Chromium was found: install one, or set CHROMIUM_PATH to it.');
  return {
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [`--host-resolver-rules=${hostResolverRules}`, ...moreArguments],
  };
}

/** Launches the machine's Firefox ESR over WebDriver BiDi, without what it does on its own account. */
export function launchFirefox(preferences: FirefoxPreferences): Promise<Browser> {
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: path.join(import.meta.dirname, '../firefox/firefox-esr.mjs'),
    firefoxUserPrefs: { ...quietFirefox, ...preferences },
  });
}

const quietFirefox: FirefoxPreferences = {
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // Pages at http://localhost are a secure context: a modal warning would come before a form to an http: site goes.
  'security.warn_submit_secure_to_insecure': false,
  'dom.security.https_first': false,
  'dom.disable_open_during_load': false,
};

/** Sees the sites as a visitor without a proxy does: their names lead to this machine, all others nowhere. */
export function launchDirectBrowser(engine: Engine): Promise<Browser> {
  if (engine === 'firefox') return launchFirefox({ 'network.dns.forceResolve': '127.0.0.1' });
  return launchChromium(
    'MAP *.test 127.0.0.1, MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  );
}

/** Knows localhost, where Culvert is; everything else is the canary. */
export function launchProxiedBrowser(engine: Engine, canaryPort: number): Promise<Browser> {
  if (engine === 'chromium') return launchChromium(`MAP * 127.0.0.1:${canaryPort}, EXCLUDE localhost`);
  // Firefox maps names, but no ports: the canary is its HTTP proxy, which it uses for all but localhost.
  return launchFirefox({
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': canaryPort,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': canaryPort,
  });
}
