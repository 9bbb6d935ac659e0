/**
 * @module
 * The cipher suites that can be read passively: those with authenticated encryption, which are all that HTTP/2 allows
 * (RFC 9113 section 9.2.2).
 *
 * @see https://www.iana.org/assignments/tls-parameters
 */

export interface CipherSuite {
  name: string;
  version: TlsVersion;
  algorithm: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  keyLength: 16 | 32;
  /** Of the key schedule: HKDF in TLS 1.3, the PRF in TLS 1.2. */
  hash: 'sha256' | 'sha384';
}

export type TlsVersion = 'TLS 1.2' | 'TLS 1.3';

const aes128 = { algorithm: 'aes-128-gcm', keyLength: 16, hash: 'sha256' } as const;
const aes256 = { algorithm: 'aes-256-gcm', keyLength: 32, hash: 'sha384' } as const;
const chacha20 = { algorithm: 'chacha20-poly1305', keyLength: 32, hash: 'sha256' } as const;

const cipherSuites: Record<number, CipherSuite> = {
  0x1301: { name: 'TLS_AES_128_GCM_SHA256', version: 'TLS 1.3', ...aes128 },
  0x1302: { name: 'TLS_AES_256_GCM_SHA384', version: 'TLS 1.3', ...aes256 },
  0x1303: { name: 'TLS_CHACHA20_POLY1305_SHA256', version: 'TLS 1.3', ...chacha20 },
  0xc02b: { name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', version: 'TLS 1.2', ...aes128 },
  0xc02c: { name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', version: 'TLS 1.2', ...aes256 },
  0xc02f: { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', version: 'TLS 1.2', ...aes128 },
  0xc030: { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', version: 'TLS 1.2', ...aes256 },
  0xcca8: { name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', version: 'TLS 1.2', ...chacha20 },
  0xcca9: { name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', version: 'TLS 1.2', ...chacha20 },
  0x009e: { name: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', version: 'TLS 1.2', ...aes128 },
  0x009f: { name: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', version: 'TLS 1.2', ...aes256 },
  0xccaa: { name: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', version: 'TLS 1.2', ...chacha20 },
};

export function cipherSuiteOf(identifier: number): CipherSuite | null {
  return cipherSuites[identifier] ?? null;
}

/** `TLS_AES_128_GCM_SHA256:0x1301`, `UNKNOWN:0xfafa` */
export function cipherSuiteText(identifier: number): string {
  return `${cipherSuites[identifier]?.name ?? 'UNKNOWN'}:0x${identifier.toString(16).padStart(4, '0')}`;
}
