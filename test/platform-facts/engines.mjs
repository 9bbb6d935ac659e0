/** Launches the engines, both over WebDriver BiDi, with every `.test` name leading to this machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const launchOptions = {
  chromium: {
    browser: 'chrome',
    args: [
      '--host-resolver-rules=MAP *.test 127.0.0.1',
      // A worker is not registered over TLS that the browser distrusts, unless the browser is told not to look.
      '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
  firefox: {
    browser: 'firefox',
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1',
      'dom.disable_open_during_load': false,
      // localhost is a secure context, the sites are http: a modal warning would come before the form goes.
      'security.warn_submit_secure_to_insecure': false,
      'media.autoplay.default': 0,
    },
  },
};

/** @param {'chromium' | 'firefox'} engine */
export async function launchEngine(engine, executablePath) {
  const options = launchOptions[engine];
  const logDirectory = mkdtempSync(path.join(tmpdir(), 'culvert-facts-'));
  const netLog = path.join(logDirectory, 'net-log.json');
  const logging = engine === 'chromium' ? [`--log-net-log=${netLog}`] : [];
  const noSandbox = engine === 'chromium' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await puppeteer.launch({
    ...options,
    args: [...(options.args ?? []), ...noSandbox, ...logging],
    executablePath,
    protocol: 'webDriverBiDi',
    acceptInsecureCerts: true,
    headless: true,
  });
  return {
    version: () => browser.version(),
    /** Ends the browser; gives the host names that it looked up, where it keeps a log of that. */
    async close() {
      await browser.close();
      const lookedUp = logging.length > 0 ? readLookups(netLog) : new Set();
      rmSync(logDirectory, { recursive: true, force: true });
      return lookedUp;
    },
    async newPage() {
      const page = await browser.newPage();
      page.setDefaultTimeout(10_000);
      return page;
    },
    /** Registers the worker of an origin and waits until it is active. */
    async installWorker(origin) {
      const page = await browser.newPage();
      try {
        await page.goto(`${origin}/start`);
        await page.waitForFunction(() => document.title !== 'start', { timeout: 10_000 });
        const title = await page.title();
        if (title !== 'ready') throw new Error(`no service worker at ${origin}: ${title}`);
      } finally {
        await page.close();
      }
    },
  };
}

/** The hosts that Chromium's resolver was asked for. */
function readLookups(netLog) {
  const { constants, events } = JSON.parse(readFileSync(netLog, 'utf8'));
  const names = Object.fromEntries(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  const hosts = events
    .filter(({ type, params }) => names[type]?.startsWith('HOST_RESOLVER') && params?.host)
    .map(({ params }) => new URL(params.host.includes('://') ? params.host : `http://${params.host}`).hostname);
  return new Set(hosts);
}
