import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { KeyLogFile } from '@culvert/http2-describe';
import { afterEach, expect, it } from 'vitest';
import { certificate, privateKey } from '../support/certificates/secure-test.ts';
import { expectAgreement } from './support/agree.mjs';
import { startChain } from './support/chain.mjs';
import { runProgram } from './support/run-program.mjs';
import { startHttp2Server } from './support/servers.mjs';

const cleanups = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

function keyLogPath() {
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-describe-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return path.join(directory, 'keys');
}

async function secureChain(keyLogFile) {
  const server = await startHttp2Server({ isSecure: true });
  cleanups.push(() => server.close());
  return startChain(server.port, { tlsSecrets: new KeyLogFile(keyLogFile) });
}

it.each([
  ['TLS 1.3 with AES-128', ['--tlsv1.3', '--tls13-ciphers', 'TLS_AES_128_GCM_SHA256'], 0x1301],
  ['TLS 1.3 with AES-256', ['--tlsv1.3', '--tls13-ciphers', 'TLS_AES_256_GCM_SHA384'], 0x1302],
  ['TLS 1.3 with ChaCha20', ['--tlsv1.3', '--tls13-ciphers', 'TLS_CHACHA20_POLY1305_SHA256'], 0x1303],
  ['TLS 1.2 with AES-128', ['--tls-max', '1.2', '--ciphers', 'ECDHE-ECDSA-AES128-GCM-SHA256'], 0xc02b],
  ['TLS 1.2 with AES-256', ['--tls-max', '1.2', '--ciphers', 'ECDHE-ECDSA-AES256-GCM-SHA384'], 0xc02c],
  ['TLS 1.2 with ChaCha20', ['--tls-max', '1.2', '--ciphers', 'ECDHE-ECDSA-CHACHA20-POLY1305'], 0xcca9],
])(
  'agrees with tshark on curl over %s that passes, by the key log that curl writes',
  async (_, options, cipherSuite) => {
    const keyLogFile = keyLogPath();
    const chain = await secureChain(keyLogFile);
    const at = (path) => `https://127.0.0.1:${chain.port}${path}`;
    const env = { SSLKEYLOGFILE: keyLogFile };
    await runProgram('curl', ['-sSk', '--http2', ...options, '--output', '/dev/null', at('/large')], { env });
    await runProgram('curl', ['-sSk', '--http2', ...options, at('/alternatives'), at('/trailers')], { env });
    const told = await chain.finish();
    const { errors, frames } = expectAgreement(told, { protocol: 'tls', keyLogFile });
    expect(errors).toEqual([]);
    expect(frames.filter(({ headers }) => headers?.some(([name]) => name === ':path')).length).toBe(3);
    const hello = told.records.find((record) => record.cipherSuite !== undefined);
    expect(hello).toMatchObject({ kind: 'tls-record', direction: 'server', cipherSuite });
  },
);

it('reads on after both sides have updated their keys', async () => {
  const keyLogFile = keyLogPath();
  let received = '';
  const server = tls.createServer({ cert: certificate, key: privateKey }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      received += bytes;
      socket.write(`echo of ${bytes}`);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const chain = await startChain(server.address().port, { tlsSecrets: new KeyLogFile(keyLogFile) });
  const waitFor = (what, isThere) => async (written) => {
    for (let tries = 0; !isThere(written()); tries++) {
      if (tries > 1000) throw new Error(`Failed to wait for ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const say = (line) => [line, waitFor(line, () => received.includes(line))];
  const updateKeys = (times) => [
    // A line of "K" makes s_client update its keys and ask for the same.
    'K\n',
    waitFor('KEYUPDATE', (written) => written.split('KEYUPDATE').length === times + 1),
  ];
  const input = [say('before\n'), updateKeys(1), say('after one\n'), updateKeys(2), say('after two\n'), 'Q\n'].flat();
  const address = `127.0.0.1:${chain.port}`;
  await runProgram('openssl', ['s_client', '-connect', address, '-tls1_3', '-keylogfile', keyLogFile], { input });
  const { records } = await chain.finish();
  const updates = records.filter((record) => record.handshakeMessages?.some(({ type }) => type === 'key_update'));
  expect(updates.map(({ direction }) => direction).sort()).toEqual(['client', 'client', 'server', 'server']);
  const inside = (direction) =>
    records
      .filter((record) => record.direction === direction && record.kind !== 'tls-record')
      .map(({ bytes = '', truncatedBytes = '' }) => Buffer.from(bytes + truncatedBytes, 'hex').toString())
      .join('');
  expect(inside('client')).toBe('before\nafter one\nafter two\n');
  expect(inside('server')).toContain('echo of after two\n');
  expect(records.flatMap(({ errors = [] }) => errors).filter(({ code }) => code.includes('TLS'))).toEqual([]);
});
