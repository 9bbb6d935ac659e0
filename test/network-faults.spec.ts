/** @module What breaks on the way is seen by the page as it would be without a proxy, and works again once it is mended. */
import { createHash } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Page } from '@playwright/test';
import { routeTo } from './support/culvert.js';
import { startFaultyRelay, type FaultyRelay } from './support/faulty-relay.js';
import { expect, test as base } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';

/** Beginnings of endless answers, and uploads that have begun: what the test waits for before it breaks something. */
const reached = new Set<string>();

/** Answers that have begun, for the test to go on with. */
const slowAnswers: ServerResponse[] = [];

const listener: RequestListener = (request, response) => {
  const path = request.url!.split('?')[0]!;
  reached.add(path);
  switch (path) {
    case '/':
      response.writeHead(200, { 'content-type': 'text/html' });
      return response.end('<!doctype html><link rel=icon href=data:,><title>Site</title><h1>The site</h1>');
    case '/short-length':
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
      return response.write('half', () => response.socket!.destroy());
    case '/short-chunks':
      response.writeHead(200, { 'content-type': 'text/plain' });
      return response.write('half', () => response.socket!.destroy());
    case '/short-script':
      response.writeHead(200, { 'content-type': 'text/javascript', 'content-length': '1000' });
      return response.write('window.hasRun = true;', () => response.socket!.destroy());
    case '/endless':
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.on('close', () => reached.add('/endless closed'));
      return response.write('first');
    case '/slowly':
      response.writeHead(200, { 'content-type': 'text/plain' });
      slowAnswers.push(response);
      return response.write('first ');
    case '/loop':
      response.writeHead(302, { location: `/loop?${Math.random()}` });
      return response.end();
    case '/slow-document':
      response.writeHead(200, { 'content-type': 'text/html' });
      slowAnswers.push(response);
      return response.write(
        `<!doctype html><link rel=icon href=data:,><title>Slow</title><p id=first>first</p>${'<!-- more -->'.repeat(500)}`,
      );
    case '/held':
    case '/upload': {
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.length));
      return request.on('end', () => response.end(String(size)));
    }
    case '/silent':
      return undefined;
    default:
      return response.writeHead(404).end();
  }
};

/** A WebSocket server that says hello (RFC 6455) and hears nothing but a close frame. */
function greet(request: { headers: Record<string, string | string[] | undefined> }, socket: Duplex): void {
  const key = request.headers['sec-websocket-key'] as string;
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('data', (data: Buffer) => {
    if ((data[0]! & 0x0f) === 8) socket.end(Buffer.from([0x88, 0]));
  });
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from('hello')]));
}

const test = base.extend<{ relay: FaultyRelay; site: Site; visitor: Page }>({
  relay: async ({ culvert }, use) => {
    const relay = await startFaultyRelay(culvert.port);
    await use(relay);
    await relay.close();
  },
  site: async ({}, use) => {
    reached.clear();
    const site = await startSiteInProcess('faults.test', listener, greet);
    await use(site);
    await site.close();
  },
  /** Has opened the site. */
  visitor: async ({ proxiedBrowser, relay, site }, use) => {
    const context = await proxiedBrowser.newContext();
    const page = await context.newPage();
    await page.goto(routeTo(relay.origin, `${site.origin}/`));
    await expect(page.getByRole('heading', { name: 'The site' })).toBeVisible();
    // The parsers come from the same server, when they are first needed: a page that had none before it failed could evaluate
    // no such text (test/known-gaps.json).
    await run(page, 'location.href');
    await use(page);
    await context.close();
  },
});

/** Evaluates as a script of the page would. */
const run = <T>(page: Page, source: string) => page.evaluate((text) => (0, eval)(text) as T, source);

test('a body that ends early is a network error, never a short success', async ({ visitor }) => {
  const outcome = (path: string) =>
    run(visitor, `fetch('${path}').then((r) => r.text()).then((text) => 'got ' + text, (error) => error.name)`);
  expect(await outcome('/short-length')).toBe('TypeError');
  expect(await outcome('/short-chunks')).toBe('TypeError');
});

test('an XMLHttpRequest whose body ends early has an error event, and what came before it', async ({ visitor }) => {
  const outcome = (path: string) =>
    run(
      visitor,
      `new Promise((resolve) => { const xhr = new XMLHttpRequest(); const seen = [];
        for (const type of ['loadstart', 'load', 'error', 'abort', 'timeout', 'loadend'])
          xhr.addEventListener(type, () => { seen.push(type); if (type === 'loadend') resolve([...seen, xhr.readyState, xhr.status, xhr.responseText]) });
        xhr.open('GET', '${path}'); xhr.send() })`,
    );
  const failed = ['loadstart', 'error', 'loadend', 4, 0, ''];
  expect(await outcome('/short-length')).toEqual(failed);
  expect(await outcome('/short-chunks')).toEqual(failed);
});

test('a script that ends early does not run', async ({ visitor }) => {
  const outcome = await run(
    visitor,
    `new Promise((resolve) => { const script = document.createElement('script'); script.src = '/short-script';
      script.onload = () => resolve('load'); script.onerror = () => resolve('error'); document.head.append(script) })`,
  );
  expect([outcome, await run(visitor, 'typeof hasRun')]).toEqual(['error', 'undefined']);
});

test('a loop of redirects ends as a network error', async ({ visitor }) => {
  expect(await run(visitor, `fetch('/loop').then(() => 'got', (error) => error.name)`)).toBe('TypeError');
});

test('a navigation without a Bare server shows a page whose retry works once it is back', async ({
  visitor,
  relay,
  site,
}) => {
  await relay.kill();
  await visitor.goto(routeTo(relay.origin, `${site.origin}/?again`));
  const retry = visitor.getByRole('link', { name: 'Try again' });
  await expect(retry).toBeVisible();
  await relay.restart();
  await retry.click();
  await expect(visitor.getByRole('heading', { name: 'The site' })).toBeVisible();
});

test('a stream breaks off when the Bare server dies, and the next request succeeds when it is back', async ({
  visitor,
  relay,
}) => {
  await run(
    visitor,
    `void fetch('/endless').then(async (response) => { const reader = response.body.getReader(); await reader.read();
      window.began = true; window.end = await reader.read().then(() => 'more', (error) => error.name) })`,
  );
  await visitor.waitForFunction('window.began');
  await relay.kill();
  await expect.poll(() => run(visitor, 'window.end')).toBe('TypeError');
  await relay.restart();
  expect(await run(visitor, `fetch('/').then((response) => response.status)`)).toBe(200);
});

test('an upload fails when the Bare server is gone, and can be sent again', async ({ visitor, relay }) => {
  const upload = () =>
    run(
      visitor,
      `fetch('/upload', { method: 'POST', body: new Uint8Array(3e6) }).then((r) => r.text(), (error) => error.name)`,
    );
  await relay.kill();
  expect(await upload()).toBe('TypeError');
  expect(reached.has('/upload')).toBe(false);
  await relay.restart();
  expect(await upload()).toBe('3000000');
});

test('a WebSocket closes uncleanly when the Bare server dies, and a new one opens when it is back', async ({
  visitor,
  relay,
}) => {
  const open = () =>
    run<string>(
      visitor,
      `new Promise((resolve) => { const socket = new WebSocket('/ws'); window.closes = [];
        socket.onclose = ({ code, wasClean }) => { closes.push([code, wasClean]); resolve('closed') };
        socket.onmessage = ({ data }) => resolve(data) })`,
    );
  expect(await open()).toBe('hello');
  await relay.kill();
  await expect.poll(() => run(visitor, 'closes')).toEqual([[1006, false]]);
  expect(await open()).toBe('closed');
  await relay.restart();
  expect(await open()).toBe('hello');
});

test('what waits for a stalled Bare server can be given up, and what does not is answered when it goes on', async ({
  visitor,
  relay,
}) => {
  relay.stall();
  await run(
    visitor,
    `window.waiting = fetch('/').then((response) => response.status);
     window.controller = new AbortController();
     window.givenUp = fetch('/silent', { signal: controller.signal }).catch((error) => error.name); 0`,
  );
  await run(visitor, 'controller.abort()');
  expect(await run(visitor, 'givenUp')).toBe('AbortError');
  relay.resume();
  expect(await run(visitor, 'waiting')).toBe(200);
});

test('what a page gives up ends at the site', async ({ visitor }) => {
  await run(
    visitor,
    `window.controller = new AbortController();
     void fetch('/endless', { signal: controller.signal }).then(async (response) => { const reader = response.body.getReader();
      await reader.read(); window.began = true; window.end = await reader.read().then(() => 'more', (error) => error.name) })`,
  );
  await visitor.waitForFunction('window.began');
  await run(visitor, 'controller.abort()');
  await expect.poll(() => run(visitor, 'window.end')).toBe('AbortError');
  await expect.poll(() => reached.has('/endless closed')).toBe(true);
});

test('a navigation whose answer breaks off shows a page whose retry works', async ({ visitor, relay, site }) => {
  relay.truncate(40);
  await visitor.goto(routeTo(relay.origin, `${site.origin}/?cut`));
  const retry = visitor.getByRole('link', { name: 'Try again' });
  await expect(retry).toBeVisible();
  relay.truncate(null);
  await retry.click();
  await expect(visitor.getByRole('heading', { name: 'The site' })).toBeVisible();
});

test('a navigation waits for a stalled Bare server, and shows the page when it goes on', async ({
  visitor,
  relay,
  site,
}) => {
  relay.stall();
  const asked = visitor.waitForRequest((request) => request.url().includes('late'));
  const opened = visitor.goto(routeTo(relay.origin, `${site.origin}/?late`));
  await asked;
  relay.resume();
  await opened;
  await expect(visitor.getByRole('heading', { name: 'The site' })).toBeVisible();
  expect(await run(visitor, 'location.search')).toBe('?late');
});

test('a stream, an upload and a WebSocket that break off fail, and succeed when they are tried again', async ({
  visitor,
  relay,
}) => {
  const stream = `fetch('/').then((r) => r.text()).then((text) => text.includes('The site'), (error) => error.name)`;
  const upload = `fetch('/upload', { method: 'POST', body: new Uint8Array(3e5) }).then((r) => r.text()).catch((error) => error.name)`;
  const socket = `new Promise((resolve) => { const socket = new WebSocket('/ws');
    socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]); socket.onmessage = ({ data }) => resolve(data) })`;
  relay.truncate(40);
  expect([await run(visitor, stream), await run(visitor, upload), await run(visitor, socket)]).toEqual([
    'TypeError',
    'TypeError',
    [1006, false],
  ]);
  relay.truncate(null);
  expect([await run(visitor, stream), await run(visitor, upload), await run(visitor, socket)]).toEqual([
    true,
    '300000',
    'hello',
  ]);
});

test('an upload and a WebSocket that wait for a stalled Bare server go on with it', async ({ visitor, relay }) => {
  relay.stall();
  await run(
    visitor,
    `window.uploaded = fetch('/upload', { method: 'POST', body: new Uint8Array(3e6) }).then((r) => r.text());
     window.greeted = new Promise((resolve) => { const socket = new WebSocket('/ws');
       socket.onmessage = ({ data }) => resolve(data); socket.onclose = () => resolve('closed') }); 0`,
  );
  expect(reached.has('/upload')).toBe(false);
  relay.resume();
  expect([await run(visitor, 'uploaded'), await run(visitor, 'greeted')]).toEqual(['3000000', 'hello']);
});

test('a stream whose Bare server stalls goes on where it was, or ends when the page gives it up', async ({
  visitor,
  relay,
}) => {
  slowAnswers.length = 0;
  await run(
    visitor,
    `window.controller = new AbortController();
     const open = (init) => fetch('/slowly', init).then(async (response) => { const reader = response.body.getReader();
      const first = await reader.read(); window.began = (window.began ?? 0) + 1;
      let text = new TextDecoder().decode(first.value);
      for (;;) { const { done, value } = await reader.read(); if (done) return text; text += new TextDecoder().decode(value) } });
     window.whole = open({}); window.givenUp = open({ signal: controller.signal }).catch((error) => error.name); 0`,
  );
  await visitor.waitForFunction('window.began === 2');
  relay.stall();
  for (const answer of slowAnswers) answer.write('second ');
  await run(visitor, 'controller.abort()');
  expect(await run(visitor, 'givenUp')).toBe('AbortError');
  relay.resume();
  for (const answer of slowAnswers) answer.end('last');
  expect(await run(visitor, 'whole')).toBe('first second last');
});

test('a document that has begun when its Bare server stalls is whole when it goes on', async ({
  visitor,
  relay,
  site,
}) => {
  slowAnswers.length = 0;
  const opened = visitor.goto(routeTo(relay.origin, `${site.origin}/slow-document`), { waitUntil: 'load' });
  // A failure of it shows below.
  opened.catch(() => undefined);
  await expect.poll(() => visitor.locator('#first').count()).toBe(1);
  relay.stall();
  slowAnswers[0]!.end('<p id=second>second');
  expect(await visitor.locator('#second').count()).toBe(0);
  relay.resume();
  await opened;
  await expect(visitor.locator('#second')).toHaveText('second');
});

test('an upload and a WebSocket that are under way when their Bare server stalls go on with it', async ({
  visitor,
  relay,
}) => {
  await run(
    visitor,
    `window.messages = []; window.socket = new WebSocket('/ws'); socket.onmessage = ({ data }) => messages.push(data);
     socket.onclose = ({ code, wasClean }) => messages.push([code, wasClean]); 0`,
  );
  await expect.poll(() => run(visitor, 'messages')).toEqual(['hello']);
  await run(
    visitor,
    `window.uploaded = fetch('/held', { method: 'POST', body: new Uint8Array(3e6) }).then((r) => r.text()); 0`,
  );
  await expect.poll(() => reached.has('/held')).toBe(true);
  relay.stall();
  // The site hears of the end of the socket when the way is open again, and says goodbye.
  await run(visitor, 'socket.close(1000)');
  expect(await run(visitor, 'messages')).toEqual(['hello']);
  relay.resume();
  expect(await run(visitor, 'uploaded')).toBe('3000000');
  await expect.poll(() => run(visitor, 'messages')).toHaveLength(2);
});

test('an upload that is under way fails when the Bare server dies', async ({ visitor, relay }) => {
  // The site takes it and does not answer.
  await run(
    visitor,
    `window.outcome = null; void fetch('/silent', { method: 'POST', body: new Uint8Array(3e5) })
      .then((r) => r.status, (error) => error.name).then((outcome) => { window.outcome = outcome })`,
  );
  await expect.poll(() => reached.has('/silent')).toBe(true);
  await relay.kill();
  await expect.poll(() => run(visitor, 'outcome')).toBe('TypeError');
  await relay.restart();
});
