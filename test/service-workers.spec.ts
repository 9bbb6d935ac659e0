/** @module Sites' own service workers: what a page can do with them, direct and proxied, with the same result. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Frame } from '@playwright/test';
import { sideBySide } from './support/side-by-side.js';
import type { SiteView } from './support/site-view.js';
import { startSiteInProcess, type Site } from './support/site.js';

const page = '<!doctype html><html lang=en><title>Harbour</title><link rel=icon href=data:,><body><p id=who>network';
let revision = 1;

const worker = `
importScripts('imported.js');
const revision = 0;
self.addEventListener('install', (event) => event.waitUntil(caches.open('v1').then((cache) => cache.addAll(['kept.txt', './']))));
self.addEventListener('activate', (event) => event.waitUntil(Promise.resolve()));
self.addEventListener('message', async (event) => {
  if (event.data === 'skip') return self.skipWaiting();
  if (event.data === 'claim') return event.waitUntil(clients.claim().then(() => event.source.postMessage('claimed')));
  const all = await clients.matchAll({ includeUncontrolled: true });
  const reply = {
    heard: event.data,
    from: [event.source.url, event.source.type, event.source.frameType],
    clients: all.map((client) => client.url),
    scope: registration.scope,
    script: [location.href, registration.active?.scriptURL],
    revision,
    imported,
    is: [self instanceof ServiceWorkerGlobalScope, String(self), typeof XMLHttpRequest, typeof self.onconnect],
    ports: event.ports.length,
  };
  if (event.ports[0]) event.ports[0].postMessage(reply);
  else event.source.postMessage(reply);
});
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.pathname.endsWith('/made.txt'))
    event.respondWith(new Response([event.request.method, event.request.mode, event.request.destination, event.request.url, event.clientId !== ''].join(' ')));
  if (url.pathname.endsWith('/kept.txt')) event.respondWith(caches.match(event.request));
  if (url.pathname.endsWith('/made.html'))
    event.respondWith(new Response('<link rel=icon href=data:,><title>made</title><p id=who>worker ' + event.request.mode + ' ' + event.request.destination, { headers: { 'content-type': 'text/html' } }));
  if (url.pathname.endsWith('/failing.txt')) event.respondWith(Promise.reject(new Error('no')));
  if (url.pathname.endsWith('/made.js')) event.respondWith(new Response('self.made = location.pathname', { headers: { 'content-type': 'text/javascript' } }));
  if (url.pathname.endsWith('/echo')) event.respondWith(event.request.text().then((text) => new Response('worker ' + text)));
});`;

const files: Record<string, [type: string, body: () => string]> = {
  '/app/': ['text/html', () => page],
  '/app/page.html': ['text/html', () => page],
  '/app/sw.js': ['text/javascript', () => worker.replace('revision = 0', `revision = ${revision}`)],
  '/app/imported.js': ['text/javascript', () => 'self.imported = location.pathname'],
  '/app/module.js': [
    'text/javascript',
    () => "import './part.js'; self.onmessage = (e) => e.source.postMessage([self.part, import.meta.url])",
  ],
  '/app/part.js': ['text/javascript', () => "self.part = 'part'"],
  '/app/throws.js': ['text/javascript', () => "throw new Error('at once')"],
  '/app/wrong.js': ['text/plain', () => ''],
  '/app/kept.txt': ['text/plain', () => 'kept'],
  '/app/seen.txt': ['text/plain', () => 'seen on the network'],
};

async function startHarbour(): Promise<Site> {
  revision = 1;
  const site = await startSiteInProcess('harbour.localhost', (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://host');
    if (url.pathname === '/app/revise') revision++;
    const file = files[url.pathname];
    response.writeHead(file ? 200 : 404, { 'content-type': file?.[0] ?? 'text/plain', 'cache-control': 'no-store' });
    response.end(file ? file[1]() : 'missing');
  });
  return site;
}

const port = (text: unknown) =>
  JSON.parse((JSON.stringify(text) ?? 'null').replace(/localhost:\d+/g, 'localhost:PORT')) as unknown;
const compare = (
  title: string,
  { site, steps }: { site: () => Promise<Site>; steps: (view: SiteView, site: Site) => Promise<unknown> },
) =>
  sideBySide(title, {
    site,
    reset: async () => void (revision = 1),
    async steps(view, running) {
      const result = await steps(view, running);
      await view.screenshot('at the end');
      return { result };
    },
  });
/** By the page's own eval: what a script of the page would get. */
const run = async (frame: Frame, body: string): Promise<unknown> =>
  port(await frame.evaluate((text) => (0, eval)(text) as Promise<unknown>, `(async () => {${body}})()`));

const registered = `
  const registration = await navigator.serviceWorker.register('sw.js');
  await navigator.serviceWorker.ready;
  const untilActive = (w) => new Promise((r) => { const look = () => w.state === 'activated' && r(); w.addEventListener('statechange', look); look(); });
  await untilActive(registration.installing ?? registration.waiting ?? registration.active);
`;

compare('a page registers its service worker, and sees it as its own', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    return run(
      view.frame,
      `const { serviceWorker } = navigator;
      const before = [await serviceWorker.getRegistration(), (await serviceWorker.getRegistrations()).length, serviceWorker.controller];
      const seen = [];
      const registration = await serviceWorker.register('sw.js');
      const worker = registration.installing;
      worker.onstatechange = () => seen.push(worker.state);
      const ready = await serviceWorker.ready;
      if (worker.state !== 'activated') await new Promise((r) => worker.addEventListener('statechange', () => worker.state === 'activated' && r()));
      const again = await serviceWorker.register('sw.js');
      return { before, seen, scope: registration.scope, script: registration.active.scriptURL, same: [again === registration, ready === registration, registration.active === worker],
        found: (await serviceWorker.getRegistration()) === registration, foundAll: (await serviceWorker.getRegistrations()).length,
        outside: await serviceWorker.getRegistration('/other/'), controller: serviceWorker.controller, tags: [String(registration), String(worker), String(serviceWorker)],
        via: registration.updateViaCache, is: [registration instanceof ServiceWorkerRegistration, worker instanceof ServiceWorker, worker instanceof EventTarget] };`,
    );
  },
});

compare('register refuses what it should', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    return run(
      view.frame,
      `const name = (promise) => promise.then(() => 'registered', (error) => error.name + ' ' + (error instanceof DOMException || error instanceof TypeError));
      const { serviceWorker } = navigator;
      return [await name(serviceWorker.register('https://elsewhere.test/sw.js')), await name(serviceWorker.register('sw.js', { scope: 'https://elsewhere.test/' })),
        await name(serviceWorker.register('sw.js', { scope: '/' })), await name(serviceWorker.register('missing.js')), await name(serviceWorker.register('wrong.js')),
        await name(serviceWorker.register('throws.js')), await name(serviceWorker.register('data:text/javascript,')), await name(serviceWorker.register('a%2fb.js')),
        await name(serviceWorker.register('sw.js', { type: 'other' })), (await serviceWorker.getRegistrations()).length];`,
    );
  },
});

compare('a service worker and its pages send each other messages', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    return run(
      view.frame,
      `${registered}
      const heard = new Promise((r) => { navigator.serviceWorker.onmessage = (e) => r([e.data, e.origin, e.source === registration.active]); });
      registration.active.postMessage({ text: 'hello' });
      const channel = new MessageChannel();
      const byPort = new Promise((r) => { channel.port1.onmessage = (e) => r(e.data); });
      const first = await heard;
      registration.active.postMessage('port', [channel.port2]);
      return [first, await byPort];`,
    );
  },
});

compare('a service worker answers requests and navigations of the pages that it controls', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    const { frame } = view;
    const made = `(await fetch('made.txt')).text()`;
    const first = await run(
      frame,
      `${registered}
      const uncontrolled = (await fetch('made.txt')).status;
      const claimed = new Promise((r) => (navigator.serviceWorker.oncontrollerchange = () => r(navigator.serviceWorker.controller === registration.active)));
      registration.active.postMessage('claim');
      return [uncontrolled, await claimed, await ${made}, await (await fetch('kept.txt')).text(), await (await fetch('seen.txt')).text(),
        await (await fetch('echo', { method: 'POST', body: 'body' })).text(), await fetch('failing.txt').catch((e) => e.name)];`,
    );
    await view.open(`${site.origin}/app/made.html?x`);
    const text = await view.text('#who');
    const second = await run(
      view.frame,
      `const script = document.createElement('script'); script.src = 'made.js';
      await new Promise((r) => { script.onload = r; document.body.append(script); });
      return [self.made, navigator.serviceWorker.controller.scriptURL, await ${made}, location.href, performance.getEntriesByType('navigation').length];`,
    );
    await view.reload();
    await view.frame.waitForSelector('#who');
    return [
      first,
      text,
      second,
      await run(view.frame, `return [navigator.serviceWorker.controller?.state, await ${made}]`),
    ];
  },
});

compare('a new revision waits, takes over when it is told to, and leaves when it is unregistered', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    await run(view.frame, registered);
    await view.reload();
    await view.frame.waitForSelector('#who');
    return run(
      view.frame,
      `const registration = await navigator.serviceWorker.ready;
      const old = navigator.serviceWorker.controller;
      const ask = (worker) => new Promise((r) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = (e) => r(e.data.revision); worker.postMessage('', [port2]); });
      const before = await ask(old);
      await registration.update();
      const unchanged = registration.installing ?? registration.waiting;
      await fetch('revise');
      const found = new Promise((r) => registration.addEventListener('updatefound', () => r(registration.installing), { once: true }));
      await registration.update();
      const next = await found;
      await new Promise((r) => { const look = () => next.state === 'installed' && r(); next.addEventListener('statechange', look); look(); });
      const waiting = [registration.waiting === next, registration.active === old, old.state, navigator.serviceWorker.controller === old];
      const changed = new Promise((r) => navigator.serviceWorker.addEventListener('controllerchange', r, { once: true }));
      next.postMessage('skip');
      await changed;
      const after = [navigator.serviceWorker.controller === next, await ask(next), old.state];
      const gone = await registration.unregister();
      return { before, unchanged, waiting, after, gone, left: (await navigator.serviceWorker.getRegistrations()).length, controller: navigator.serviceWorker.controller !== null };`,
    );
  },
});

compare('a service worker may be a module', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    return run(
      view.frame,
      `const registration = await navigator.serviceWorker.register('module.js', { type: 'module' });
      await navigator.serviceWorker.ready;
      const heard = new Promise((r) => (navigator.serviceWorker.onmessage = (e) => r(e.data)));
      registration.active.postMessage('hello');
      return heard;`,
    );
  },
});

compare('a second tab has the registration of the first, and its worker knows both', {
  site: startHarbour,
  async steps(view, site) {
    await view.open(`${site.origin}/app/page.html`);
    await run(view.frame, registered);
    const opening = view.page.context().waitForEvent('page');
    await run(view.frame, `window.open('page.html')`);
    const second = await opening;
    await second.waitForSelector('#who');
    const seen = await run(
      second.mainFrame(),
      `const registration = await navigator.serviceWorker.getRegistration();
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((r) => (port1.onmessage = (e) => r(e.data)));
      registration.active.postMessage('hello', [port2]);
      const { clients, from } = await heard;
      return [clients.length, from, navigator.serviceWorker.controller === registration.active];`,
    );
    await second.close();
    return seen;
  },
});
