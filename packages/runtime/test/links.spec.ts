import { readFile } from 'node:fs/promises';
import { expect, test } from './support/fixture.js';

const url = 'https://site.example/dir/page.html';
const next = 'https://site.example/dir/next.html';
const page = (body: string, script = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;
const arrived = page('', 'window.here = location.href');

test('svg links and image maps go to the route', async ({ proxied }) => {
  proxied.sites[url] = page(`<svg width=90 height=30><a id=s href="next.html"><rect id=r width=90 height=30 /></a></svg>
    <map name=m><area id=area shape=default href="next.html"></map><img usemap="#m" width=50 height=50 id=i alt=x>`);
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  await frame.click('#r');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
  await proxied.open(url);
  await frame.evaluate('area.click()');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
});

test('a button inside a link navigates as the engine has it, to the route', async ({ proxied }) => {
  proxied.sites[url] = page(`<a href="next.html" target=_blank><button type=button id=b>x</button></a>
    <a id=a href="next.html" target=_blank><input type=checkbox id=c></a>`);
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  const [opened] = await Promise.all([proxied.context.waitForEvent('page'), frame.click('#b')]);
  await expect.poll(() => opened.evaluate('window.here').catch(() => null)).toBe(next);
  await frame.click('#c');
  await frame.waitForTimeout(200);
  expect(proxied.context.pages()).toHaveLength(2);
  expect(await frame.evaluate('[c.checked, a.getAttribute("href")]')).toEqual([true, 'next.html']);
});

test("a click handler may change the URL and sees the author's", async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="first.html" target=_blank>x</a>`,
    `a.onclick = () => { window.seen = [a.href, a.matches('[href="first.html"]')]; a.href = 'next.html'; a.removeAttribute('target') };
    new MutationObserver((r) => (window.records ??= []).push(...r.map((x) => x.attributeName))).observe(document, { attributes: true, subtree: true });`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  await frame.evaluate('onpagehide = () => top.records = window.records');
  await frame.click('#a');
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
});

test('a page that observes attributes sees nothing of a click', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="next.html" target=_blank>x</a>`,
    `
    new MutationObserver((r) => (window.records ??= []).push(...r.map((x) => x.attributeName ?? x.type))).observe(document, { attributes: true, subtree: true, childList: true });`,
  );
  const frame = await proxied.open(url);
  await Promise.all([proxied.context.waitForEvent('page'), frame.click('#a')]);
  expect(await frame.evaluate('window.records')).toBeUndefined();
});

test('a download has the bytes of the real URL and the name that the link says', async ({ proxied }) => {
  proxied.sites[url] = page(`<a id=a href="file.bin" download="named.txt">x</a>`);
  proxied.sites['https://site.example/dir/file.bin'] = { type: 'application/octet-stream', body: 'the bytes' };
  const frame = await proxied.open(url);
  const [download] = await Promise.all([proxied.page.waitForEvent('download'), frame.click('#a')]);
  expect(download.suggestedFilename()).toBe('named.txt');
  expect(await readFile((await download.path())!, 'utf8')).toBe('the bytes');
});

test('links still work after document.open has removed every listener', async ({ proxied }) => {
  proxied.sites[url] = page(
    '',
    `window.go = () => { document.open(); document.write('<a id=a target=_blank href="next.html">x</a>'); document.close() }; 
    window.say = () => { onmessage = (e) => window.got = [e.data, e.origin]; postMessage(1, '*') }`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  await frame.evaluate('go()');
  const [opened] = await Promise.all([proxied.context.waitForEvent('page'), frame.click('#a')]);
  await expect.poll(() => opened.url()).toBe(proxied.route(next));
  await frame.evaluate('say()');
  await frame.waitForFunction('window.got');
  expect(await frame.evaluate('got')).toEqual([1, 'https://site.example']);
});

test("the engine's menu finds the route in the link, and the page the author's URL", async ({ proxied }) => {
  proxied.sites[url] = page(
    `<a id=a href="next.html">x</a><p id=p>p</p>`,
    `a.oncontextmenu = () => { window.seen = a.getAttribute('href') }`,
  );
  const frame = await proxied.open(url);
  await frame.click('#a', { button: 'right' });
  expect(await frame.evaluate('seen')).toBe('next.html');
  await frame.hover('#p');
  expect(await frame.evaluate('a.getAttribute("href")')).toBe('next.html');
});

test('forms in shadow trees and in frames go to the route', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<div id=h></div>`,
    `const r = h.attachShadow({ mode: 'open' }); r.innerHTML = '<form action="next.html" method=post target=_blank><input name=a value=1><button id=b>x</button></form>';`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  const [opened] = await Promise.all([proxied.context.waitForEvent('page'), frame.click('#b')]);
  await expect.poll(() => opened.evaluate('window.here').catch(() => null)).toBe(next);
});

test('what no hook sees is caught by the navigate event', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<div><template shadowrootmode=closed><a id=a href="next.html" style="display:block;width:90px;height:40px">x</a></template></div>`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  await frame.evaluate(`navigation.onnavigate = (e) => top.event = e.destination.url`);
  const box = (await frame.evaluate(
    '(() => { const r = document.querySelector("div").getBoundingClientRect(); return [r.x, r.y] })()',
  )) as number[];
  const outer = (await (await proxied.page.$('iframe'))!.boundingBox())!;
  await proxied.page.mouse.click(outer.x + 2 + box[0]! + 3, outer.y + 2 + box[1]! + 5);
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
});

test('the fields of a form that nobody saw are posted all the same', async ({ proxied }) => {
  proxied.sites[url] = page(
    `<div><template shadowrootmode=closed><form action="next.html" method=post><input type=hidden name=a value=1><button style="width:90px;height:40px">x</button></form></template></div>`,
  );
  proxied.sites[next] = arrived;
  const frame = await proxied.open(url);
  const outer = (await (await proxied.page.$('iframe'))!.boundingBox())!;
  await proxied.page.mouse.click(outer.x + 20, outer.y + 20);
  await expect.poll(() => frame.evaluate('window.here').catch(() => null)).toBe(next);
  expect(proxied.requests.filter((r) => r.method === 'POST').map((r) => [r.url, r.body])).toEqual([[next, 'a=1']]);
});

test('javascript: URLs run rewritten code, from links, location and window.open', async ({ proxied }) => {
  proxied.sites[url] = page(
    '<a id=a>x</a>',
    `a.setAttribute('href', 'javascript:void(window.one = location.href)');
    window.go = () => { location.href = 'javascript:void(window.two = location.href + "%41")' }; window.pop = () => void open('javascript:void(window.three = location.href)', '_self')`,
  );
  const frame = await proxied.open(url);
  await frame.click('#a');
  await frame.evaluate('go()');
  await frame.waitForFunction('window.one && window.two');
  await frame.evaluate('pop()');
  await frame.waitForFunction('window.three');
  expect(await frame.evaluate('[one, two, three]')).toEqual([url, url + 'A', url]);
});
