/** Which remotes can be reached: names, addresses and certificates, through a whole server. */
import https from 'node:https';
import { expect, it } from 'vitest';
import {
  certificate,
  certificateAuthority,
  expiredCertificate,
  privateKey,
  selfSignedCertificate,
} from '../../../../test/support/certificates/secure-test.js';
import { exchange, listen, startBareServer, startOrigin, v3Headers } from '../local-servers.test-support.js';

async function fetchError(
  bare: string,
  remote: string,
): Promise<{ status: number; code: string; id: string; message: string }> {
  const { status, body } = await exchange(`${bare}v3/`, { headers: v3Headers(remote) });
  return { status, ...(JSON.parse(body) as { code: string; id: string; message: string }) };
}

async function startTlsOrigin(cert: string): Promise<number> {
  return listen(
    https.createServer({ cert, key: privateKey }, (request, response) => response.end(request.headers.host)),
  );
}

it.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:169.254.169.254]/latest/meta-data',
  'http://10.0.0.1/',
  'http://localhost/',
  'http://anything.localhost./',
  'https://192.168.0.1/',
])('blocks %s', async (remote) => {
  const bare = await startBareServer({ upstream: { allowPrivate: false } });
  const error = await fetchError(bare, remote);
  expect(error).toMatchObject({ status: 403, code: 'IMPL_BLOCKED_ADDRESS', id: 'request.headers.x-bare-url' });
  expect(error.message).toContain('--allow-private');
});

it('judges addresses of the resolve table too, each of them', async () => {
  const bare = await startBareServer({
    upstream: { allowPrivate: false, resolve: ['rebind.test:80:8.8.8.8,127.0.0.1'] },
  });
  expect(await fetchError(bare, 'http://rebind.test/')).toMatchObject({ code: 'IMPL_BLOCKED_ADDRESS' });
});

it('uses the resolve table and keeps the name in Host', async () => {
  const origin = await startOrigin((request, response) => response.end(request.headers.host));
  const { port } = new URL(origin);
  const bare = await startBareServer({ upstream: { resolve: [`*:${port}:127.0.0.1`] } });
  expect((await exchange(`${bare}v3/`, { headers: v3Headers(`http://some.test:${port}/`) })).body).toBe(
    `some.test:${port}`,
  );
  expect((await exchange(`${bare}v3/`, { headers: v3Headers(`http://192.0.2.7:${port}/`) })).body).toBe(
    `192.0.2.7:${port}`,
  );
});

it('verifies certificates and reuses what was agreed', async () => {
  const port = await startTlsOrigin(certificate);
  const upstream = { resolve: ['*:*:127.0.0.1'], ca: [certificateAuthority] };
  const bare = await startBareServer({ upstream });
  for (const host of ['secure.test', 'www.secure.test']) {
    expect((await exchange(`${bare}v3/`, { headers: v3Headers(`https://${host}:${port}/`) })).body).toBe(
      `${host}:${port}`,
    );
  }
});

it.each([
  ['self-signed', selfSignedCertificate, 'secure.test', 'self-signed'],
  ['expired', expiredCertificate, 'secure.test', 'expired'],
  ["another host's", certificate, 'other.test', 'for another host'],
  ["another address's", certificate, '192.0.2.1', 'for another host'],
])('refuses a certificate that is %s', async (_kind, cert, host, reason) => {
  const port = await startTlsOrigin(cert);
  const upstream = { resolve: ['*:*:127.0.0.1'], ca: [certificateAuthority] };
  const error = await fetchError(await startBareServer({ upstream }), `https://${host}:${port}/`);
  expect(error).toMatchObject({ status: 500, code: 'IMPL_TLS_ERROR' });
  expect(error.message).toContain(reason);
  const insecure = await startBareServer({ upstream: { ...upstream, insecure: true } });
  expect((await exchange(`${insecure}v3/`, { headers: v3Headers(`https://${host}:${port}/`) })).status).toBe(200);
});

it('reports a remote that does not speak TLS', async () => {
  const { port } = new URL(await startOrigin((_request, response) => response.end()));
  const error = await fetchError(await startBareServer(), `https://127.0.0.1:${port}/`);
  expect(error).toMatchObject({ code: 'IMPL_TLS_ERROR' });
  expect(error.message).toMatch(/wrong version number|packet length too long/);
});
