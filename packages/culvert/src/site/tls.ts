/**
 * @module
 * The certificate that is served: one that was brought, or a self-signed one in the state folder.
 */
import { keepSelfSignedCertificate } from '@culvert/bare-server';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { OptionError } from '../options/errors.js';

export interface TlsChoice {
  mode: 'self-signed' | null;
  certFile: string | null;
  keyFile: string | null;
}

export interface TlsMaterial {
  cert: string;
  key: string;
  /** The file of a self-signed certificate. */
  keptIn: string | null;
}

interface Circumstances {
  host: string;
  stateFolder: string | null;
  env: Readonly<Record<string, string | undefined>>;
}

/** Null where TLS is not asked for. @throws OptionError */
export function readTls({ mode, certFile, keyFile }: TlsChoice, where: Circumstances): TlsMaterial | null {
  if ((certFile === null) !== (keyFile === null)) {
    const [given, missing] = certFile === null ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
    throw new OptionError(`${given} needs ${missing} too: a certificate and its key go together.`);
  }
  if (certFile !== null && keyFile !== null) {
    if (mode !== null) throw new OptionError('--tls self-signed and --tls-cert exclude each other: give one of them.');
    return readBrought(certFile, keyFile);
  }
  if (mode === null) return null;
  const kept = keepSelfSignedCertificate(where.stateFolder ?? defaultStateFolder(where.env), hostsOf(where.host));
  return { cert: kept.cert, key: kept.key, keptIn: kept.certFile };
}

/** XDG Base Directory Specification. */
function defaultStateFolder(env: Circumstances['env']): string {
  const base = env['XDG_STATE_HOME'];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.local', 'state'), 'culvert');
}

function hostsOf(host: string): string[] {
  const isWildcard = host === '0.0.0.0' || host === '::';
  return [...new Set(['localhost', '127.0.0.1', '::1', isWildcard ? hostname() : host])];
}

function readBrought(certFile: string, keyFile: string): TlsMaterial {
  const cert = readPem('--tls-cert', certFile);
  const key = readPem('--tls-key', keyFile);
  const certificate = parse('--tls-cert', certFile, 'certificate', () => new X509Certificate(cert));
  const privateKey = parse('--tls-key', keyFile, 'private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new OptionError(`--tls-key is ${keyFile}, which is not the key of the certificate in ${certFile}.`);
  }
  return { cert, key, keptIn: null };
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`${name} is ${file}, which cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function parse<T>(name: string, file: string, kind: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new OptionError(`${name} is ${file}, which holds no ${kind} as PEM: ${(error as Error).message}.`);
  }
}
