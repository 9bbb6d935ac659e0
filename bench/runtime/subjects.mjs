/**
 * @module
 * Who shows the pages: Chromium itself, Culvert, and the published proxies over our transport, each in a context of its own that stays
 * open for the whole run.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../../test/interop/proxies/packages.mjs';
import * as scramjet from '../../test/interop/proxies/scramjet.mjs';
import * as ultraviolet from '../../test/interop/proxies/ultraviolet.mjs';
import { buildOurs } from '../../test/interop/support/build-ours.mjs';
import { serveFiles } from '../../test/interop/support/page-host.mjs';

const viewport = { width: 1000, height: 800 };
const settled = { timeout: 60_000, polling: 100 };

/**
 * @typedef {object} Subject
 * @property {import('@playwright/test').Page} page
 * @property {() => import('@playwright/test').Frame} frame the one that shows the site
 * @property {(url: string) => Promise<void>} go sends it there, and does not wait until it is
 */

/** @returns {Promise<{ subjects: Record<string, Subject>, peers: Record<string, string>, close: () => void }>} */
export async function openSubjects(browser, culvert, root, blank) {
  const subjects = { direct: await direct(browser), ours: await throughCulvert(browser, culvert, blank) };
  const hosts = [];
  if (existsSync(packageFolder('@mercuryworkshop/scramjet'))) {
    const { transport } = await buildOurs(root);
    for (const [name, proxy] of Object.entries({ ultraviolet, scramjet })) {
      const files = { ...proxy.files, '/ours/': path.join(path.dirname(transport), '/') };
      const host = await serveFiles(files, proxy.pages(`${culvert.origin}/bare/`));
      hosts.push(host);
      subjects[name] = await throughProxy(browser, proxy, host.url, blank);
    }
  } else {
    console.error(
      'The published proxies are not installed and so not in this run: `node scripts/ensure-installed.mjs --interop` does it.',
    );
  }
  return { subjects, close: () => hosts.forEach((host) => host.close()) };
}

/** Sends a subject to a page of ours, and waits for a global of it. */
export async function show(subject, url, global) {
  await subject.go(url);
  await subject.frame().waitForFunction((name) => globalThis[name] !== undefined, global, settled);
  return subject.frame();
}

async function direct(browser) {
  const context = await browser.newContext({ viewport });
  return inPage(await context.newPage(), (url) => url);
}

/** The first visit registers the worker and comes again. */
async function throughCulvert(browser, culvert, blank) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const address = (url) => `${culvert.origin}/service/html/${encodeURIComponent(url)}`;
  await page.goto(address(blank));
  await page.waitForFunction(() => document.title === 'Blank');
  await page.waitForLoadState('load');
  return inPage(page, address);
}

/** Opens the blank page the published way; from there the same frame is sent on. */
async function throughProxy(browser, proxy, host, blank) {
  const context = await browser.newContext({ viewport });
  const frame = await proxy.open(context, host, blank);
  await frame.waitForFunction(() => document.title === 'Blank', undefined, settled);
  const page = frame.page();
  if (proxy === ultraviolet) return inPage(page, (url) => proxy.addressOf(host, url));
  // It shows the page in a frame, which is as large as a page of the others is.
  await page.evaluate(({ width, height }) => {
    Object.assign(document.querySelector('iframe').style, { width: `${width}px`, height: `${height}px`, border: '0' });
    document.body.style.margin = '0';
  }, viewport);
  return {
    page,
    frame: () => page.frames().find((other) => other.parentFrame() === page.mainFrame()),
    go: (url) => page.evaluate((target) => void globalThis.frame.go(target), url),
  };
}

const inPage = (page, address) => ({
  page,
  frame: () => page.mainFrame(),
  go: (url) => page.goto(address(url), { waitUntil: 'commit', timeout: settled.timeout }),
});
