import { expect, test } from './support/fixture.js';

const url = 'https://site.example/dir/page.html';
const page = (script: string, body = '') =>
  `<!doctype html><head></head><body>${body}<script>${script}</script></body>`;

test('the referrer of a request is one of the site', async ({ proxied }) => {
  proxied.sites[url] = page(`window.result = [
    new Request('/x', { referrer: 'https://site.example/other' }).referrer, new Request('/x', { referrer: 'relative' }).referrer,
    new Request('/x', { referrer: 'https://else.example/' }).referrer, new Request('/x', { referrer: '' }).referrer, new Request('/x').referrer,
    new Request(new Request('/x', { referrer: '/a' })).referrer]`);
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([
    'https://site.example/other',
    'https://site.example/dir/relative',
    'about:client',
    '',
    'about:client',
    'https://site.example/a',
  ]);
});

test('a document that a parser made has the real URL as its base', async ({ proxied }) => {
  proxied.sites[url] = page(`const made = new DOMParser().parseFromString('<p>', 'text/html');
    window.result = [made.baseURI, made.querySelector('p').baseURI, made.URL, document.baseURI]`);
  const frame = await proxied.open(url);
  expect(await frame.evaluate('result')).toEqual([url, url, url, url]);
});

test('a link pings whom it names when it is followed', async ({ proxied }) => {
  proxied.sites[url] = page('', `<a id=a href="#there" ping="/ping https://else.example/ping">go</a>`);
  const frame = await proxied.open(url);
  await frame.evaluate(`document.getElementById('a').click()`);
  const pings = () => proxied.requests.filter(({ url: asked }) => asked.endsWith('/ping'));
  await expect.poll(() => pings().length).toBe(2);
  expect(pings().map(({ url: asked, method, body }) => [asked, method, body])).toEqual([
    ['https://site.example/ping', 'POST', 'PING'],
    ['https://else.example/ping', 'POST', 'PING'],
  ]);
  expect(proxied.leaks).toEqual([]);
});

test('the navigation entry is found by the real URL, and no entry tells of a worker', async ({ proxied }) => {
  proxied.sites[url] = page('');
  const frame = await proxied.open(url);
  const result = await frame.evaluate(`fetch('data.json').then(() => [
    performance.getEntriesByName(location.href).map((e) => e.entryType), performance.getEntriesByName(location.href, 'navigation').length,
    performance.getEntriesByType('navigation')[0].workerStart, performance.getEntriesByType('resource').some((e) => e.workerStart)])`);
  expect(result).toEqual([['navigation'], 1, 0, false]);
});
