/** @module A page that embeds the proxy listens to requests and answers of proxied pages, and answers in a site's place. */
import path from 'node:path';
import type { RequestListener } from 'node:http';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test as base } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';

const listener: RequestListener = (request, response) => {
  const type = request.url!.startsWith('/file') ? 'application/zip' : 'text/html';
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': type });
    response.end(`<!doctype html><title>Site</title><h1>The site ${Buffer.concat(chunks).toString()}</h1>`);
  });
};

const script = path.join(import.meta.dirname, '../packages/sw/dist/culvert.js');

interface Fixtures {
  site: Site;
  context: BrowserContext;
  /** A page outside of the scope, with the script tag. */
  host: Page;
  visitor: Page;
}

const test = base.extend<Fixtures>({
  site: async ({}, use) => {
    const site = await startSiteInProcess('intercepted.test', listener);
    await use(site);
    await site.close();
  },
  context: async ({ proxiedBrowser }, use) => {
    const context = await proxiedBrowser.newContext();
    await use(context);
    await context.close();
  },
  host: async ({ context, culvert }, use) => {
    await context.route(`${culvert.origin}/culvert.js`, (route) => route.fulfill({ path: script }));
    await context.route(`${culvert.origin}/host.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><link rel=icon href=data:,><script src="/culvert.js" data-bare="/bare/" data-scope="/service/"></script>',
      }),
    );
    const host = await context.newPage();
    await host.goto(`${culvert.origin}/host.html`);
    await host.evaluate('culvert.ready');
    await use(host);
  },
  visitor: async ({ context, host, culvert, site }, use) => {
    await host.evaluate('window.seen = []');
    const visitor = await context.newPage();
    await visitor.goto(culvert.routeTo(`${site.origin}/`));
    await expect(visitor.getByRole('heading', { name: 'The site' })).toBeVisible();
    await use(visitor);
  },
});

const load = (page: Page, url: string, init = '{}') =>
  page.evaluate<string>(
    `(0, eval)(${JSON.stringify(`fetch(${JSON.stringify(url)}, ${init}).then((r) => r.text(), (error) => error.name)`)})`,
  );

test('a page answers requests of proxied pages, streams included', async ({ host, visitor, site }) => {
  await host.evaluate(`culvert.on('request', async (event) => {
    seen.push([event.url, event.request.method, event.initiatorUrl, await event.request.text()]);
    if (event.url.endsWith('/error')) event.respondWith(Response.error());
    if (!event.url.endsWith('/mine')) return;
    const parts = ['from ', 'the host'];
    event.respondWith(new Response(new ReadableStream({
      pull(controller) { const part = parts.shift(); part ? controller.enqueue(new TextEncoder().encode(part)) : controller.close(); },
    })));
  })`);
  expect(await load(visitor, '/mine', `{ method: 'POST', body: 'hello' }`)).toBe('from the host');
  expect(await load(visitor, 'http://elsewhere.test/mine')).toBe('from the host');
  expect(await load(visitor, '/error')).toBe('TypeError');
  expect(await load(visitor, '/theirs', `{ method: 'POST', body: 'whole' }`)).toContain('The site whole');
  expect(await host.evaluate('seen')).toContainEqual([`${site.origin}/mine`, 'POST', `${site.origin}/`, 'hello']);
});

test('a page sees answers, and replaces one by another that is made of it', async ({ host, visitor }) => {
  await host.evaluate(`culvert.on('response', async ({ url, response, respondWith }) => {
    seen.push([url, response.status]);
    if (url.endsWith('/loud')) respondWith(new Response((await response.text()).toUpperCase()));
    else if (url.endsWith('/read')) seen.push(await response.text());
  })`);
  expect(await load(visitor, '/loud')).toContain('THE SITE');
  expect(await load(visitor, '/read')).toContain('The site');
  expect(await host.evaluate('seen.length')).toBe(3);
});

test('a page is told of navigations, failures and downloads', async ({ host, visitor, culvert, site }) => {
  await host.evaluate(`Promise.all(['navigate', 'error', 'download'].map((type) =>
    culvert.on(type, ({ url, status, filename, error }) => seen.push([type, url, status ?? filename ?? error.code]))))`);
  await visitor.goto(culvert.routeTo(`${site.origin}/next`));
  const download = visitor.waitForEvent('download');
  await visitor.evaluate(`(0, eval)("location.href = '/file.zip'")`);
  expect((await download).suggestedFilename()).toBe('file.zip');
  await load(visitor, 'http://closed.test:1/');
  await expect
    .poll(() => host.evaluate('seen'))
    .toEqual([
      ['navigate', `${site.origin}/next`, 200],
      ['download', `${site.origin}/file.zip`, 'file.zip'],
      ['error', 'http://closed.test:1/', expect.any(String)],
    ]);
});

test('a listener that is taken away is asked no more, and a page that is gone holds up nothing', async ({
  host,
  visitor,
}) => {
  await host.evaluate(`culvert.on('request', ({ respondWith }) => respondWith(new Response('mine')))
    .then((remove) => { window.remove = remove })`);
  expect(await load(visitor, '/x')).toBe('mine');
  await host.evaluate('remove()');
  expect(await load(visitor, '/x')).toContain('The site');

  await host.evaluate(`culvert.on('request', () => { window.isAsked = true; return new Promise(() => {}) })`);
  const waiting = load(visitor, '/y');
  await host.waitForFunction('window.isAsked');
  await host.close();
  expect(await waiting).toContain('The site');
  expect(await load(visitor, '/z')).toContain('The site');
});

test('a stream of a page that goes away breaks off', async ({ host, visitor }) => {
  await host.evaluate(`culvert.on('request', ({ respondWith }) => respondWith(new Response(new ReadableStream({
    start(controller) { controller.enqueue(new TextEncoder().encode('first')) },
  }))))`);
  await visitor.evaluate(`void (0, eval)("fetch('/x').then(async ({ body }) => { const reader = body.getReader();" +
    "await reader.read(); window.began = true; window.end = await reader.read().then(() => 'more', (error) => error.name) })")`);
  await visitor.waitForFunction('window.began');
  await host.close();
  await expect.poll(() => visitor.evaluate('window.end')).toBe('TypeError');
});

/** Stores one of each kind, or tells what is there. */
const stored = `(async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length])()`;
const store = `(async () => { localStorage.x = sessionStorage.x = 1; await caches.open('x');
  await new Promise((resolve) => { const r = indexedDB.open('x'); r.onsuccess = () => { r.result.close(); resolve() } }) })()`;

test('Clear-Site-Data clears the storage of its site, in a document and by a subresource, and of no other', async ({
  host,
  visitor,
  culvert,
}) => {
  // Sites that come by https: made here, as no certificate is needed for an answer of a listener.
  await host.evaluate(`culvert.on('request', ({ url, respondWith }) => {
    const { protocol, pathname } = new URL(url);
    const clears = /clear/.test(pathname) ? { 'clear-site-data': '"storage"' } : {};
    if (protocol === 'https:') respondWith(new Response('<!doctype html>', { headers: { 'content-type': 'text/html', ...clears } }));
  })`);
  const evaluate = (text: string) => visitor.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
  const open = (url: string) => visitor.goto(culvert.routeTo(url));
  await open('https://b.test/');
  await evaluate(store);
  await open('https://a.test/');
  await evaluate(store);
  expect(await evaluate(stored)).toEqual([1, 1, 1, 1]);
  await evaluate(`fetch('/clear')`);
  await expect.poll(() => evaluate(stored)).toEqual([0, 0, 0, 0]);
  await evaluate(store);
  await open('https://a.test/clear');
  await expect.poll(() => evaluate(stored)).toEqual([0, 0, 0, 0]);
  await open('https://b.test/');
  expect(await evaluate(stored)).toEqual([1, 1, 1, 1]);
});
