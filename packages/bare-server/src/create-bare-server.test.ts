import net from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createBareServer } from './index.js';
import { exchange, onCleanup, startBareServer, startOrigin, v3Headers } from './local-servers.test-support.js';

/** Sends bytes that an HTTP client would not send; the answer up to the end of the connection. */
async function sendRaw(bare: string, bytes: string): Promise<string> {
  const socket = net.connect(Number(new URL(bare).port), '127.0.0.1');
  onCleanup(() => socket.destroy());
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

it('serves its manifest', async () => {
  const bare = await startBareServer({ maintainer: { email: 'someone@example.org' } });
  const { status, headers, body } = await exchange(bare);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toMatchObject({
    versions: ['v1', 'v2', 'v3'],
    language: 'NodeJS',
    memoryUsage: expect.any(Number),
    maintainer: { email: 'someone@example.org' },
  });
});

it('answers a preflight with what the browser asks for', async () => {
  const bare = await startBareServer();
  const { status, headers } = await exchange(`${bare}v3/`, {
    method: 'OPTIONS',
    headers: { 'Access-Control-Request-Headers': 'x-bare-url,authorization', 'Access-Control-Request-Method': 'PATCH' },
  });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'x-bare-url,authorization',
    'access-control-allow-methods': 'PATCH',
  });
});

it('tells what it does not serve', async () => {
  const bare = await startBareServer();
  for (const path of ['v3', 'v9/', 'x']) {
    const answer = await exchange(bare + path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'IMPL_NOT_FOUND', id: 'request' });
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  }
});

it('refuses TRACE, unknown methods and oversized headers with an error that a page can read, and lives on', async () => {
  const bare = await startBareServer();
  const trace = await exchange(`${bare}v3/`, { method: 'TRACE', headers: v3Headers('http://a/') });
  expect(trace.status).toBe(405);
  expect(JSON.parse(trace.body)).toMatchObject({ code: 'IMPL_METHOD_NOT_ALLOWED', id: 'request' });
  const unknown = await sendRaw(bare, 'CHICKEN /bare/v3/ HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(unknown).toMatch(/^HTTP\/1.1 405 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_METHOD_NOT_ALLOWED"/);
  const large = await sendRaw(bare, `GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1.1 431 [^]*Access-Control-Allow-Origin: \*[^]*"IMPL_HEADERS_TOO_LARGE"/);
  await sendRaw(bare, 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n');
  expect((await exchange(bare)).status).toBe(200);
});

it('routes only what is below its directory', async () => {
  const bare = await startBareServer({ directory: '/some/where/' });
  expect((await exchange(bare)).status).toBe(200);
  expect((await exchange(new URL('/some/', bare).href)).status).toBe(418);
});

it('refuses a directory without slashes and a resolve entry it cannot read', () => {
  expect(() => createBareServer({ directory: 'bare' })).toThrow(
    expect.objectContaining({ code: 'BARE_SERVER_BAD_DIRECTORY' }),
  );
  expect(() => createBareServer({ upstream: { resolve: ['a:80'] } })).toThrow(
    expect.objectContaining({ code: 'BARE_SERVER_BAD_RESOLVE_ENTRY' }),
  );
});

it('keeps the process alive when a client disappears in the middle of everything', async () => {
  const origin = await startOrigin((_request, response) => void response.write('x'.repeat(100_000)));
  const bare = await startBareServer();
  for (let index = 0; index < 5; index++) {
    const socket = net.connect(Number(new URL(bare).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: ${origin}\r\nX-Bare-Headers: {}\r\nContent-Length: 1000000\r\n\r\npart`,
    );
    await new Promise((resolve) => setTimeout(resolve, 5 * index));
    socket.resetAndDestroy();
  }
  expect((await exchange(bare)).status).toBe(200);
});
