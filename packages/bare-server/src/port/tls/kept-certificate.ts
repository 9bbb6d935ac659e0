/**
 * @module
 * A self-signed certificate that is made once and kept: a browser that was told to trust it has to find the same one again.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { createSelfSignedCertificate, type KeyAndCertificate } from './self-signed-certificate.js';

export interface KeptCertificate extends KeyAndCertificate {
  /** Where it is kept. */
  certFile: string;
  /** Whether it was made just now. */
  isNew: boolean;
}

const day = 24 * 60 * 60 * 1000;
/** Some clients take no certificate that is good for more than 398 days. */
const lifetime = 397 * day;
const renewBefore = 30 * day;

/** Makes a new one when there is none, when it ends soon, or when it is not for all of `hosts`. */
export function keepSelfSignedCertificate(folder: string, hosts: readonly string[], now = Date.now()): KeptCertificate {
  const certFile = path.join(folder, 'self-signed.pem');
  const keyFile = path.join(folder, 'self-signed.key.pem');
  if (existsSync(certFile) && existsSync(keyFile)) {
    const kept = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    if (isGood(kept, hosts, now)) return { ...kept, certFile, isNew: false };
  }
  // Clocks differ: a certificate from this moment on would not be valid yet for some.
  const made = createSelfSignedCertificate({
    hosts,
    notBefore: new Date(now - day),
    notAfter: new Date(now - day + lifetime),
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(certFile, made.cert);
  return { ...made, certFile, isNew: true };
}

function isGood({ cert, key }: KeyAndCertificate, hosts: readonly string[], now: number): boolean {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return false;
  } catch {
    // Whatever is there instead, it is of no use: a new pair takes its place.
    return false;
  }
  const isLasting = Date.parse(certificate.validTo) - now > renewBefore;
  return (
    isLasting && hosts.every((host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)))
  );
}
