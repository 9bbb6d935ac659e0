import { expect, test } from './support/state-fixture.js';

const url = 'https://site.example/dir/page.html';

/** Every interface of the global, member by member: order, flags, names, lengths, text. A string, to run in any realm. */
const describeGlobal = `(() => {
  const lines = [];
  const text = Function.prototype.toString;
  const describe = (where, object) => {
    for (const key of Reflect.ownKeys(object)) {
      const d = Object.getOwnPropertyDescriptor(object, key);
      const f = (g) => typeof g === 'function' ? [g.name, g.length, 'prototype' in g, Reflect.ownKeys(g).length, text.call(g).replace(/\\s+/g, ' ')].join(' ') : typeof g;
      lines.push(where + '.' + String(key) + ': ' + ['value' in d ? f(d.value) : f(d.get) + ' / ' + f(d.set), d.writable, d.enumerable, d.configurable].join(' '));
    }
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = Object.getOwnPropertyDescriptor(globalThis, name).value;
    if (typeof value !== 'function' || !/\\[native code\\]/.test(text.call(value))) continue;
    describe(name, value);
    if (value.prototype) describe(name + '.prototype', value.prototype);
  }
  return lines;
})()`;

/** What the runtime hides on purpose, and the global names that rewritten code calls. */
const expected = /^(?:WebTransport|WebSocketStream|WebSocketError|cv\$)/;

test('has the interfaces of the engine, member by member', async ({ state }) => {
  state.sites[url] = '<!doctype html><head></head><body></body>';
  const native = await state.page.evaluate<string[]>(describeGlobal);
  const page = await state.open(url);
  const proxied = await page.evaluate<string[]>(describeGlobal);
  const missing = native.filter((line) => !proxied.includes(line) && !expected.test(line));
  const added = proxied.filter((line) => !native.includes(line) && !expected.test(line));
  expect({ missing, added }).toEqual({ missing: [], added: [] });
  const order = (lines: string[]) => lines.filter((line) => !expected.test(line));
  expect(order(proxied)).toEqual(order(native));
});

test('has the interfaces of the engine in workers', async ({ state }) => {
  state.sites[url] = '<!doctype html><head></head><body></body>';
  const inWorker = (source: string) =>
    new Promise<string[]>((resolve) => {
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      worker.onmessage = (event: MessageEvent<string[]>) => resolve(event.data);
    });
  const native = await state.page.evaluate(inWorker, `postMessage(${describeGlobal})`);
  const page = await state.open(url);
  const proxied = await page.evaluate(inWorker, `postMessage(${describeGlobal})`);
  const missing = native.filter((line) => !proxied.includes(line) && !expected.test(line));
  const added = proxied.filter((line) => !native.includes(line) && !expected.test(line));
  expect({ missing, added }).toEqual({ missing: [], added: [] });
});
