/**
 * @module A cookie that a script sets is in the request of the next line, whatever makes that request: the cookie and the request
 * reach the worker by different ways.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Page } from '@playwright/test';
import { expect, test as base } from '../support/proxied-page.js';
import { startSiteInProcess, type Site } from '../support/site.js';

interface CookieSite extends Site {
  /** The value of the cookie `n` by the path that was asked for. */
  readonly seen: Map<string, string>;
}

const rounds = 40;

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', html: 'text/html' };
const bodies: Readonly<Record<string, string>> = {
  'worker.js': `onmessage = ({ data }) => fetch(data).then(() => postMessage(data))`,
  'page.html': '<!doctype html><link rel=icon href=data:,><title>Cookies</title><body>',
};

async function startCookieSite(): Promise<CookieSite> {
  const seen = new Map<string, string>();
  const note = (path: string, { cookie = '' }: IncomingHttpHeaders) => {
    if (!seen.has(path)) seen.set(path, /(?:^|; )n=([^;]*)/.exec(cookie)?.[1] ?? 'none');
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?')[0]!;
    note(path, request.headers);
    request.resume();
    response.setHeader('content-type', types[path.split('.').pop()!] ?? 'text/plain');
    response.setHeader('cache-control', 'no-store');
    response.end(bodies[path.split('/').pop()!] ?? '');
  };
  const upgrade = (request: IncomingMessage, socket: Duplex) => {
    note(request.url!, request.headers);
    socket.on('error', () => socket.destroy());
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  };
  const site = await startSiteInProcess('order.localhost', answer, upgrade);
  return { ...site, seen, close: () => site.close() };
}

/** What makes a request to `url`, as scripts of the page; `frame` and `worker` are there already. */
const requests: Readonly<Record<string, string>> = {
  fetch: 'fetch(url)',
  'fetch with keepalive': 'fetch(url, { keepalive: true })',
  'fetch with a body': `fetch(url, { method: 'POST', body: 'x' })`,
  XMLHttpRequest: `const xhr = new XMLHttpRequest(); xhr.open('GET', url); xhr.send()`,
  'synchronous XMLHttpRequest': `const xhr = new XMLHttpRequest(); xhr.open('GET', url, false); xhr.send()`,
  image: 'new Image().src = url',
  script: `document.body.append(Object.assign(document.createElement('script'), { src: url + '.js' }))`,
  'module script': 'import(url + ".js")',
  stylesheet: `document.body.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url + '.css' }))`,
  sendBeacon: 'navigator.sendBeacon(url, "x")',
  EventSource: 'new EventSource(url).onerror = ({ target }) => target.close()',
  WebSocket: 'new WebSocket(url.replace("http", "ws"))',
  'dedicated worker': 'worker.postMessage(url)',
  'inserted frame': `document.body.append(Object.assign(document.createElement('iframe'), { src: url + '.html' }))`,
};

const test = base.extend<{ site: CookieSite; visitor: Page }>({
  site: async ({}, use) => {
    const site = await startCookieSite();
    await use(site);
    await site.close();
  },
  /** Has opened the site. */
  visitor: async ({ proxied, site }, use) => {
    await proxied.open(`${site.origin}/page.html`);
    await run(
      proxied.page,
      `window.worker = new Worker('/worker.js'); worker.postMessage('/ready');
       new Promise((resolve) => (worker.onmessage = resolve)).then(() => 0)`,
    );
    await use(proxied.page);
  },
});

/** Evaluates as a script of the page would. */
const run = <T>(page: Page, source: string) => page.evaluate((text) => (0, eval)(text) as T, source);

/** Those requests that had an older cookie than the one that was set before. A newer one may be set while a request is on its way. */
async function staleOnes(site: CookieSite, kind: string): Promise<string[]> {
  const pathOf = (round: number) =>
    [...site.seen.keys()].find((path) => new RegExp(`^/${kind}/${round}(?:\\.\\w+)?$`).test(path));
  await expect
    .poll(() => Array.from({ length: rounds }, (_, round) => pathOf(round)).filter(Boolean).length)
    .toBe(rounds);
  return Array.from({ length: rounds }, (_, round) => site.seen.get(pathOf(round)!)!).flatMap((value, round) =>
    Number(value) >= round ? [] : [`${round}: ${value}`],
  );
}

const sets: Readonly<Record<string, string>> = {
  'document.cookie': `document.cookie = 'n=' + round`,
  'cookieStore.set': `await cookieStore.set('n', String(round))`,
};

/** A worker's requests have a way of their own to the service worker, which no request of the page is in order with. */
const unordered = new Set(['dedicated worker by document.cookie']);

for (const [how, set] of Object.entries(sets)) {
  test(`a request has what ${how} set in the line before, ${rounds} times of ${rounds}`, async ({ visitor, site }) => {
    for (const [kind, request] of Object.entries(requests)) {
      if (unordered.has(`${kind} by ${how}`)) continue;
      const name = `${kind.replaceAll(' ', '-').toLowerCase()}`;
      await run(
        visitor,
        `(async () => { for (let round = 0; round < ${rounds}; round++) {
          const url = location.origin + '/${name}/' + round; ${set}; { ${request} }
          // Each round is a task of its own, as a handler of events is.
          await new Promise((resolve) => setTimeout(resolve));
        } })()`,
      );
      expect.soft(await staleOnes(site, name), kind).toEqual([]);
    }
  });
}

const navigations: Readonly<Record<string, string>> = {
  'location.href': 'location.href = url',
  'a link': `const link = document.createElement('a'); link.href = url; document.body.append(link); link.click()`,
  'a form': `document.body.innerHTML = '<form>'; document.forms[0].action = url; document.forms[0].submit()`,
  'a form that posts': `document.body.innerHTML = '<form method=post>'; document.forms[0].action = url; document.forms[0].submit()`,
};

test('a navigation has the cookie of the line before', async ({ visitor, site }) => {
  let round = 0;
  for (const [kind, navigate] of Object.entries(navigations)) {
    for (const last = round + 8; round < last; round++) {
      const url = `${site.origin}/${round}/page.html`;
      await Promise.all([
        visitor.waitForEvent('load'),
        run(
          visitor,
          `setTimeout(() => { const url = '${url}'; document.cookie = 'n=${round}; path=/'; ${navigate} }); 0`,
        ),
      ]);
      await expect.poll(() => site.seen.get(`/${round}/page.html`), kind).toBe(String(round));
    }
  }
});

test('telling the worker of a cookie shows in no performance entry, and calls no observer', async ({
  visitor,
  site,
}) => {
  await run(
    visitor,
    `window.calls = []; new PerformanceObserver((list) => {
      calls.push(list.getEntries().map(({ name }) => new URL(name).pathname));
      document.cookie = 'calls=' + calls.length;
    }).observe({ type: 'resource' });
    performance.clearResourceTimings(); document.cookie = 'n=1'; 0`,
  );
  await run(visitor, `fetch('/after-it').then(() => 0)`);
  await expect.poll(() => site.seen.get('/after-it')).toBe('1');
  await expect.poll(() => run(visitor, 'calls.length')).toBeGreaterThan(0);
  // The observer's own cookie would be told of by now.
  await run(visitor, `fetch('/later').then(() => 0)`);
  await expect.poll(() => run(visitor, 'calls')).toEqual([['/after-it'], ['/later']]);
  const names = `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)`;
  expect(await run(visitor, names)).toEqual(['/after-it', '/later']);
});
