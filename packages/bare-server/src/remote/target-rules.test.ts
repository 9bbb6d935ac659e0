import { expect, it } from 'vitest';
import { AddressJudge } from './address-judge.js';

function verdict(
  options: ConstructorParameters<typeof AddressJudge>[0],
  host: string,
  address: string,
  port = 443,
): string {
  try {
    new AddressJudge(options).judge(host, address, port);
    return 'allowed';
  } catch (error) {
    return (error as { range: string }).range;
  }
}

it.each([
  ['example.com', 'example.com', '8.8.8.8', 443, 'denied'],
  ['example.com', 'EXAMPLE.com.', '8.8.8.8', 443, 'denied'],
  ['example.com', 'www.example.com', '8.8.8.8', 443, 'allowed'],
  ['*.example.com', 'a.b.example.com', '8.8.8.8', 443, 'denied'],
  ['*.example.com', 'example.com', '8.8.8.8', 443, 'allowed'],
  ['*.example.com', 'notexample.com', '8.8.8.8', 443, 'allowed'],
  ['8.8.0.0/16', 'dns.test', '8.8.4.4', 443, 'denied'],
  ['8.8.8.8', 'dns.test', '::ffff:8.8.8.8', 443, 'denied'],
  ['8.8.8.8', 'dns.test', '8.8.8.9', 443, 'allowed'],
  ['*:25', 'mail.test', '8.8.8.8', 25, 'denied'],
  ['*:25', 'mail.test', '8.8.8.8', 26, 'allowed'],
  ['*:1-1023', 'a.test', '8.8.8.8', 1023, 'denied'],
  ['*:1-1023', 'a.test', '8.8.8.8', 1024, 'allowed'],
  ['[2606:4700::]/32:443', 'six.test', '2606:4700::1', 443, 'denied'],
  ['[2606:4700::]/32:443', 'six.test', '2606:4700::1', 80, 'allowed'],
  ['2606:4700::/32', 'six.test', '2606:4700::1', 80, 'denied'],
  ['8.8.8.8:53', 'a.test', '8.8.8.8', 53, 'denied'],
])('the rule %s says of %s at %s, port %i: %s', (rule, host, address, port, expected) => {
  expect(verdict({ deny: [rule] }, host, address, port)).toBe(expected);
});

it('allows nothing but what is on the list', () => {
  const allow = ['*.example.com:443', '1.1.1.0/24'];
  expect(verdict({ allow }, 'www.example.com', '8.8.8.8')).toBe('allowed');
  expect(verdict({ allow }, 'www.example.com', '8.8.8.8', 80)).toContain('not on the list');
  expect(verdict({ allow }, 'other.test', '1.1.1.1', 80)).toBe('allowed');
  expect(verdict({ allow, allowPrivate: true }, 'other.test', '127.0.0.1')).toContain('not on the list');
});

it('admits addresses that are not public when a range names them, but not when a name does', () => {
  expect(verdict({ allow: ['10.0.0.0/8', '*'] }, 'intranet.test', '10.1.2.3')).toBe('allowed');
  expect(verdict({ allow: ['10.0.0.0/8', '*'] }, 'intranet.test', '192.168.1.1')).toBe('private');
  expect(verdict({ allow: ['intranet.test'] }, 'intranet.test', '10.1.2.3')).toBe('private');
});

it('lets deny win over allow', () => {
  expect(verdict({ allow: ['*'], deny: ['evil.test'] }, 'evil.test', '8.8.8.8')).toBe('denied');
});

it.each([
  '',
  'a b',
  'http://a/',
  '10.0.0.0/33',
  'a.test/8',
  '*.*.test',
  'a*.test',
  'a:99999',
  'a:20-10',
  '[::1',
  '::1/129',
])('refuses the rule %j', (rule) => {
  expect(() => new AddressJudge({ deny: [rule] })).toThrow(expect.objectContaining({ code: 'BARE_SERVER_BAD_RULE' }));
});
