/**
 * @module
 * From a logged secret to the key and initialisation vector of one direction.
 */
import { createHmac } from 'node:crypto';
import type { Direction } from '../description.js';
import type { CipherSuite } from './cipher-suites.js';

export interface TrafficKeys {
  key: Buffer;
  /** 12 bytes; for AES-GCM in TLS 1.2 the 4 that stand before each record's own 8 (RFC 5288 section 3). */
  iv: Buffer;
}

/** HKDF-Expand-Label (RFC 8446 section 7.1) with an empty context. */
export function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.from([length >> 8, length & 0xff, full.length]), full, Buffer.from([0])]);
  // HKDF-Expand (RFC 5869 section 2.3). No key, vector or secret of TLS is longer than one block of its hash.
  return createHmac(hash, secret)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length);
}

/** RFC 8446 section 7.3 */
export function keysOfTrafficSecret({ hash, keyLength }: CipherSuite, secret: Buffer): TrafficKeys {
  return { key: expandLabel(hash, secret, 'key', keyLength), iv: expandLabel(hash, secret, 'iv', 12) };
}

/** What a KeyUpdate replaces the secret with (RFC 8446 section 7.2). */
export function nextTrafficSecret({ hash }: CipherSuite, secret: Buffer): Buffer {
  return expandLabel(hash, secret, 'traffic upd', secret.length);
}

/** TLS 1.2's key block (RFC 5246 section 6.3); suites with authenticated encryption have no keys for MACs. */
export function keysOfMasterSecret(
  suite: CipherSuite,
  masterSecret: Buffer,
  randoms: { client: Buffer; server: Buffer },
  direction: Direction,
): TrafficKeys {
  const ivLength = suite.algorithm === 'chacha20-poly1305' ? 12 : 4;
  const seed = Buffer.concat([Buffer.from('key expansion'), randoms.server, randoms.client]);
  const block = prf(suite.hash, masterSecret, seed, 2 * (suite.keyLength + ivLength));
  const index = direction === 'client' ? 0 : 1;
  const ivs = block.subarray(2 * suite.keyLength);
  return {
    key: block.subarray(index * suite.keyLength, (index + 1) * suite.keyLength),
    iv: ivs.subarray(index * ivLength, (index + 1) * ivLength),
  };
}

/** P_hash (RFC 5246 section 5) */
function prf(hash: string, secret: Buffer, seed: Buffer, length: number): Buffer {
  const hmac = (...parts: Buffer[]) => createHmac(hash, secret).update(Buffer.concat(parts)).digest();
  const blocks: Buffer[] = [];
  let size = 0;
  for (let a = hmac(seed); size < length; a = hmac(a)) {
    const block = hmac(a, seed);
    blocks.push(block);
    size += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
