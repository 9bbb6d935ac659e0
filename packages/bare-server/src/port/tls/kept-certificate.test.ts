import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startPort } from '../port-clients.test-support.js';
import { keepSelfSignedCertificate } from './kept-certificate.js';
import { createSelfSignedCertificate } from './self-signed-certificate.js';

const day = 24 * 60 * 60 * 1000;
const hosts = ['localhost', '*.proxy.test', '127.0.0.1', '::1', '2001:db8::8:800:200c:417a'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'culvert-state-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('makes a certificate that is good for its names and addresses alone', () => {
  const certificate = new X509Certificate(keepSelfSignedCertificate(folder, hosts).cert);
  for (const host of ['localhost', 'a.proxy.test']) expect(certificate.checkHost(host)).toBeDefined();
  for (const host of ['127.0.0.1', '::1', '2001:db8::8:800:200c:417a']) expect(certificate.checkIP(host)).toBeDefined();
  expect(certificate.checkHost('example.com')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

it('is accepted by a client that trusts it', async () => {
  const { cert, key } = keepSelfSignedCertificate(folder, hosts);
  const port = await startPort({ tls: { cert, key } });
  const socket = tls.connect({ port, host: '127.0.0.1', ca: cert, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
});

it('keeps it, with a key that nobody else reads', () => {
  const made = keepSelfSignedCertificate(folder, hosts);
  expect(made.isNew).toBe(true);
  expect(keepSelfSignedCertificate(folder, ['localhost'])).toEqual({ ...made, isNew: false });
  expect(statSync(path.join(folder, 'self-signed.key.pem')).mode & 0o777).toBe(0o600);
});

it('makes another one for another host, and before it ends', () => {
  const made = keepSelfSignedCertificate(folder, ['localhost']);
  expect(keepSelfSignedCertificate(folder, ['localhost', 'new.test'])).toMatchObject({ isNew: true });
  expect(keepSelfSignedCertificate(folder, ['localhost'], Date.now() + 380 * day).cert).not.toBe(made.cert);
});

it('makes another one where what is kept is no certificate, or not of the key', () => {
  keepSelfSignedCertificate(folder, ['localhost']);
  writeFileSync(path.join(folder, 'self-signed.pem'), 'nonsense');
  expect(keepSelfSignedCertificate(folder, ['localhost']).isNew).toBe(true);
  const other = createSelfSignedCertificate({ hosts: ['a'], notBefore: new Date(), notAfter: new Date() });
  writeFileSync(path.join(folder, 'self-signed.key.pem'), other.key);
  expect(keepSelfSignedCertificate(folder, ['localhost']).isNew).toBe(true);
});
