/**
 * @module
 * A certificate that nobody has signed but itself (X.509 version 3, RFC 5280), for ECDSA on P-256. `node:crypto` makes keys and
 * signatures; the certificate around them is written here.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import {
  bitString,
  boolean,
  contextTag,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utf8String,
} from './der.js';

export interface CertificateOptions {
  /** Host names, `*.` in front of one included, and addresses. */
  hosts: readonly string[];
  notBefore: Date;
  notAfter: Date;
}

export interface KeyAndCertificate {
  /** PEM. */
  key: string;
  cert: string;
}

const oids = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

export function createSelfSignedCertificate({ hosts, notBefore, notAfter }: CertificateOptions): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectIdentifier(oids.ecdsaWithSha256));
  const name = sequence(set(sequence(objectIdentifier(oids.commonName), utf8String('Culvert, self-signed'))));
  const toBeSigned = sequence(
    contextTag(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    algorithm,
    name,
    sequence(generalizedTime(notBefore), generalizedTime(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    contextTag(
      3,
      sequence(
        // An end entity, and no authority: to trust it is to trust these names alone.
        extension(oids.basicConstraints, true, sequence()),
        extension(oids.keyUsage, true, bitString(Buffer.from([0x80]), 7)),
        extension(oids.extendedKeyUsage, false, sequence(objectIdentifier(oids.serverAuth))),
        extension(oids.subjectAltName, false, sequence(...hosts.map(generalName))),
      ),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', sequence(toBeSigned, algorithm, bitString(signature))),
  };
}

/** Positive, and at most 20 bytes (section 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0]! &= 0x7f;
  return bytes;
}

function extension(oid: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

/** Section 4.2.1.6: [2] is a name, [7] an address. */
function generalName(host: string): Buffer {
  return isIP(host) === 0 ? contextTag(2, Buffer.from(host), false) : contextTag(7, addressBytes(host), false);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every IPv6 address in one way, with at most one gap and no dotted part.
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const bytes = Buffer.alloc(16);
  front.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  back.forEach((group, index) => bytes.writeUInt16BE(group, 16 - (back.length - index) * 2));
  return bytes;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
