import { expect, test } from './support/fixture.js';

const parent = 'https://parent.example/';
const child = 'https://child.example/frame.html';
const page = (script: string, body = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;
const listen = `window.got = []; addEventListener('message', (e) => got.push([e.data, e.origin, e.source === (window.expected?.() ?? e.source), e.ports.length]));`;

test('a message carries the real origins both ways, with source and ports', async ({ proxied }) => {
  proxied.sites[parent] = page(
    `${listen} window.expected = () => frames[0];
     document.querySelector('iframe').onload = () => { const c = new MessageChannel(); c.port1.onmessage = (e) => window.port = [e.data, e.origin];
       frames[0].postMessage({ hello: new Date(5), list: [1] }, 'https://child.example', [c.port2]) }`,
    `<iframe src="${child}"></iframe>`,
  );
  proxied.sites[child] = page(`${listen} window.expected = () => parent; addEventListener('message', (e) => {
    e.source.postMessage({ answer: e.data.hello.getTime() }, e.origin); e.ports[0].postMessage('by port'); });`);
  const frame = await proxied.open(parent);
  await frame.waitForFunction('got.length && window.port');
  expect(await frame.evaluate('got')).toEqual([[{ answer: 5 }, 'https://child.example', true, 0]]);
  expect(await frame.evaluate('port')).toEqual(['by port', '']);
  const inner = frame.childFrames()[0]!;
  expect(await inner.evaluate('got.map(([d, ...rest]) => [d.list, ...rest])')).toEqual([
    [[1], 'https://parent.example', true, 1],
  ]);
});

test('a message for another origin is never seen, not even by onmessage', async ({ proxied }) => {
  proxied.sites[parent] = page(`onmessage = (e) => (window.got ??= []).push(e.data);
    window.postMessage('wrong', 'https://other.example'); window.postMessage('right', 'https://parent.example'); window.postMessage('same', '/');
    postMessage('any', '*'); try { window.postMessage('x', 'no url') } catch (e) { window.error = e.name + ': ' + e.message }
    window.postMessage('option', { targetOrigin: 'https://parent.example' }); window.postMessage('default')`);
  const frame = await proxied.open(parent);
  await frame.waitForFunction('window.got?.length >= 5');
  expect(await frame.evaluate('got')).toEqual(['right', 'same', 'any', 'option', 'default']);
  expect(await frame.evaluate('error')).toBe(
    "SyntaxError: Failed to execute 'postMessage' on 'Window': Invalid target origin 'no url' in a call to 'postMessage'.",
  );
});

test("a message from outside the proxy is not the page's", async ({ proxied }) => {
  proxied.sites[parent] = page(listen);
  const frame = await proxied.open(parent);
  await proxied.page.evaluate(() =>
    window.postMessage.call(document.querySelector('iframe')!.contentWindow!, 'from the demo', { targetOrigin: '*' }),
  );
  await frame.evaluate('postMessage("own", "*")');
  await frame.waitForFunction('got.length');
  expect(await frame.evaluate('got.map((m) => m[0])')).toEqual(['own']);
});

test('a message event that a page makes is left alone', async ({ proxied }) => {
  proxied.sites[parent] =
    page(`const e = new MessageEvent('message', { data: { culvert: 'message', data: 1 }, origin: 'https://x.example' });
    window.result = [e.data.culvert, e.origin, e.source]; const w = new Worker(URL.createObjectURL(new Blob(['postMessage({ a: 1 })'])));
    w.onmessage = (e) => window.fromWorker = [e.data.a, e.origin, e.source]`);
  const frame = await proxied.open(parent);
  await frame.waitForFunction('window.fromWorker');
  expect(await frame.evaluate('[result, fromWorker]')).toEqual([
    ['message', 'https://x.example', null],
    [1, '', null],
  ]);
});
