/**
 * The rules of RFC 6265bis as a table: what a line sets at one URL, and what is sent to another. Sections are of
 * draft-ietf-httpbis-rfc6265bis; the jar sees each line with a second between.
 */
import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.js';
import { parseCookieDate } from './cookie-date.js';
import { defaultPath, pathMatches } from './path-match.js';
import { domainMatches } from './domain-match.js';

const now = Date.UTC(2026, 0, 1);
const suffixes = new Set(['com', 'test', 'org', 'co.uk', 'github.io']);

/** What `to` gets after the lines were set at `from`. */
function exchange(lines: readonly string[], from: string, to: string): string {
  const jar = new CookieJar({ isPublicSuffix: (domain) => suffixes.has(domain) });
  lines.forEach((line, i) => jar.setCookie(line, from, { http: true, now: now + i * 1000 }));
  return jar.getCookieHeader(to, { sameSite: 'strict', now: now + 3600_000 });
}

const home = 'https://home.example.org:8888/cookie-parser';

describe('the pair (section 5.6)', () => {
  it.each<[lines: string[], sent: string]>([
    [['foo=bar'], 'foo=bar'],
    [['foo=bar; '], 'foo=bar'],
    [['foo'], 'foo'],
    [['=foo'], 'foo'],
    [['foo='], 'foo='],
    [[''], ''],
    [['='], ''],
    [['; bar'], ''],
    [['=; bar'], ''],
    [['=  ; bar'], ''],
    [[' = '], ''],
    [[' foo = bar '], 'foo=bar'],
    [['\tfoo\t=\tbar\t'], 'foo=bar'],
    [['foo=bar=baz'], 'foo=bar=baz'],
    [['foo==bar'], 'foo==bar'],
    [['==bar'], '=bar'],
    [['foo="bar"'], 'foo="bar"'],
    [['foo="bar; baz"'], 'foo="bar'],
    [['foo= "bar" '], 'foo="bar"'],
    [['foo=b ar'], 'foo=b ar'],
    [['f oo=bar'], 'f oo=bar'],
    [['foo=bar,baz=qux'], 'foo=bar,baz=qux'],
    [['$foo=bar'], '$foo=bar'],
    [['foo=\u00e9'], 'foo=\u00e9'],
    [['\u3042=\u3044'], '\u3042=\u3044'],
    [['foo=a\u00a0'], 'foo=a\u00a0'],
    [['foo=%20'], 'foo=%20'],
    [['foo=bar', 'foo=qux'], 'foo=qux'],
    [['foo=bar', 'FOO=qux'], 'foo=bar; FOO=qux'],
    [['foo=1', 'bar=2', 'foo=3'], 'foo=3; bar=2'],
    [['foo=bar', 'foo'], 'foo=bar; foo'],
    [['a', 'b'], 'b'],
    [['foo=b\0ar'], ''],
    [['foo=b\nar'], ''],
    [['foo=b\rar'], ''],
    [['foo=b\x7far'], ''],
    [['foo=bar; path=/\x01'], ''],
    [['foo=b\tar'], 'foo=b\tar'],
    [[`foo=${'x'.repeat(4093)}`], `foo=${'x'.repeat(4093)}`],
    [[`foo=${'x'.repeat(4094)}`], ''],
    [[`${'n'.repeat(4096)}=`], `${'n'.repeat(4096)}=`],
    [[`${'n'.repeat(4096)}=v`], ''],
  ])('%j sends %j', (lines, sent) => expect(exchange(lines, home, home)).toBe(sent));
});

describe('attributes (section 5.6.1 to 5.6.7)', () => {
  it.each<[line: string, isKept: boolean]>([
    ['foo=bar; Secure', true],
    ['foo=bar; secure=no', true],
    ['foo=bar;Secure;', true],
    ['foo=bar; ;; ;', true],
    ['foo=bar; unknown=x', true],
    ['foo=bar; =x', true],
    ['foo=bar; Expires=Fri, 07 Aug 2027 08:04:19 GMT', true],
    ['foo=bar; Expires=Fri, 07 Aug 2007 08:04:19 GMT', false],
    ['foo=bar; expires=Thu, 01-Jan-1970 00:00:00 GMT', false],
    ['foo=bar; Expires=not a date', true],
    ['foo=bar; Expires=', true],
    ['foo=bar; Expires="Fri, 07 Aug 2007 08:04:19 GMT"', false],
    ['foo=bar; Expires=Fri, 07 Aug 2007 08:04:19 GMT; Expires=Fri, 07 Aug 2027 08:04:19 GMT', true],
    ['foo=bar; Expires=Fri, 07 Aug 2027 08:04:19 GMT; Expires=Fri, 07 Aug 2007 08:04:19 GMT', false],
    ['foo=bar; Max-Age=100000', true],
    ['foo=bar; max-age=100000', true],
    ['foo=bar; Max-Age=0', false],
    ['foo=bar; Max-Age=-1', false],
    ['foo=bar; Max-Age=-', true],
    ['foo=bar; Max-Age=', true],
    ['foo=bar; Max-Age=1.5', true],
    ['foo=bar; Max-Age=+5', true],
    ['foo=bar; Max-Age=0x10', true],
    ['foo=bar; Max-Age="0"', true],
    ['foo=bar; Max-Age=0; Max-Age=100000', true],
    ['foo=bar; Max-Age=100000; Max-Age=0', false],
    ['foo=bar; Max-Age=100000; Expires=Fri, 07 Aug 2007 08:04:19 GMT', true],
    ['foo=bar; Max-Age=0; Expires=Fri, 07 Aug 2027 08:04:19 GMT', false],
    ['foo=bar; Max-Age=99999999999999999999', true],
    ['foo=bar; Path=/', true],
    ['foo=bar; Path=/cookie-parser', true],
    ['foo=bar; Path=/cookie-parser/', false],
    ['foo=bar; Path=/other', false],
    ['foo=bar; Path=other', true],
    ['foo=bar; Path=', true],
    ['foo=bar; Path', true],
    ['foo=bar; Path=/other; Path=/', true],
    ['foo=bar; Path=/; Path=/other', false],
    ['foo=bar; Path=/other; Path', true],
    ['foo=bar; Path="/"', true],
    ['foo=bar; Path=/COOKIE-PARSER', false],
    ['foo=bar; Domain=home.example.org', true],
    ['foo=bar; Domain=.home.example.org', true],
    ['foo=bar; Domain=..home.example.org', false],
    ['foo=bar; Domain=home.example.org.', false],
    ['foo=bar; Domain=HOME.EXAMPLE.ORG', true],
    ['foo=bar; Domain=example.org', true],
    ['foo=bar; Domain= example.org ', true],
    ['foo=bar; Domain=org', false],
    ['foo=bar; Domain=.org', false],
    ['foo=bar; Domain=other.org', false],
    ['foo=bar; Domain=ample.org', false],
    ['foo=bar; Domain=sub.home.example.org', false],
    ['foo=bar; Domain=home.example.org:8888', false],
    ['foo=bar; Domain="home.example.org"', false],
    ['foo=bar; Domain=', true],
    ['foo=bar; Domain', true],
    ['foo=bar; Domain=.', true],
    ['foo=bar; Domain=other.org; Domain=example.org', true],
    ['foo=bar; Domain=example.org; Domain=other.org', false],
    ['foo=bar; SameSite=Strict', true],
    ['foo=bar; SameSite=Unknown', true],
    ['foo=bar; SameSite=None', false],
    ['foo=bar; SameSite=None; Secure', true],
    ['foo=bar; Partitioned', false],
    ['foo=bar; Partitioned; Secure', true],
    ['foo=bar; HttpOnly', true],
    ['__Secure-foo=bar', false],
    ['__Secure-foo=bar; Secure', true],
    ['__secure-foo=bar', false],
    ['__Host-foo=bar; Secure', false],
    ['__Host-foo=bar; Secure; Path=/', true],
    ['__host-foo=bar; Secure; Path=/x', false],
    ['__Host-foo=bar; Secure; Path=/; Domain=home.example.org', false],
    ['__Host-foo=bar; Path=/', false],
    ['=__Host-foo=bar', false],
    ['__Hos-foo=bar', true],
  ])('%j is kept and sent: %s', (line, isKept) => expect(exchange([line], home, home) !== '').toBe(isKept));
});

describe('domain-match (section 5.1.3)', () => {
  it.each<[host: string, domain: string, expected: boolean]>([
    ['example.com', 'example.com', true],
    ['www.example.com', 'example.com', true],
    ['a.b.example.com', 'example.com', true],
    ['example.com', 'www.example.com', false],
    ['badexample.com', 'example.com', false],
    ['example.com.evil.test', 'example.com', false],
    ['example.org', 'example.com', false],
    ['com', 'com', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '0.0.1', false],
    ['127.0.0.1', '1', false],
    ['[::1]', '[::1]', true],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['www.xn--bcher-kva.test', 'xn--bcher-kva.test', true],
    ['localhost', 'localhost', true],
    ['a.localhost', 'localhost', true],
  ])('%s matches %s: %s', (host, domain, expected) => expect(domainMatches(host, domain)).toBe(expected));
});

describe('default-path and path-match (section 5.1.4)', () => {
  it.each<[path: string, expected: string]>([
    ['/', '/'],
    ['/a', '/'],
    ['/a/', '/a'],
    ['/a/b', '/a'],
    ['/a/b/', '/a/b'],
    ['//', '/'],
    ['//a', '/'],
    ['', '/'],
    ['a', '/'],
    ['/%2F/x', '/%2F'],
    ['/a/b/c/d', '/a/b/c'],
    ['/a;b/c', '/a;b'],
  ])('the default path at %j is %j', (path, expected) => expect(defaultPath(path)).toBe(expected));

  it.each<[path: string, cookiePath: string, expected: boolean]>([
    ['/', '/', true],
    ['/a', '/', true],
    ['/a', '/a', true],
    ['/a/', '/a', true],
    ['/a/b', '/a', true],
    ['/a/b', '/a/', true],
    ['/ab', '/a', false],
    ['/a', '/a/', false],
    ['/A', '/a', false],
    ['/b', '/a', false],
    ['/', '/a', false],
    ['/a%20b', '/a b', false],
    ['/a//b', '/a/', true],
    ['/a//b', '/a//', true],
    ['/a?b', '/a', false],
  ])('%j matches %j: %s', (path, cookiePath, expected) => expect(pathMatches(path, cookiePath)).toBe(expected));
});

describe('the order on the wire (section 5.8.3)', () => {
  it.each<[lines: string[], sent: string]>([
    [['a=1', 'b=2', 'c=3'], 'a=1; b=2; c=3'],
    [['c=1', 'b=2', 'a=3'], 'c=1; b=2; a=3'],
    [['a=1; Path=/', 'b=2; Path=/x'], 'b=2; a=1'],
    [['b=2; Path=/x', 'a=1; Path=/'], 'b=2; a=1'],
    [['a=1; Path=/', 'a=2; Path=/x'], 'a=2; a=1'],
    [['a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/'], 'a=3; b=2'],
    [['a=1; Path=/', 'a=2; Path=/; Domain=example.org'], 'a=1; a=2'],
    [['a=1; Path=/', 'a=; Path=/; Max-Age=0', 'a=2; Path=/', 'b=3; Path=/'], 'a=2; b=3'],
    [['a=1; Path=/x/', 'b=2; Path=/x'], 'a=1; b=2'],
    [['long=1; Path=/x/y', 'short=2; Path=/x', 'root=3; Path=/'], 'long=1; short=2; root=3'],
  ])('%j are sent as %j', (lines, sent) =>
    expect(exchange(lines, 'https://home.example.org/x/y', 'https://home.example.org/x/y')).toBe(sent),
  );
});

describe('where a cookie goes (section 5.8.3)', () => {
  const line = (attributes: string) => `a=1; Path=/${attributes}`;
  it.each<[line: string, from: string, to: string, isSent: boolean]>([
    [line(''), 'https://a.test/', 'https://a.test/x?y#z', true],
    [line(''), 'https://a.test/', 'https://a.test:8443/', true],
    [line(''), 'https://a.test/', 'http://a.test/', true],
    [line(''), 'http://a.test/', 'https://a.test/', true],
    [line(''), 'https://a.test/', 'https://A.TEST/', true],
    [line(''), 'https://a.test/', 'https://www.a.test/', false],
    [line(''), 'https://www.a.test/', 'https://a.test/', false],
    [line('; Domain=a.test'), 'https://www.a.test/', 'https://a.test/', true],
    [line('; Domain=a.test'), 'https://www.a.test/', 'https://ftp.a.test/', true],
    [line('; Domain=a.test'), 'https://a.test/', 'https://b.test/', false],
    [line('; Domain=www.a.test'), 'https://www.a.test/', 'https://a.test/', false],
    [line('; Secure'), 'https://a.test/', 'https://a.test/', true],
    [line('; Secure'), 'https://a.test/', 'http://a.test/', false],
    [line('; Secure'), 'http://localhost/', 'http://localhost/', true],
    [line('; Secure'), 'http://a.test/', 'https://a.test/', false],
    [line('; Domain=github.io'), 'https://me.github.io/', 'https://you.github.io/', false],
    [line('; Domain=co.uk'), 'https://a.co.uk/', 'https://b.co.uk/', false],
    [line(''), 'http://127.0.0.1/', 'http://127.0.0.1:81/', true],
    [line('; Domain=127.0.0.1'), 'http://127.0.0.1/', 'http://127.0.0.1/', true],
    [line('; Domain=0.0.1'), 'http://127.0.0.1/', 'http://127.0.0.1/', false],
    [line(''), 'http://[::1]/', 'http://[::1]/', true],
    ['a=1', 'https://a.test/x/y', 'https://a.test/x/z', true],
    ['a=1', 'https://a.test/x/y', 'https://a.test/x', true],
    ['a=1', 'https://a.test/x/y', 'https://a.test/', false],
    ['a=1', 'https://a.test/x/y', 'https://a.test/xy/z', false],
    ['a=1; Path=/x', 'https://a.test/other', 'https://a.test/x/y', true],
  ])('%s of %s goes to %s: %s', (cookie, from, to, isSent) => expect(exchange([cookie], from, to) !== '').toBe(isSent));
});

describe('dates (section 5.1.1)', () => {
  const time = Date.UTC(2027, 7, 7, 8, 4, 19);
  it.each<[date: string, expected: number | null]>([
    ['Sat, 07 Aug 2027 08:04:19 GMT', time],
    ['Sat, 07-Aug-2027 08:04:19 GMT', time],
    ['Sat, 07-Aug-27 08:04:19 GMT', time],
    ['Saturday, 07-Aug-27 08:04:19 GMT', time],
    ['Sat Aug  7 08:04:19 2027', time],
    ['7 Aug 2027 8:4:19', time],
    ['07 August 2027 08:04:19', time],
    ['07 AUG 2027 08:04:19', time],
    ['Aug 07 2027 08:04:19', time],
    ['2027 Aug 07 08:04:19', time],
    ['08:04:19 07 Aug 2027', time],
    ['08:04:19 2027 07 Aug', time],
    ['Mon, 07 Aug 2027 08:04:19 PST', time],
    ['07 Aug 2027 08:04:19 +0100', time],
    ['07th Aug 2027 08:04:19', time],
    ['07/Aug/2027/08:04:19', time],
    ['\t07;Aug;2027;08:04:19', time],
    ['07 Aug 2027 08:04:19x', time],
    ['07 Aug 69 00:00:00', Date.UTC(2069, 7, 7)],
    ['07 Aug 70 00:00:00', Date.UTC(1970, 7, 7)],
    ['07 Aug 99 00:00:00', Date.UTC(1999, 7, 7)],
    ['07 Aug 00 00:00:00', Date.UTC(2000, 7, 7)],
    ['29 Feb 2028 00:00:00', Date.UTC(2028, 1, 29)],
    ['01 Jan 1601 00:00:00', Date.UTC(1601, 0, 1)],
    ['31 Dec 9999 23:59:59', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['01 Jan 1600 00:00:00', null],
    ['29 Feb 2027 00:00:00', null],
    ['31 Apr 2027 00:00:00', null],
    ['32 Jan 2027 00:00:00', null],
    ['00 Jan 2027 00:00:00', null],
    ['07 Aug 2027 24:00:00', null],
    ['07 Aug 2027 08:60:00', null],
    ['07 Aug 2027 08:04:60', null],
    ['07 Aug 2027 08:04', null],
    ['07 Aug 2027', null],
    ['07 Foo 2027 08:04:19', null],
    ['Aug 2027 08:04:19', null],
    ['07 Aug 08:04:19', null],
    ['007 Aug 2027 08:04:19', null],
    ['07 Aug 20270 08:04:19', null],
    ['2027-08-07T08:04:19Z', null],
    ['1817712259', null],
    ['', null],
  ])('%j is %s', (date, expected) => expect(parseCookieDate(date)).toBe(expected));
});
