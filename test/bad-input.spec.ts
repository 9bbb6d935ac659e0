/** @module What cannot be opened ends in a page that says so and what to do, soon. Nothing hangs. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import type * as culvertPackage from '../packages/culvert/src/index.js';
import { launchChromium } from './support/browsers.js';
import { startCulvert, type Culvert } from './support/culvert.js';
import { findClosedPort, startSilentSite, startUntrustedSite } from './support/deaf-sites.js';
import { expect, test as base } from './support/proxied-page.js';

type CulvertModule = typeof culvertPackage;

/** How long a visitor waits at most for the page that says what is wrong, the worker's start included. */
const patience = 12_000;

const test = base.extend<{ visitor: Page }, { strictCulvert: Culvert }>({
  /** Culvert as it is without any option: it resolves names itself and refuses private addresses. */
  strictCulvert: [
    async ({}, use) => {
      const culvert = await startCulvert();
      await use(culvert);
      await culvert.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  visitor: async ({ proxiedBrowser }, use) => {
    const context = await proxiedBrowser.newContext();
    await use(await context.newPage());
    await context.close();
  },
});

interface Explanation {
  /** What the page says is wrong. */
  says: RegExp;
  /** What it says to do. */
  advises: RegExp;
}

/** The page has a heading that names the fault, advice, and something to go on with. */
async function expectExplanation(page: Page, { says, advises }: Explanation): Promise<void> {
  await expect(page.getByRole('heading', { name: says })).toBeVisible({ timeout: patience });
  await expect(page.getByText(advises).first()).toBeVisible();
  await expect(page.getByRole('link').or(page.getByRole('button')).filter({ visible: true }).first()).toBeVisible();
}

/** Opens a path below Culvert's scope as it is written. */
function openRoute(page: Page, culvert: Culvert, route: string) {
  return page.goto(`${culvert.origin}/service/${route}`);
}

const routes: Record<string, Explanation & { route: string }> = {
  'a route whose address is not a URL': {
    route: `html/${encodeURIComponent('not a url')}`,
    says: /no address of a page/i,
    advises: /enter the site’s address/i,
  },
  'a route with an unknown scheme': {
    route: `html/${encodeURIComponent('gopher://example.com/')}`,
    says: /cannot be opened/i,
    advises: /http: or https:/i,
  },
  'a route with an unknown asset': {
    route: `nonsense/${encodeURIComponent('http://example.com/')}`,
    says: /nothing at this address/i,
    advises: /enter the site’s address/i,
  },
  'a route that cannot be decoded': {
    route: 'html/http%3A%2F%2Fexample.com%2F%E0%A4%A',
    says: /no address of a page/i,
    advises: /enter the site’s address/i,
  },
};

for (const [name, { route, ...explanation }] of Object.entries(routes)) {
  test(`${name} is explained`, async ({ visitor, culvert }) => {
    await openRoute(visitor, culvert, route);
    await expectExplanation(visitor, explanation);
  });
}

test('the address field says that an address is not a URL', async ({ visitor, culvert }) => {
  await visitor.goto(culvert.origin);
  const field = visitor.getByRole('textbox', { name: /address/i });
  await field.fill('http://not a host/');
  await field.press('Enter');
  await expect(visitor.getByRole('alert').filter({ visible: true })).toContainText(/not a web address/i);
});

test('the address field says that a scheme is unknown', async ({ visitor, culvert }) => {
  await visitor.goto(culvert.origin);
  const field = visitor.getByRole('textbox', { name: /address/i });
  await field.fill('gopher://example.com/');
  await field.press('Enter');
  await expect(visitor.getByRole('alert').filter({ visible: true })).toContainText(/gopher:.*only http: and https:/i);
});

test('a Bare server that is down is explained', async ({ visitor }) => {
  const culvert = await startCulvert(['--resolve', '*:*:127.0.0.1', '--allow-private']);
  try {
    // The worker is there already; then the server goes.
    await openRoute(visitor, culvert, `html/${encodeURIComponent('gopher://example.com/')}`);
    await expectExplanation(visitor, { says: /cannot be opened/i, advises: /http:/i });
  } finally {
    await culvert.close();
  }
  await visitor.goto(culvert.routeTo('http://site.test/'));
  await expectExplanation(visitor, {
    says: /(proxy|Bare) server (cannot be reached|does not answer)/i,
    advises: /connection|running/i,
  });
});

test('no service workers in the browser is explained at a route', async ({ visitor, culvert }) => {
  await removeServiceWorkers(visitor);
  await visitor.goto(culvert.routeTo('http://example.com/'));
  await expectExplanation(visitor, { says: /no service workers/i, advises: /another browser/i });
});

test('no service workers in the browser is explained in the demo', async ({ visitor, culvert }) => {
  await removeServiceWorkers(visitor);
  await visitor.goto(`${culvert.origin}/#http://example.com/`);
  await expectExplanation(visitor, { says: /no service workers/i, advises: /another browser/i });
});

test('an insecure context is explained at a route and in the demo', async ({ culvert }) => {
  const browser = await launchChromium('MAP culvert.test 127.0.0.1');
  try {
    const page = await browser.newPage();
    const explanation = { says: /not secure enough/i, advises: /https:.*localhost|localhost.*https:/i };
    const origin = `http://culvert.test:${culvert.port}`;
    await page.goto(`${origin}/service/html/${encodeURIComponent('http://example.com/')}`);
    await expectExplanation(page, explanation);
    await page.goto(`${origin}/#http://example.com/`);
    await expectExplanation(page, explanation);
  } finally {
    await browser.close();
  }
});

test('a host that does not exist is explained', async ({ visitor, strictCulvert }) => {
  await visitor.goto(strictCulvert.routeTo('http://no-such-host.invalid/'));
  await expectExplanation(visitor, { says: /could not be found/i, advises: /typing mistakes/i });
});

test('a refused connection is explained', async ({ visitor, culvert }) => {
  await visitor.goto(culvert.routeTo(`http://refused.test:${await findClosedPort()}/`));
  await expectExplanation(visitor, { says: /refused the connection/i, advises: /may be down/i });
});

test('a certificate that nobody trusts is explained', async ({ visitor, culvert }) => {
  const site = await startUntrustedSite();
  try {
    await visitor.goto(culvert.routeTo(`https://untrusted.test:${site.port}/`));
    await expectExplanation(visitor, { says: /not secure/i, advises: /certificate/i });
    await expect(visitor.getByText('not to be seen')).toHaveCount(0);
  } finally {
    site.close();
  }
});

test('a blocked address is explained, with the option that allows it', async ({ visitor, strictCulvert }) => {
  await visitor.goto(strictCulvert.routeTo(`http://127.0.0.1:${await findClosedPort()}/`));
  await expectExplanation(visitor, { says: /blocked/i, advises: /--allow-private/ });
});

test('a site that never answers is explained once the time is over', async ({ visitor }) => {
  const site = await startSilentSite();
  // The limit of `npm start` is longer than a test should take.
  const main = path.join(import.meta.dirname, '../packages/culvert/dist/index.js');
  const { startSite } = (await import(pathToFileURL(main).href)) as CulvertModule;
  const server = await startSite({
    port: 0,
    upstream: { resolve: ['*:*:127.0.0.1'], allowPrivate: true, headersTimeout: 1500, connectTimeout: 1500 },
  });
  try {
    const route = `service/html/${encodeURIComponent(`http://silent.test:${site.port}/`)}`;
    await visitor.goto(new URL(route, server.url).href);
    await expectExplanation(visitor, { says: /too long to answer/i, advises: /try again/i });
  } finally {
    site.close();
    await server.close();
  }
});

/** As a browser is in which they are switched off. */
async function removeServiceWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
  });
}
