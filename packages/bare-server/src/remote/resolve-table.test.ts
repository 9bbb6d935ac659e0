import { expect, it } from 'vitest';
import { parseResolveTable } from './resolve-table.js';

it('finds the most specific entry', () => {
  const table = parseResolveTable(['*:*:192.0.2.4', '*:443:192.0.2.3', 'a.test:*:192.0.2.2', '+A.test:443:192.0.2.1']);
  expect(table.find('a.test', 443)).toEqual(['192.0.2.1']);
  expect(table.find('a.test.', 443)).toEqual(['192.0.2.1']);
  expect(table.find('a.test', 80)).toEqual(['192.0.2.2']);
  expect(table.find('b.test', 443)).toEqual(['192.0.2.3']);
  expect(table.find('b.test', 80)).toEqual(['192.0.2.4']);
});

it('reads several addresses and IPv6 with and without brackets', () => {
  const table = parseResolveTable([
    'a.test:80:192.0.2.1,[2001:db8::1]',
    'b.test:80:2001:db8::2',
    '[2001:db8::3]:80:192.0.2.3',
  ]);
  expect(table.find('a.test', 80)).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(table.find('b.test', 80)).toEqual(['2001:db8::2']);
  expect(table.find('2001:db8::3', 80)).toEqual(['192.0.2.3']);
  expect(table.find('c.test', 80)).toBeNull();
});

it.each([
  '',
  'a.test',
  'a.test:80',
  'a.test:80:',
  'a.test:port:192.0.2.1',
  'a.test:80:localhost',
  'a.test:99999:192.0.2.1',
])('refuses %j', (entry) => {
  expect(() => parseResolveTable([entry])).toThrow(expect.objectContaining({ code: 'BARE_SERVER_BAD_RESOLVE_ENTRY' }));
});
