import { expect, it } from 'vitest';
import { parseSetCookie } from './set-cookie-parser.js';

const now = Date.UTC(2026, 0, 1);
const day = 24 * 60 * 60 * 1000;
const parse = (header: string) => parseSetCookie(header, now);

it.each<[header: string, name: string, value: string]>([
  ['a=b', 'a', 'b'],
  ['a=b; Secure', 'a', 'b'],
  ['  a  =  b  ; x', 'a', 'b'],
  ['\ta=b\t', 'a', 'b'],
  ['a=b=c', 'a', 'b=c'],
  ['a=', 'a', ''],
  ['=b', '', 'b'],
  ['b', '', 'b'],
  ['=a=b', '', 'a=b'],
  ['a="b c"', 'a', '"b c"'],
  ['a=b,c', 'a', 'b,c'],
  ['a b=c d', 'a b', 'c d'],
  ['é=ü', 'é', 'ü'],
  ['a=\u00a0b', 'a', '\u00a0b'],
  ['a=b\tc', 'a', 'b\tc'],
])('splits %j into name and value', (header, name, value) => {
  expect(parse(header)).toMatchObject({ name, value });
});

it.each([
  ['an empty line', ''],
  ['a line of attributes alone', '; Secure'],
  ['an equals sign alone', '='],
  ['a NUL', 'a=b\0c'],
  ['a line feed', 'a=b\nc'],
  ['a carriage return in an attribute', 'a=b; Path=/\r'],
  ['a DEL', 'a=\x7f'],
  ['more than 4096 octets', `a=${'b'.repeat(4096)}`],
  ['more than 4096 octets of UTF-8', `a=${'é'.repeat(2048)}`],
])('ignores %s', (_title, header) => {
  expect(parse(header)).toBeNull();
});

it('accepts name and value of 4096 octets together', () => {
  expect(parse(`a=${'b'.repeat(4095)}; Path=/`)).not.toBeNull();
});

it('knows attributes in any case and with blanks around them', () => {
  expect(parse('a=b;  SECURE ;httponly;  pAtH = /x ;DOMAIN=Example.COM; samesite=STRICT; Partitioned')).toEqual({
    name: 'a',
    value: 'b',
    domain: 'example.com',
    path: '/x',
    secure: true,
    httpOnly: true,
    sameSite: 'strict',
    expires: null,
    partitioned: true,
  });
});

it('takes Secure and HttpOnly for set whatever their value', () => {
  expect(parse('a=b; Secure=false; HttpOnly=0')).toMatchObject({ secure: true, httpOnly: true });
});

it('lets the last of several attributes win', () => {
  const header = 'a=b; Path=/x; Path=/y; Domain=x.test; Domain=y.test; SameSite=Lax; SameSite=None';
  expect(parse(header)).toMatchObject({ path: '/y', domain: 'y.test', sameSite: 'none' });
});

it('makes the cookie host-only when the last Domain is empty', () => {
  expect(parse('a=b; Domain=x.test; Domain=')).toMatchObject({ domain: '' });
});

it.each([
  ['.example.com', 'example.com'],
  ['example.com', 'example.com'],
  ['..example.com', '.example.com'],
])('reads Domain=%s as %s', (attribute, domain) => {
  expect(parse(`a=b; Domain=${attribute}`)?.domain).toBe(domain);
});

it.each([['Path='], ['Path'], ['Path=x'], ['Path="/x"']])('leaves the default path for %s', (attribute) => {
  expect(parse(`a=b; Path=/before; ${attribute}`)?.path).toBeNull();
});

it.each([['SameSite'], ['SameSite='], ['SameSite=whatever']])('takes %s for the default', (attribute) => {
  expect(parse(`a=b; ${attribute}`)?.sameSite).toBe('default');
});

it('ignores an attribute of more than 1024 octets and keeps the cookie', () => {
  expect(parse(`a=b; Path=/ok; Path=/${'x'.repeat(1024)}`)).toMatchObject({ path: '/ok' });
  expect(parse(`a=b; Path=/${'x'.repeat(1023)}`)?.path).toHaveLength(1024);
});

it.each<[attributes: string, expires: number | null]>([
  ['', null],
  ['; Expires=Fri, 02 Jan 2026 00:00:00 GMT', now + day],
  ['; Expires=Wed, 31 Dec 2025 00:00:00 GMT', now - day],
  ['; Expires=never', null],
  ['; Max-Age=60', now + 60_000],
  ['; Max-Age=0', 0],
  ['; Max-Age=-1', 0],
  ['; Max-Age=', null],
  ['; Max-Age=1.5', null],
  ['; Max-Age=+1', null],
  ['; Max-Age=abc', null],
  ['; Max-Age=60; Expires=Wed, 31 Dec 2025 00:00:00 GMT', now + 60_000],
  ['; Expires=Fri, 02 Jan 2026 00:00:00 GMT; Max-Age=0', 0],
  ['; Max-Age=60; Max-Age=120', now + 120_000],
  ['; Max-Age=60; Max-Age=x', now + 60_000],
  ['; Max-Age=99999999999999999999', now + 400 * day],
  ['; Expires=Fri, 01 Jan 2100 00:00:00 GMT', now + 400 * day],
])('gives a=b%s its expiry', (attributes, expires) => {
  expect(parse(`a=b${attributes}`)?.expires).toBe(expires);
});
