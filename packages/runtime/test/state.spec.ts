import { expect, test } from './support/state-fixture.js';

const url = 'https://site.example/dir/page.html';
const blank = '<!doctype html><head></head><body></body>';

test('keeps document.cookie at once, and replaces it when the worker says so', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const seen = [document.cookie];
      document.cookie = 'a=1; path=/';
      document.cookie = 'b=2; path=/other';
      document.cookie = 'c=3; domain=com';
      document.cookie = 'd=4; HttpOnly';
      seen.push(document.cookie);
      document.cookie = 'a=; max-age=0; path=/';
      seen.push(document.cookie);
      return seen;
    }),
  ).toEqual(['boot=yes', 'boot=yes; a=1', 'boot=yes']);
  await page.evaluate(() => void (document.cookie = 'replace-me=1'));
  await expect.poll(() => page.evaluate(() => document.cookie)).toBe('fromworker=1');
  const received = (await page.evaluate(
    (o) => fetch(`${o}/service/~/received`).then((r) => r.json()),
    state.origin,
  )) as object[];
  // The worker answers the runtime's realms alone: each message says whose it is, and proves it.
  const from = expect.objectContaining({ token: 'test', url });
  const numbered = { by: expect.any(Number) as unknown, index: expect.any(Number) as unknown };
  expect(received).toContainEqual({ culvert: 'set-cookie', url, cookie: 'a=1; path=/', ...numbered, from });
  expect(received).toContainEqual({ culvert: 'cookies-seen', id: 7, from });
  expect(received).not.toContainEqual(expect.objectContaining({ cookie: 'c=3; domain=com' }));
});

test('shows the same cookies through cookieStore, with change events', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(async () => {
      const store = (window as any).cookieStore;
      const changes: string[] = [];
      store.addEventListener('change', (e: any) =>
        changes.push(...e.changed.map((c: any) => c.name), ...e.deleted.map((c: any) => `-${c.name}`)),
      );
      await store.set('x', '1');
      const one = await store.get('x');
      await store.delete('x');
      await new Promise((r) => setTimeout(r));
      return [one.value, (await store.getAll()).map((c: any) => c.name), changes, document.cookie];
    }),
  ).toEqual(['1', ['boot'], ['x', '-x'], 'boot=yes']);
});

test('gives a site its own storage that looks like the native one', async ({ state }) => {
  state.sites[url] = blank;
  await state.page.evaluate(() => localStorage.setItem('other', 'not yours'));
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      localStorage.b = 1;
      localStorage.setItem('a', '2');
      const result = [
        Object.keys(localStorage).sort(),
        localStorage.length,
        JSON.stringify({ ...localStorage }).length,
        localStorage instanceof Storage,
        Object.prototype.toString.call(localStorage),
        'a' in localStorage,
        'other' in localStorage,
        localStorage.getItem('other'),
        delete localStorage.a,
        localStorage.a,
        localStorage === window.localStorage,
        String(localStorage.setItem),
        localStorage.key(0),
        localStorage.key(9),
        sessionStorage.length,
      ];
      localStorage.clear();
      return [...result, localStorage.length];
    }),
  ).toEqual([
    ['a', 'b'],
    2,
    17,
    true,
    '[object Storage]',
    true,
    false,
    null,
    true,
    undefined,
    true,
    'function setItem() { [native code] }',
    'b',
    null,
    0,
    0,
  ]);
  await page.goto(state.origin);
  expect(await page.evaluate(() => localStorage.getItem('other'))).toBe('not yours');
});

test('tells other documents of storage changes under their own keys, and clear as one event', async ({ state }) => {
  state.sites[url] = blank;
  state.sites['https://site.example/inner'] = '<!doctype html>inner';
  const page = await state.open(url);
  await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.src = '/inner';
  });
  await page.waitForFunction(() => window[0]?.document.body?.textContent === 'inner');
  const events = await page.evaluate(async () => {
    const list: unknown[] = [];
    addEventListener('storage', (e) =>
      list.push([e.key, e.oldValue, e.newValue, e.url, e.storageArea === localStorage]),
    );
    const inner = window[0]!;
    inner.localStorage.setItem('k', 'v');
    inner.localStorage.setItem('l', 'w');
    inner.localStorage.clear();
    inner.localStorage.setItem('m', 'x');
    await new Promise((r) => setTimeout(r, 300));
    localStorage.clear();
    return list;
  });
  const inner = 'https://site.example/inner';
  expect(events).toEqual([
    ['k', null, 'v', inner, true],
    ['l', null, 'w', inner, true],
    [null, null, null, inner, true],
    ['m', null, 'x', inner, true],
  ]);
});

test('names databases, caches, channels and locks by site', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const inside = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('db', 3);
      request.onsuccess = () => resolve(request.result);
    });
    const cache = await caches.open('c');
    await cache.put('x', new Response('body'));
    const lock = await navigator.locks.request('l', async (l) => [
      l!.name,
      (await navigator.locks.query()).held!.map((h) => h.name),
    ]);
    const channel = new BroadcastChannel('ch');
    const other = new BroadcastChannel('ch');
    const message = new Promise<unknown>((resolve) => (other.onmessage = (e) => resolve([e.data, e.origin])));
    channel.postMessage('hi');
    const root = await navigator.storage.getDirectory();
    return [
      db.name,
      (await indexedDB.databases()).map((d) => d.name),
      await caches.keys(),
      await caches.has('c'),
      await (await caches.match('x'))!.text(),
      (await cache.keys())[0]!.url,
      lock,
      channel.name,
      await message,
      root.name,
    ];
  });
  expect(inside).toEqual([
    'db',
    ['db'],
    ['c'],
    true,
    'body',
    'https://site.example/dir/x',
    ['l', ['l']],
    'ch',
    ['hi', 'https://site.example'],
    '',
  ]);
  await page.goto(state.origin);
  expect(await page.evaluate(async () => (await indexedDB.databases())[0]!.name)).toContain('https://site.example');
});

test('sends a synchronous request by the Bare server and shows its answer', async ({ state }) => {
  state.sites[url] = blank;
  state.bareResponses['https://site.example/dir/data'] = {
    status: 201,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Own': 'yes', 'Set-Cookie': 'sync=1' },
    body: 'grüße',
  };
  state.bareResponses['https://site.example/redirect'] = { status: 302, headers: { Location: '/dir/data' }, body: '' };
  state.bareResponses['https://other.example/closed'] = { status: 200, headers: {}, body: 'x' };
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const events: string[] = [];
      const xhr = new XMLHttpRequest();
      xhr.onreadystatechange = () => events.push(`state ${xhr.readyState}`);
      xhr.onload = () => events.push('load');
      xhr.open('post', '/redirect', false);
      xhr.setRequestHeader('X-Mine', 'a');
      xhr.send('payload');
      const cors = new XMLHttpRequest();
      cors.open('GET', 'https://other.example/closed', false);
      let error = '';
      try {
        cors.send();
      } catch (e) {
        error = (e as Error).name;
      }
      return [
        xhr.status,
        xhr.statusText,
        xhr.responseURL,
        xhr.responseText,
        xhr.getResponseHeader('x-own'),
        xhr.getAllResponseHeaders(),
        events,
        error,
        cors.status,
        document.cookie,
      ];
    }),
  ).toEqual([
    201,
    'As Sent',
    'https://site.example/dir/data',
    'grüße',
    'yes',
    'content-type: text/plain; charset=utf-8\r\nx-own: yes\r\n',
    ['state 1', 'state 4', 'load'],
    'NetworkError',
    0,
    'sync=1; boot=yes',
  ]);
  expect(state.bareRequests[0]).toMatchObject({
    url: 'https://site.example/redirect',
    method: 'POST',
    body: 'payload',
    type: 'text/plain;charset=UTF-8',
    headers: { Host: 'site.example', 'X-Mine': 'a', Origin: 'https://site.example', Referer: url, Cookie: 'boot=yes' },
  });
  expect(state.bareRequests[1]).toMatchObject({ url: 'https://site.example/dir/data', method: 'GET' });
});

test('shows the site no service worker of ours and checks protocol handlers', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const attempt = (scheme: string, handler: string) => {
        try {
          return String(navigator.registerProtocolHandler(scheme, handler));
        } catch (e) {
          return (e as Error).name;
        }
      };
      return [
        String(navigator.serviceWorker.controller),
        'WebTransport' in window,
        attempt('web+x', '/h?%s'),
        attempt('web+x', 'https://other.example/%s'),
        attempt('web+x', '/h'),
        attempt('https', '/%s'),
      ];
    }),
  ).toEqual(['null', false, 'undefined', 'SecurityError', 'SyntaxError', 'SecurityError']);
});
