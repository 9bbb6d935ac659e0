/**
 * @module
 * Who shows the pages. Each is opened in a browser context of its own, at a blank page, so that its worker runs; what it gives back
 * sends the same tab on.
 */
import path from 'node:path';
import * as scramjet from '../../test/interop/proxies/scramjet.mjs';
import * as ultraviolet from '../../test/interop/proxies/ultraviolet.mjs';
import { buildOurTransport } from '../../test/interop/support/build-ours.mjs';
import { serveFiles } from '../../test/interop/support/page-host.mjs';

/**
 * @typedef {object} Visit
 * @property {import('@playwright/test').Page} page
 * @property {() => import('@playwright/test').Frame} frame that shows the site
 * @property {(url: string) => unknown} go
 */

/**
 * The published proxies take our transport and our Bare server.
 *
 * @returns {Promise<{ subjects: Record<string, (context, blank: string) => Promise<Visit>>, close: () => void }>}
 */
export async function startSubjects(root, culvertOrigin) {
  const transport = await buildOurTransport(root);
  const hosts = [];
  const startHost = async ({ files, pages }) => {
    const roots = { ...files, '/ours/': path.join(path.dirname(transport), '/') };
    const host = await serveFiles(roots, pages(`${culvertOrigin}/bare/`));
    hosts.push(host);
    return host.url;
  };
  const subjects = {
    ours: throughCulvert(culvertOrigin),
    direct: async (context) => navigator(await context.newPage(), (url) => url),
    ultraviolet: throughProxy(ultraviolet, await startHost(ultraviolet)),
    scramjet: throughProxy(scramjet, await startHost(scramjet)),
  };
  return { subjects, close: () => hosts.forEach((host) => host.close()) };
}

const navigator = (page, address) => ({
  page,
  frame: () => page.mainFrame(),
  // Not awaited: the load is seen by its events. Where it fails they do not come.
  go: (url) => void page.goto(address(url), { timeout: 120_000 }).catch(() => undefined),
});

function throughCulvert(origin) {
  const address = (url) => {
    const [remote, fragment] = url.split('#');
    return `${origin}/service/html/${encodeURIComponent(remote)}${fragment === undefined ? '' : `#${fragment}`}`;
  };
  return async (context, blank) => {
    const page = await context.newPage();
    // The first visit registers the worker and comes again.
    await page.goto(address(blank));
    await page.waitForFunction(() => document.title === 'Blank');
    await page.waitForLoadState('load');
    return navigator(page, address);
  };
}

/** Opens a blank page the published way; from there the same frame is sent on. */
function throughProxy(proxy, host) {
  return async (context, blank) => {
    const frame = await proxy.open(context, host, blank);
    const isThere = () => document.querySelector('h1')?.textContent === 'Blank';
    await frame.waitForFunction(isThere, undefined, { timeout: 60_000 });
    const page = frame.page();
    if (proxy !== scramjet) return navigator(page, (url) => proxy.addressOf(host, url));
    return {
      page,
      frame: () => page.frames().find((other) => other.parentFrame() !== null),
      go: (url) => page.evaluate((target) => void globalThis.frame.go(target), url),
    };
  };
}
