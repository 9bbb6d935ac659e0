import { expect, it } from 'vitest';
import { acceptLanguage, clientHints, type BrowserIdentity } from './client-hints.js';
import { requestHeaders, type RequestDescription } from './request-headers.js';
import { socketHeaders } from './socket-headers.js';

const browser: BrowserIdentity = { userAgent: 'Test/1.0', languages: ['en-US'] };

const headersOf = (fields: Partial<RequestDescription> = {}, identity = browser) =>
  requestHeaders(
    {
      remoteUrl: 'https://a.test:8443/x',
      redirectChain: [],
      initiatorUrl: 'https://a.test:8443/',
      method: 'GET',
      mode: 'no-cors',
      destination: 'image',
      referrerPolicy: '',
      referrer: '',
      cookie: '',
      cache: 'default',
      headers: [],
      ...fields,
    },
    identity,
  );
const value = (fields: Partial<RequestDescription>, name: string, identity = browser) =>
  headersOf(fields, identity).find(([other]) => other === name)?.[1];

it("sends a navigation's headers in Chrome's order", () => {
  const names = headersOf({
    mode: 'navigate',
    destination: 'document',
    method: 'POST',
    cookie: 'a=1',
    referrer: 'https://a.test:8443/',
    headers: [['content-type', 'text/plain']],
  }).map(([name]) => name);
  expect(names).toEqual([
    'Host',
    'Origin',
    'Content-Type',
    'Upgrade-Insecure-Requests',
    'User-Agent',
    'Accept',
    'Sec-Fetch-Site',
    'Sec-Fetch-Mode',
    'Sec-Fetch-User',
    'Sec-Fetch-Dest',
    'Referer',
    'Accept-Language',
    'Cookie',
  ]);
});

it('names the host with its port', () => {
  expect(headersOf()[0]).toEqual(['Host', 'a.test:8443']);
});

it("keeps the page's own headers, and what they say of the browser", () => {
  const headers = headersOf({
    headers: [
      ['x-own', '1'],
      ['accept', 'application/json'],
      ['accept-language', 'fr'],
    ],
  });
  expect(headers).toContainEqual(['x-own', '1']);
  expect(headers).toContainEqual(['Accept', 'application/json']);
  expect(headers).toContainEqual(['Accept-Language', 'fr']);
});

it('drops what would tell of the proxy', () => {
  const own: [string, string][] = [
    ['host', 'localhost:8080'],
    ['origin', 'http://localhost:8080'],
    ['referer', 'http://localhost:8080/service/'],
    ['cookie', 'proxy=1'],
    ['sec-fetch-site', 'same-origin'],
    ['connection', 'keep-alive'],
  ];
  expect(JSON.stringify(headersOf({ headers: own }))).not.toMatch(/localhost|proxy|keep-alive/);
});

it('tells the destination; a fetch has none', () => {
  expect(value({ destination: '' }, 'Sec-Fetch-Dest')).toBe('empty');
  expect(value({ destination: 'image' }, 'Sec-Fetch-Dest')).toBe('image');
});

it('sends no fetch metadata and no hints to plain http: hosts', () => {
  const identity = {
    ...browser,
    userAgentData: { brands: [{ brand: 'Chromium', version: '156' }], mobile: false, platform: 'Linux' },
  };
  const names = headersOf({ remoteUrl: 'http://a.test/', headers: [['sec-ch-ua', '"x"']] }, identity).map(
    ([name]) => name,
  );
  expect(names.filter((name) => /^sec-/i.test(name))).toEqual([]);
});

it('quotes client hints as structured headers', () => {
  const userAgentData = {
    brands: [
      { brand: 'Not"A\\B', version: '8' },
      { brand: 'Chromium', version: '156' },
    ],
    mobile: false,
    platform: 'Linux',
  };
  expect(clientHints({ ...browser, userAgentData })).toEqual([
    ['sec-ch-ua', '"Not\\"A\\\\B";v="8", "Chromium";v="156"'],
    ['sec-ch-ua-mobile', '?0'],
    ['sec-ch-ua-platform', '"Linux"'],
  ]);
});

it.each<[RequestCache, string | undefined, string | undefined]>([
  ['default', undefined, undefined],
  ['no-cache', 'max-age=0', undefined],
  ['reload', 'no-cache', 'no-cache'],
  ['no-store', 'no-cache', 'no-cache'],
])('tells the site of the cache mode %s', (cache, control, pragma) => {
  expect([value({ cache }, 'Cache-Control'), value({ cache }, 'Pragma')]).toEqual([control, pragma]);
});

it('asks for unencoded bytes with a range', () => {
  expect(value({ headers: [['range', 'bytes=0-']] }, 'Accept-Encoding')).toBe('identity;q=1, *;q=0');
});

it('sends credentials of the URL as Authorization', () => {
  expect(value({ remoteUrl: 'https://us%C3%A9r:p%3Aw@a.test/' }, 'Authorization')).toBe(
    `Basic ${btoa('us\u00c3\u00a9r:p:w')}`,
  );
});

it('sends cookies as UTF-8 bytes', () => {
  expect(value({ cookie: 'a=é' }, 'Cookie')).toBe('a=\u00c3\u00a9');
});

it.each<[string[], string]>([
  [['en-US'], 'en-US,en;q=0.9'],
  [['en-US', 'en'], 'en-US,en;q=0.9'],
  [['en-GB', 'en-US', 'de'], 'en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7'],
  [['de'], 'de'],
])('writes the languages %j as %s', (languages, expected) => {
  expect(acceptLanguage(languages)).toBe(expected);
});

it('leaves the socket keys of a handshake to the server', () => {
  const headers = socketHeaders({ remoteUrl: 'wss://a.test:1/x', origin: 'https://a.test', cookie: 'a=1' }, browser);
  expect(headers).toMatchObject({
    Host: 'a.test:1',
    Origin: 'https://a.test',
    Cookie: 'a=1',
    'User-Agent': 'Test/1.0',
  });
  expect(Object.keys(headers).some((name) => name.startsWith('Sec-'))).toBe(false);
});
