import { expect, it } from 'vitest';
import { judgeAddress, normalizeAddress } from './address-policy.js';

it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '[2606:4700::1111]', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  'allows %s',
  (address) => {
    expect(judgeAddress(address)).toEqual({ isAllowed: true, range: 'unicast' });
  },
);

it.each([
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['169.254.169.254', 'linkLocal'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['198.18.0.1', 'reserved'],
  ['::1', 'loopback'],
  ['[::1]', 'loopback'],
  ['::', 'unspecified'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fc00::1', 'uniqueLocal'],
  ['fd12::1', 'uniqueLocal'],
  ['fec0::1', 'deprecatedSiteLocal'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'reserved'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['[::ffff:a9fe:a9fe]', 'linkLocal'],
  ['::127.0.0.1', 'loopback'],
  ['::7f00:1', 'loopback'],
  ['::a00:1', 'private'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'linkLocal'],
  ['2002:7f00:1::', '6to4'],
  ['::ffff:0:7f00:1', 'rfc6145'],
  ['not an address', 'invalid'],
])('blocks %s', (address, range) => {
  expect(judgeAddress(address)).toEqual({ isAllowed: false, range });
});

it('gives one spelling to one address', () => {
  expect(normalizeAddress('::ffff:1.2.3.4')).toBe(normalizeAddress('1.2.3.4'));
  expect(normalizeAddress('[2606:4700:0::1]')).toBe(normalizeAddress('2606:4700::0001'));
});
