import { expect, it } from 'vitest';
import type { Cookie, SetCookieContext } from './cookie.js';
import { serializeSetCookie } from './cookie-header.js';
import { CookieJar, type CookieJarOptions } from './cookie-jar.js';

const now = Date.UTC(2026, 0, 1);
const suffixes = new Set(['com', 'test', 'co.uk', 'github.io', 'localhost']);

function createJar(options: Partial<CookieJarOptions> = {}): CookieJar {
  return new CookieJar({ isPublicSuffix: (domain) => suffixes.has(domain), ...options });
}

/** A jar that has taken these lines from one URL. */
function jarWith(url: string, lines: string[], context: Partial<SetCookieContext> = {}): CookieJar {
  const jar = createJar();
  lines.forEach((line, i) => jar.setCookie(line, url, { http: true, now: now + i, ...context }));
  return jar;
}

const read = (jar: CookieJar, url: string, sameSite: 'strict' | 'lax' | 'cross' = 'strict') =>
  jar.getCookieHeader(url, { sameSite, now: now + 1000 });

const accepts = (line: string, url: string, context: Partial<SetCookieContext> = {}) =>
  createJar().setCookie(line, url, { http: true, now, ...context }) !== null;

it('sends a host-only cookie to its host alone', () => {
  const jar = jarWith('https://example.com/', ['a=1']);
  expect(read(jar, 'https://example.com/x')).toBe('a=1');
  expect(read(jar, 'https://www.example.com/')).toBe('');
});

it('sends a domain cookie to the hosts below too, whatever the port', () => {
  const jar = jarWith('https://www.example.com/', ['a=1; Domain=example.com']);
  for (const host of ['example.com', 'www.example.com', 'a.b.example.com:8443']) {
    expect(read(jar, `https://${host}/`)).toBe('a=1');
  }
  expect(read(jar, 'https://badexample.com/')).toBe('');
});

it.each<[title: string, line: string, url: string, expected: boolean]>([
  ['a Domain above the host', 'a=1; Domain=example.com', 'https://www.example.com/', true],
  ['a Domain with a leading dot', 'a=1; Domain=.example.com', 'https://example.com/', true],
  ['a Domain beside the host', 'a=1; Domain=other.com', 'https://example.com/', false],
  ['a Domain below the host', 'a=1; Domain=www.example.com', 'https://example.com/', false],
  ['a public suffix', 'a=1; Domain=com', 'https://example.com/', false],
  ['a public suffix of two labels', 'a=1; Domain=co.uk', 'https://example.co.uk/', false],
  ['a private suffix', 'a=1; Domain=github.io', 'https://me.github.io/', false],
  ['a public suffix that is the host itself', 'a=1; Domain=github.io', 'https://github.io/', true],
  ['a Domain outside of ASCII', 'a=1; Domain=bücher.test', 'https://xn--bcher-kva.test/', false],
  ['an A-label', 'a=1; Domain=xn--bcher-kva.test', 'https://bücher.test/', true],
  ['the address of the host', 'a=1; Domain=127.0.0.1', 'http://127.0.0.1/', true],
  ['a part of an address', 'a=1; Domain=0.0.1', 'http://127.0.0.1/', false],
  ['Secure over https:', 'a=1; Secure', 'https://example.com/', true],
  ['Secure over http:', 'a=1; Secure', 'http://example.com/', false],
  ['Secure on http://localhost', 'a=1; Secure', 'http://localhost:8080/', true],
  ['SameSite=None with Secure', 'a=1; SameSite=None; Secure', 'https://example.com/', true],
  ['SameSite=None without Secure', 'a=1; SameSite=None', 'https://example.com/', false],
  ['Partitioned with Secure', 'a=1; Partitioned; Secure', 'https://example.com/', true],
  ['Partitioned without Secure', 'a=1; Partitioned', 'https://example.com/', false],
  ['__Secure- with Secure', '__Secure-a=1; Secure', 'https://example.com/', true],
  ['__Secure- without', '__Secure-a=1', 'https://example.com/', false],
  ['__secure- in small letters without', '__secure-a=1', 'https://example.com/', false],
  ['__Host- with Secure and Path=/', '__Host-a=1; Secure; Path=/', 'https://example.com/', true],
  ['__Host- without Path', '__Host-a=1; Secure', 'https://example.com/', false],
  ['__Host- with another Path', '__Host-a=1; Secure; Path=/x', 'https://example.com/x', false],
  ['__Host- with Domain', '__Host-a=1; Secure; Path=/; Domain=example.com', 'https://example.com/', false],
  ['__Host- without Secure', '__Host-a=1; Path=/', 'https://example.com/', false],
  ['__Http- with Secure and HttpOnly', '__Http-a=1; Secure; HttpOnly', 'https://example.com/', true],
  ['__Http- without HttpOnly', '__Http-a=1; Secure', 'https://example.com/', false],
  ['__Host-Http- without HttpOnly', '__Host-Http-a=1; Secure; Path=/', 'https://example.com/', false],
  ['a prefix hidden in a nameless value', '=__Secure-a=1; Secure', 'https://example.com/', false],
  ['a nameless cookie', 'hello', 'https://example.com/', true],
])('decides on %s', (_title, line, url, expected) => {
  expect(accepts(line, url)).toBe(expected);
});

it('takes no HttpOnly cookie from a script', () => {
  expect(accepts('a=1; HttpOnly', 'https://example.com/', { http: false })).toBe(false);
});

it('lets no script overwrite or remove an HttpOnly cookie', () => {
  const jar = jarWith('https://example.com/', ['a=1; HttpOnly']);
  expect(jar.setCookie('a=2', 'https://example.com/', { http: false, now })).toBeNull();
  expect(jar.setCookie('a=; Max-Age=0', 'https://example.com/', { http: false, now })).toBeNull();
  expect(read(jar, 'https://example.com/')).toBe('a=1');
});

it('hides HttpOnly cookies from document.cookie', () => {
  const jar = jarWith('https://example.com/', ['a=1; HttpOnly', 'b=2']);
  expect(jar.getDocumentCookie('https://example.com/', { sameSite: 'strict', now })).toBe('b=2');
});

it('lets no insecure origin overlay a Secure cookie', () => {
  const jar = jarWith('https://example.com/', ['a=1; Secure; Path=/login; Domain=example.com']);
  const set = (line: string, url: string) => jar.setCookie(line, url, { http: true, now });
  expect(set('a=2; Path=/login', 'http://example.com/')).toBeNull();
  expect(set('a=2; Path=/login/en', 'http://example.com/')).toBeNull();
  expect(set('a=2; Path=/login', 'http://www.example.com/')).toBeNull();
  expect(set('a=2; Path=/', 'http://example.com/')).not.toBeNull();
  expect(set('b=2; Path=/login', 'http://example.com/')).not.toBeNull();
});

it('keeps a Secure cookie from plain http: requests', () => {
  const jar = jarWith('https://example.com/', ['a=1; Secure', 'b=2']);
  expect(read(jar, 'http://example.com/')).toBe('b=2');
});

it('gives a cookie without Path the directory of its URL', () => {
  const jar = jarWith('https://example.com/a/b/page.html', ['x=1']);
  expect(read(jar, 'https://example.com/a/b')).toBe('x=1');
  expect(read(jar, 'https://example.com/a/b/c')).toBe('x=1');
  expect(read(jar, 'https://example.com/a')).toBe('');
  expect(read(jar, 'https://example.com/a/bc')).toBe('');
});

it('orders by length of path, then by creation', () => {
  const url = 'https://example.com/a/b/c';
  const jar = jarWith(url, ['a=1; Path=/', 'b=2; Path=/a/b', 'c=3; Path=/a', 'd=4; Path=/a/b', 'e=5; Path=/']);
  expect(read(jar, url)).toBe('b=2; d=4; c=3; a=1; e=5');
});

it('orders cookies of one millisecond as they came', () => {
  const jar = createJar();
  for (let i = 0; i < 20; i++) jar.setCookie(`c${i}=1`, 'https://example.com/', { http: true, now });
  const names = read(jar, 'https://example.com/').split('; ');
  expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `c${i}=1`));
});

it('keeps the place of a cookie that is set again', () => {
  const jar = jarWith('https://example.com/', ['a=1', 'b=2', 'a=3']);
  expect(read(jar, 'https://example.com/')).toBe('a=3; b=2');
});

it('holds cookies of one name apart by path and by host-only flag', () => {
  const url = 'https://example.com/x/y';
  const jar = jarWith(url, ['a=1; Path=/', 'a=2; Path=/x', 'a=3; Path=/; Domain=example.com']);
  expect(read(jar, url)).toBe('a=2; a=1; a=3');
});

it('sends a nameless cookie as its value', () => {
  expect(read(jarWith('https://example.com/', ['=a', 'b=']), 'https://example.com/')).toBe('a; b=');
});

it('removes a cookie that is set with a time in the past, and says which', () => {
  const jar = jarWith('https://example.com/', ['a=1']);
  const removed = jar.setCookie('a=; Max-Age=0', 'https://example.com/', { http: true, now });
  expect(removed).toMatchObject({ name: 'a', expires: 0 });
  expect(jar.size).toBe(0);
});

it('forgets cookies whose time is over', () => {
  const jar = jarWith('https://example.com/', ['a=1; Max-Age=10', 'b=2']);
  const at = (seconds: number) =>
    jar.getCookieHeader('https://example.com/', { sameSite: 'strict', now: now + seconds * 1000 });
  expect(at(9)).toBe('a=1; b=2');
  expect(at(10)).toBe('b=2');
  expect(jar.size).toBe(1);
});

it.each<['strict' | 'lax' | 'cross', string]>([
  ['strict', 's=1; l=1; d=1; n=1'],
  ['lax', 'l=1; d=1; n=1'],
  ['cross', 'n=1'],
])('sends by SameSite in the context %s', (context, expected) => {
  const lines = ['s=1; SameSite=Strict', 'l=1; SameSite=Lax', 'd=1', 'n=1; SameSite=None; Secure'];
  const jar = jarWith('https://example.com/', lines);
  const header = jar.getCookieHeader('https://example.com/', { sameSite: context, now: now + 10 * 60_000 });
  expect(header).toBe(expected);
});

it('lets a cross-site subresource set SameSite=None cookies alone', () => {
  const url = 'https://example.com/';
  expect(accepts('a=1', url, { sameSite: 'cross' })).toBe(false);
  expect(accepts('a=1; SameSite=None; Secure', url, { sameSite: 'cross' })).toBe(true);
  expect(accepts('a=1; SameSite=Strict', url, { sameSite: 'lax' })).toBe(true);
});

it('keeps partitions apart', () => {
  const jar = createJar();
  const url = 'https://ads.test/';
  for (const site of ['https://one.test', 'https://two.test']) {
    jar.setCookie(`id=${site.slice(8, 11)}; SameSite=None; Secure`, url, { http: true, now, partition: site });
  }
  const header = (partition?: string) =>
    jar.getCookieHeader(url, { sameSite: 'cross', now, ...(partition && { partition }) });
  expect(header('https://one.test')).toBe('id=one');
  expect(header('https://two.test')).toBe('id=two');
  expect(header('https://three.test')).toBe('');
  expect(header()).toBe('');
});

it('partitions by the attribute alone if it is told to', () => {
  const jar = createJar({ partitioning: 'attribute' });
  const set = (line: string) =>
    jar.setCookie(line, 'https://ads.test/', { http: true, now, partition: 'https://one.test' });
  set('a=1; SameSite=None; Secure');
  set('b=2; SameSite=None; Secure; Partitioned');
  const header = (partition: string) => jar.getCookieHeader('https://ads.test/', { sameSite: 'cross', now, partition });
  expect(header('https://one.test')).toBe('a=1; b=2');
  expect(header('https://two.test')).toBe('a=1');
});

it('evicts the least recently used cookie of a domain that has too many', () => {
  const jar = createJar({ limits: { perDomain: 3 } });
  const set = (name: string, i: number) =>
    jar.setCookie(`${name}=1; Path=/${name}`, 'https://example.com/', { http: true, now: now + i });
  ['a', 'b', 'c'].forEach(set);
  jar.getCookieHeader('https://example.com/a', { sameSite: 'strict', now: now + 50 });
  set('d', 100);
  expect(jar.toJSON().map(({ name }) => name)).toEqual(['a', 'c', 'd']);
});

it('evicts expired cookies first, then those without Secure', () => {
  const jar = createJar({ limits: { perDomain: 2 } });
  const set = (line: string, i: number) => jar.setCookie(line, 'https://example.com/', { http: true, now: now + i });
  set('short=1; Max-Age=1', 5);
  set('plain=1', 0);
  set('secure=1; Secure', 2000);
  expect(
    jar
      .toJSON()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['plain', 'secure']);
  set('other=1; Secure', 3000);
  expect(
    jar
      .toJSON()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['other', 'secure']);
});

it('evicts from the whole jar when it has too many', () => {
  const jar = createJar({ limits: { total: 5 } });
  for (let i = 0; i < 8; i++) jar.setCookie('a=1', `https://host${i}.test/`, { http: true, now: now + i });
  expect(jar.toJSON().map(({ domain }) => domain)).toEqual([3, 4, 5, 6, 7].map((i) => `host${i}.test`));
});

it('has 180 cookies of a domain by default', () => {
  const jar = createJar();
  for (let i = 0; i < 200; i++) jar.setCookie(`c${i}=1`, 'https://example.com/', { http: true, now: now + i });
  expect(jar.size).toBe(180);
});

it('survives a round trip through JSON', () => {
  const jar = jarWith('https://www.example.com/a/b', [
    'a=1; Domain=example.com',
    'b=2; Secure; HttpOnly',
    'c=3; Max-Age=100',
  ]);
  const restored = createJar({ cookies: JSON.parse(JSON.stringify(jar)) as Cookie[] });
  expect(restored.toJSON()).toEqual(jar.toJSON());
  expect(read(restored, 'https://www.example.com/a/b')).toBe('a=1; b=2; c=3');
});

it('gives out copies', () => {
  const jar = jarWith('https://example.com/', ['a=1']);
  jar.cookiesFor('https://example.com/', { http: true, sameSite: 'strict', now })[0]!.value = 'changed';
  jar.toJSON()[0]!.value = 'changed';
  expect(read(jar, 'https://example.com/')).toBe('a=1');
});

it('clears what a predicate names', () => {
  const jar = jarWith('https://example.com/', ['a=1', 'b=2']);
  expect(jar.clear(({ name }) => name === 'a')).toBe(1);
  expect(read(jar, 'https://example.com/')).toBe('b=2');
  expect(jar.clear()).toBe(1);
});

it('serialises a cookie to a line that gives it again', () => {
  const lines = [
    'a=1; Domain=example.com; Path=/x; Secure; HttpOnly; SameSite=None; Max-Age=100',
    '=v',
    'b=; SameSite=Lax',
  ];
  const url = 'https://example.com/x/y';
  for (const line of lines) {
    const cookie = createJar().setCookie(line, url, { http: true, now })!;
    expect(createJar().setCookie(serializeSetCookie(cookie), url, { http: true, now })).toEqual(cookie);
  }
});

it('serves ws: and wss: URLs like http: and https:', () => {
  const jar = jarWith('https://example.com/', ['a=1; Secure', 'b=2']);
  expect(read(jar, 'wss://example.com/socket')).toBe('a=1; b=2');
  expect(read(jar, 'ws://example.com/socket')).toBe('b=2');
});

it('does not keep apart what a site sets over http: and over https:', () => {
  const jar = new CookieJar({ isPublicSuffix: () => false });
  jar.setCookie('a=1; Path=/', 'http://a.test/', { http: true, partition: 'http://a.test' });
  expect(jar.getCookieHeader('https://a.test/', { sameSite: 'strict', partition: 'https://a.test' })).toBe('a=1');
  expect(jar.getCookieHeader('https://a.test/', { sameSite: 'strict', partition: 'https://b.test' })).toBe('');
});
