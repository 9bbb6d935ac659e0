import { expect, test } from './support/state-fixture.js';

const url = 'https://site.example/dir/page.html';
const blank = '<!doctype html><head></head><body></body>';
const worker = 'https://site.example/dir/w.js?x';
const javascript = (body: string) => ({ type: 'text/javascript', body });

const report = `
  async function report() {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', 'data.txt', false);
    xhr.send();
    return [location.href, String(location), location.pathname, self.origin, location.origin, await (await fetch('data.txt')).text(),
      new Request('data.txt').url, xhr.responseText, (() => { try { return new WebSocket('/s').url } catch (e) { return e.message } })()];
  }`;

test('starts classic, module and shared workers at their real URL', async ({ state }) => {
  state.sites[url] = blank;
  state.sites['https://site.example/dir/data.txt'] = { type: 'text/plain', body: 'data' };
  state.sites['https://cdn.example/lib.js'] = javascript('self.lib = 1');
  state.sites['https://site.example/dir/local.js'] = javascript('self.local = 2');
  state.sites[worker] = javascript(`${report}
    importScripts('https://cdn.example/lib.js', 'local.js', 'data:text/javascript,self.inline=location.href');
    report().then((r) => postMessage([...r, lib, local, self.inline]));`);
  state.sites['https://site.example/dir/m.js'] = javascript(
    `import 'https://cdn.example/lib.js'; postMessage([location.href, lib])`,
  );
  state.sites['https://site.example/dir/s.js'] = javascript(
    `onconnect = (e) => e.ports[0].postMessage([location.href, self.name])`,
  );
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const answer = (w: Worker | MessagePort) =>
      new Promise((resolve, reject) => {
        w.onmessage = (e: MessageEvent) => resolve(e.data);
        if (w instanceof Worker) w.onerror = (e) => reject(new Error(e.message));
      });
    return [
      await answer(new Worker('w.js?x#h')),
      await answer(new Worker('m.js', { type: 'module' })),
      await answer(new SharedWorker('s.js', 'n').port),
    ];
  });
  expect(result).toEqual([
    [
      `${worker}#h`,
      `${worker}#h`,
      '/dir/w.js',
      'https://site.example',
      'https://site.example',
      'data',
      'https://site.example/dir/data.txt',
      'data',
      'wss://site.example/s',
      1,
      2,
      `${worker}#h`,
    ],
    ['https://site.example/dir/m.js', 1],
    ['https://site.example/dir/s.js', 'n'],
  ]);
});

test('puts the runtime in blob: and data: workers', async ({ state }) => {
  state.sites[url] = blank;
  state.sites['https://cdn.example/lib.js'] = javascript('self.lib = 1');
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const answer = (w: Worker) =>
      new Promise((resolve, reject) => {
        w.onmessage = (e: MessageEvent) => resolve(e.data);
        w.onerror = (e) => reject(new Error(e.message));
      });
    const blob = (text: string) => URL.createObjectURL(new Blob([text]));
    const strict = blob(`"use strict"; importScripts("https://cdn.example/lib.js");
      postMessage([lib, self.origin, location.protocol, location.href.startsWith("blob:https://site.example/"), (function () { return this === undefined })()])`);
    const one = new Worker(strict);
    URL.revokeObjectURL(strict);
    const nested = blob(
      `const inner = new Worker(URL.createObjectURL(new Blob(["postMessage(self.origin)"]))); inner.onmessage = (e) => postMessage(["nested", e.data])`,
    );
    const line = blob('\n\nthrow new Error("x")');
    const lineNumber = new Promise(
      (resolve) => (new Worker(line).onerror = (e) => (e.preventDefault(), resolve(e.lineno))),
    );
    return [
      await answer(one),
      await answer(
        new Worker(blob('import "https://cdn.example/lib.js"; postMessage([lib, location.protocol])'), {
          type: 'module',
        }),
      ),
      await answer(new Worker('data:text/javascript,postMessage([self.origin,location.protocol])')),
      await answer(new Worker(nested)),
      await lineNumber,
    ];
  });
  expect(result).toEqual([
    [1, 'https://site.example', 'blob:', true, true],
    [1, 'blob:'],
    ['null', 'data:'],
    ['nested', 'https://site.example'],
    3,
  ]);
});

test('refuses workers as the engine would for the real origin', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  expect(
    await page.evaluate(() => {
      const attempt = (make: () => unknown) => {
        try {
          make();
          return 'made';
        } catch (e) {
          return `${(e as Error).name}: ${(e as Error).message}`;
        }
      };
      return [
        attempt(() => new Worker('https://other.example/w.js')),
        attempt(() => new Worker('http://[')),
        attempt(() => new (Worker as any)()),
        Worker.prototype.constructor === Worker,
        String(Worker),
        Worker.length,
        Worker.name,
      ];
    }),
  ).toEqual([
    "SecurityError: Failed to construct 'Worker': Script at 'https://other.example/w.js' cannot be accessed from origin 'https://site.example'.",
    "SyntaxError: Failed to construct 'Worker': 'http://[' is not a valid URL.",
    "TypeError: Failed to construct 'Worker': 1 argument required, but only 0 present.",
    true,
    'function Worker() { [native code] }',
    1,
    'Worker',
  ]);
});

test('speaks WebSocket through the Bare server with the native interface', async ({ state }) => {
  state.sites[url] = blank;
  const page = await state.open(url);
  const result = await page.evaluate(async () => {
    const log: unknown[] = [];
    const socket = new WebSocket('/chat?headers', ['one', 'two']);
    log.push(
      socket.url,
      socket.readyState,
      socket.binaryType,
      socket instanceof WebSocket,
      Object.prototype.toString.call(socket),
      WebSocket.OPEN,
    );
    try {
      socket.send('early');
    } catch (e) {
      log.push((e as Error).name);
    }
    await new Promise<void>((resolve) => (socket.onopen = () => resolve()));
    const next = () => new Promise<MessageEvent>((resolve) => (socket.onmessage = resolve));
    const headers = JSON.parse((await next()).data);
    log.push(headers.Origin, headers.Cookie, socket.protocol, socket.readyState);
    socket.send('text');
    const text = await next();
    log.push(text.data, text.origin);
    socket.send(new Uint8Array([1, 2]));
    log.push((await next()).data.size);
    socket.binaryType = 'arraybuffer';
    socket.send(new Blob(['abc']));
    log.push((await next()).data.byteLength);
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    socket.send('close me');
    const close = await closed;
    log.push(close.code, close.reason, close.wasClean, socket.readyState);
    const refused = new WebSocket('wss://refuse.example/');
    const events: unknown[] = [];
    refused.onerror = () => events.push('error');
    await new Promise<void>((resolve) => (refused.onclose = (e) => (events.push(e.code, e.wasClean), resolve())));
    const early = new WebSocket('/x');
    early.close();
    await new Promise<void>((resolve) => (early.onclose = (e) => (events.push(e.code), resolve())));
    log.push(events);
    for (const bad of [
      () => new WebSocket('x:/'),
      () => new WebSocket('/#a'),
      () => new WebSocket('/', ['a', 'a']),
      () => early.close(1),
    ]) {
      try {
        bad();
      } catch (e) {
        log.push((e as Error).name);
      }
    }
    return log;
  });
  expect(result).toEqual([
    'wss://site.example/chat?headers',
    0,
    'blob',
    true,
    '[object WebSocket]',
    1,
    'InvalidStateError',
    'https://site.example',
    'secret=1',
    'one',
    1,
    'text',
    'wss://site.example',
    2,
    3,
    3001,
    'asked to',
    true,
    3,
    ['error', 1006, false, 1006],
    'SyntaxError',
    'SyntaxError',
    'SyntaxError',
    'InvalidAccessError',
  ]);
});
