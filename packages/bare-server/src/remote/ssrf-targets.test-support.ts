/**
 * @module
 * Ways to write an address that a server must not connect to, for tests of everything that connects: as the host of a URL. Names are
 * resolved by `lookupInternal`.
 */
import type { LookupAddress } from 'node:dns';

export const forbiddenHosts: readonly string[] = [
  // Loopback, in every notation of inet_aton that the URL standard reads (IPv4 parser)
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '0X7F.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '00000177.0.0.1',
  '127.0x1',
  '127.0.0.0x1',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  // Digits and dots of Unicode, which IDNA makes ASCII
  '\uff11\uff12\uff17.0.0.1',
  '\u2460\u2461\u2466.0.0.1',
  '127\u30020\uff0e0\uff611',
  '\u{1d7cf}\u{1d7d0}\u{1d7d5}.0.0.1',
  '\uff10x7f.1',
  // This network
  '0',
  '0.0.0.0',
  '0x0',
  '0.1.2.3',
  // Private, carrier-grade NAT, link-local and the metadata services of clouds
  '10.0.0.1',
  '10.255.255.255',
  '0xa000001',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.0.1',
  '192.168.1',
  '3232235521',
  '100.64.0.1',
  '100.127.255.254',
  '100.100.100.200',
  '169.254.0.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '192.0.0.192',
  // For documentation and measurements, relays, multicast, reserved, broadcast
  '192.0.0.8',
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '198.18.0.1',
  '192.88.99.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  // IPv6
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[0:0:0:0:0:ffff:169.254.169.254]',
  '[::ffff:10.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:7f00:1::]',
  '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[ff0e::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[3fff::1]',
  '[5f00::1]',
  // Names
  'localhost',
  'LOCALHOST',
  'localhost.',
  'sub.localhost',
  '\uff4cocalhost',
  'loopback.test',
  'private.test',
  'private.test.',
  'metadata.test',
  'mapped.test',
  'six.test',
  'mixed.test',
];

/** Hosts that are no hosts of a URL at all: refused before anything is resolved. */
export const invalidHosts: readonly string[] = [
  '[fe80::1%25eth0]',
  '[fe80::1%eth0]',
  '256.256.256.256',
  '127.0.0.1.1.1',
  '0x7g.1',
  '[::1',
];

const names: Readonly<Record<string, readonly string[]>> = {
  'loopback.test': ['127.0.0.1'],
  'private.test': ['10.1.2.3'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'six.test': ['fd00::1'],
  // One address that is public makes the other no better.
  'mixed.test': ['8.8.8.8', '192.168.0.1'],
};

export function lookupInternal(
  host: string,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
): void {
  const addresses = names[host.replace(/\.$/, '')];
  if (addresses === undefined) callback(Object.assign(new Error(`No ${host}`), { code: 'ENOTFOUND' }), []);
  else
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}
