import net from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { HttpSocketError } from '../errors.js';
import { startEcho, startSocketServer, startTarget } from '../local-servers.test-support.js';
import { aKey, openPlain, openWithKey, request } from '../raw-request.test-support.js';
import { createDuplexPair, createHttpSocketServer } from './index.js';

/** What the far end of the next session has received. */
async function startRecorder() {
  const seen = { text: '', hasEnded: false, error: null as Error | null };
  const sockets: net.Socket[] = [];
  const connect = await startTarget((socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => (seen.text += chunk.toString('latin1')));
    socket.on('end', () => (seen.hasEnded = true));
    socket.on('error', (error) => (seen.error = error));
  });
  return { seen, sockets, connect };
}

it('serves the exchange of the specification to a client that sends no other header', async () => {
  const { url, sockets } = await startSocketServer({ connect: await startEcho() });
  const opened = await request(url, 'POST');
  expect(opened.status).toBe(201);
  expect(opened.headers['content-length']).toBe('0');
  expect(opened.headers['x-session']).toMatch(/^[0-9a-f]{64}$/);
  const session = { 'X-Session': opened.headers['x-session'] as string };
  expect((await request(url, 'PUT', session, 'Hello, World!')).status).toBe(200);
  const received = await request(url, 'GET', { ...session, 'X-Content-Length': 32768 });
  expect([received.status, received.headers['content-length'], received.body]).toEqual([200, '13', 'Hello, World!']);
  expect((await request(url, 'DELETE', session)).status).toBe(204);
  expect((await request(url, 'GET', session)).status).toBe(404);
  expect(sockets.sessionCount).toBe(0);
});

it('answers a plain GET with no more than it asks for, and goes on after it', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const session = { 'X-Session': await openPlain(url) };
  await request(url, 'PUT', session, 'abcdefgh');
  const first = await request(url, 'GET', { ...session, 'X-Content-Length': 3 });
  const second = await request(url, 'GET', { ...session, 'X-Content-Length': 100 });
  expect([first.body, second.body]).toEqual(['abc', 'defgh']);
});

it('tells a plain client the end of the stream with 410, as an empty 200 is only a timeout', async () => {
  const connect = await startTarget((socket) => setTimeout(() => socket.end('bye'), 300));
  const { url } = await startSocketServer({ connect, pollTimeout: 100 });
  const session = { 'X-Session': await openPlain(url) };
  const early = await request(url, 'GET', session);
  expect([early.status, early.body]).toEqual([200, '']);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await request(url, 'GET', session)).body).toBe('bye');
  const end = await request(url, 'GET', session);
  expect([end.status, end.headers['x-end']]).toEqual([410, '3']);
});

it('gives a plain client again what a broken answer did not deliver', async () => {
  // More than the system's buffers hold, as what those took counts as delivered.
  const size = 16_000_000;
  const connect = await startTarget((socket) => void socket.write(Buffer.alloc(size, 'x')));
  const { url, port, sockets } = await startSocketServer({ connect, maxAnswerBytes: size, maxBufferedBytes: size });
  const session = await openPlain(url);
  await expect.poll(() => sockets.sessionCount).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const broken = net.connect(port, '127.0.0.1');
  broken.write(`GET /socket HTTP/1.1\r\nHost: a\r\nX-Session: ${session}\r\nX-Content-Length: ${size}\r\n\r\n`);
  await once(broken, 'readable');
  broken.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await request(url, 'GET', { 'X-Session': session, 'X-Content-Length': 1000 });
  expect([again.headers['x-offset'], again.body]).toEqual(['0', 'x'.repeat(1000)]);
});

it('puts PUTs in the order of their offsets and ignores what it has', async () => {
  const { seen, connect } = await startRecorder();
  const { url } = await startSocketServer({ connect });
  const session = await openWithKey(url);
  const late = await request(url, 'PUT', { ...session, 'X-Offset': 6 }, 'World');
  expect([late.status, late.headers['x-acknowledged'], late.headers['x-offset']]).toEqual([200, '0', '11']);
  const first = await request(url, 'PUT', { ...session, 'X-Offset': 0 }, 'Hello, ');
  expect(first.headers['x-acknowledged']).toBe('11');
  for (const offset of [0, 3, 6]) {
    const replayed = await request(url, 'PUT', { ...session, 'X-Offset': offset }, 'Hello, World'.slice(offset, 11));
    expect([replayed.status, replayed.headers['x-acknowledged'], replayed.headers['x-offset']]).toEqual([
      200,
      '11',
      '11',
    ]);
  }
  await expect.poll(() => seen.text).toBe('Hello,World');
});

it('takes of a body that breaks off what has arrived when it has an offset, and nothing when it has none', async () => {
  const { seen, connect } = await startRecorder();
  const { url, port } = await startSocketServer({ connect });
  const session = await openPlain(url);
  for (const offset of ['X-Offset: 0\r\n', '']) {
    const lying = net.connect(port, '127.0.0.1');
    lying.write(`PUT /socket HTTP/1.1\r\nHost: a\r\nX-Session: ${session}\r\n${offset}Content-Length: 100\r\n\r\nabc`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    lying.destroy();
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  const next = await request(url, 'PUT', { 'X-Session': session, 'X-Offset': 3 }, 'def');
  expect(next.headers['x-acknowledged']).toBe('6');
  await expect.poll(() => seen.text).toBe('abcdef');
});

it('keeps what was sent until it is acknowledged, and refuses older offsets', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const session = await openWithKey(url);
  await request(url, 'PUT', { ...session, 'X-Offset': 0 }, '0123456789');
  const get = (headers: Record<string, string | number>) => request(url, 'GET', { ...session, ...headers });
  expect((await get({ 'X-Offset': 0 })).body).toBe('0123456789');
  expect((await get({ 'X-Offset': 4, 'X-Acknowledged': 2, 'X-Content-Length': 3 })).body).toBe('456');
  expect((await get({ 'X-Offset': 2, 'X-Content-Length': 3 })).body).toBe('234');
  const gone = await get({ 'X-Offset': 1, 'X-Acknowledged': 2 });
  expect([gone.status, gone.headers['x-error']]).toEqual([409, 'HTTP_SOCKET_OFFSET_GONE']);
  const beyond = await get({ 'X-Offset': 11, 'X-Acknowledged': 2 });
  expect([beyond.status, beyond.headers['x-error']]).toEqual([400, 'HTTP_SOCKET_BAD_OFFSET']);
  const lying = await get({ 'X-Offset': 2, 'X-Acknowledged': 11 });
  expect([lying.status, lying.headers['x-error']]).toEqual([400, 'HTTP_SOCKET_BAD_OFFSET']);
});

it('gives each of several GETs its own share, and a repeated one the same again', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const session = await openWithKey(url);
  const next = (nonce: string) =>
    request(url, 'GET', { ...session, 'X-Offset': 'next', 'X-Request': nonce, 'X-Content-Length': 2 });
  const waiting = [next('a'), next('b')];
  await new Promise((resolve) => setTimeout(resolve, 50));
  await request(url, 'PUT', { ...session, 'X-Offset': 0 }, '012345');
  const shares = (await Promise.all(waiting)).map(({ body, headers }) => [headers['x-offset'], body]);
  expect(shares.sort()).toEqual([
    ['0', '01'],
    ['2', '23'],
  ]);
  const [repeated, other] = [await next('a'), await next('c')];
  expect([repeated.body, repeated.headers['x-request']]).toEqual(['01', 'a']);
  expect(other.body).toBe('45');
});

it('says how long a GET may wait, and lets it wait no longer than it asks', async () => {
  const { url } = await startSocketServer({ connect: await startEcho(), pollTimeout: 5000 });
  const opened = await request(url, 'POST');
  expect(opened.headers['x-wait']).toBe('5');
  const started = Date.now();
  const answer = await request(url, 'GET', {
    'X-Session': opened.headers['x-session'] as string,
    'X-Offset': 0,
    'X-Wait': 1,
  });
  expect([answer.status, answer.body, answer.headers['x-available']]).toEqual([200, '', '0']);
  expect(Date.now() - started).toBeGreaterThan(900);
  expect(Date.now() - started).toBeLessThan(3000);
});

it('forbids caches and proxies to keep, collect or change answers', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const { headers } = await request(url, 'POST');
  expect(headers['cache-control']).toBe('no-store, no-transform');
  expect(headers['x-accel-buffering']).toBe('no');
});

it('knows a session only together with the key that opened it', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const session = await openWithKey(url);
  for (const key of ['cd'.repeat(32), '']) {
    const headers: Record<string, string> = { 'X-Session': session['X-Session']! };
    if (key) headers['X-Session-Key'] = key;
    for (const method of ['PUT', 'GET', 'DELETE']) {
      const answer = await request(url, method, headers);
      expect([answer.status, answer.headers['x-error']]).toEqual([404, 'HTTP_SOCKET_UNKNOWN_SESSION']);
    }
  }
  expect((await request(url, 'PUT', { ...session, 'X-Offset': 0 }, 'a')).status).toBe(200);
});

it('binds a session without a key to the address of its client', async () => {
  const addresses = { current: '192.0.2.1' };
  const { url } = await startSocketServer({ connect: await startEcho(), clientAddress: () => addresses.current });
  const session = { 'X-Session': await openPlain(url) };
  expect((await request(url, 'PUT', session, 'a')).status).toBe(200);
  addresses.current = '192.0.2.2';
  expect((await request(url, 'PUT', session, 'a')).status).toBe(404);
});

it('opens one session for a POST that is repeated, and none once that is over', async () => {
  let connections = 0;
  const echo = await startEcho();
  const { url, sockets } = await startSocketServer({ connect: () => (connections++, echo()) });
  const answers = await Promise.all([openWithKey(url), openWithKey(url)]);
  expect(answers[0]).toEqual(answers[1]);
  expect(await openWithKey(url)).toEqual(answers[0]);
  expect([connections, sockets.sessionCount]).toEqual([1, 1]);
  await request(url, 'DELETE', answers[0]);
  const late = await request(url, 'POST', { 'X-Session-Key': aKey });
  expect([late.status, late.headers['x-error']]).toEqual([410, 'HTTP_SOCKET_CLOSED']);
  expect(connections).toBe(1);
});

it('refuses unknown sessions, methods, and headers that it cannot read', async () => {
  const { url } = await startSocketServer({ connect: await startEcho() });
  const session = await openWithKey(url);
  const codeOf = async (method: string, headers: Record<string, string | number>) => {
    const answer = await request(url, method, headers);
    return [answer.status, answer.headers['x-error']];
  };
  expect(await codeOf('GET', {})).toEqual([404, 'HTTP_SOCKET_UNKNOWN_SESSION']);
  expect(await codeOf('GET', { 'X-Session': 'f'.repeat(64) })).toEqual([404, 'HTTP_SOCKET_UNKNOWN_SESSION']);
  expect(await codeOf('PATCH', session)).toEqual([405, 'HTTP_SOCKET_METHOD_NOT_ALLOWED']);
  expect(await codeOf('POST', { 'X-Session-Key': 'short' })).toEqual([400, 'HTTP_SOCKET_BAD_HEADER']);
  for (const [name, value] of [
    ['X-Offset', '-1'],
    ['X-Offset', '1e3'],
    ['X-Offset', '99999999999999999999'],
    ['X-Content-Length', 'many'],
    ['X-Acknowledged', '0x1'],
    ['X-Wait', '1.5'],
  ] as const) {
    expect(await codeOf('GET', { ...session, [name]: value })).toEqual([400, 'HTTP_SOCKET_BAD_HEADER']);
  }
  expect(await codeOf('PUT', { ...session, 'X-Offset': 0, 'X-End': 'now' })).toEqual([400, 'HTTP_SOCKET_BAD_HEADER']);
});

it('refuses a second end, an end before what it has, and bytes after the end', async () => {
  const { seen, connect } = await startRecorder();
  const { url } = await startSocketServer({ connect });
  const session = await openWithKey(url);
  const codeOf = async (headers: Record<string, number>, body = '') =>
    (await request(url, 'PUT', { ...session, ...headers }, body)).headers['x-error'];
  expect(await codeOf({ 'X-Offset': 0 }, 'abcd')).toBeUndefined();
  expect(await codeOf({ 'X-Offset': 4, 'X-End': 3 })).toBe('HTTP_SOCKET_END_CONFLICT');
  expect(await codeOf({ 'X-Offset': 4, 'X-End': 6 })).toBeUndefined();
  expect(await codeOf({ 'X-Offset': 4, 'X-End': 7 })).toBe('HTTP_SOCKET_END_CONFLICT');
  expect(await codeOf({ 'X-Offset': 5 }, 'fgh')).toBe('HTTP_SOCKET_BAD_OFFSET');
  expect(seen.hasEnded).toBe(false);
  expect(await codeOf({ 'X-Offset': 4 }, 'ef')).toBeUndefined();
  await expect.poll(() => seen).toMatchObject({ text: 'abcdef', hasEnded: true });
});

it('refuses bodies that are too long, declared or not', async () => {
  const { url, port } = await startSocketServer({ connect: await startEcho(), maxBodyBytes: 1000 });
  const session = await openWithKey(url);
  const long = await request(url, 'PUT', { ...session, 'X-Offset': 0 }, 'x'.repeat(1001));
  expect([long.status, long.headers['x-error']]).toEqual([413, 'HTTP_SOCKET_TOO_LARGE']);
  const raw = net.connect(port, '127.0.0.1');
  raw.write(
    `PUT /socket HTTP/1.1\r\nHost: a\r\nX-Session: ${session['X-Session']}\r\nX-Session-Key: ${aKey}\r\nX-Offset: 0\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n${`1f4\r\n${'y'.repeat(500)}\r\n`.repeat(3)}`,
  );
  const [head] = (await once(raw, 'data')) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1\.1 413 /);
  raw.destroy();
});

it('takes no more than it has room for, and says how far it came', async () => {
  const [ours, theirs] = createDuplexPair();
  const { url, sockets } = await startSocketServer({
    connect: () => ours,
    maxBufferedBytes: 50_000,
    pollTimeout: 200,
  });
  const session = await openWithKey(url);
  const body = Buffer.alloc(200_000, 'z');
  const partial = await request(url, 'PUT', { ...session, 'X-Offset': 0 }, body);
  const taken = Number(partial.headers['x-acknowledged']);
  expect(partial.headers['x-offset']).toBe(String(taken));
  expect(partial.headers['x-window']).toBe('0');
  expect(taken).toBeGreaterThanOrEqual(50_000);
  expect(taken).toBeLessThan(150_000);
  expect(sockets.bufferedBytes).toBeLessThanOrEqual(70_000);
  theirs.on('error', () => undefined).resume();
  const rest = await request(url, 'PUT', { ...session, 'X-Offset': taken }, body.subarray(taken));
  expect(rest.headers['x-acknowledged']).toBe('200000');
});

it('stops reading from the far end when the client does not acknowledge', async () => {
  let written = 0;
  const connect = await startTarget((socket) => {
    const chunk = Buffer.alloc(65_536);
    const write = (): void => {
      while (written < 100_000_000 && socket.write(chunk)) written += chunk.length;
    };
    socket.on('drain', write);
    write();
  });
  const { url, sockets } = await startSocketServer({ connect, maxBufferedBytes: 100_000 });
  await openWithKey(url);
  await new Promise((resolve) => setTimeout(resolve, 300));
  // What one read of the far end's connection may bring on top.
  expect(sockets.bufferedBytes).toBeLessThanOrEqual(100_000 + 65_536);
  expect(written).toBeLessThan(100_000_000);
});

it('limits sessions, sessions of one address, and requests of one session', async () => {
  const { url } = await startSocketServer({
    connect: await startEcho(),
    maxSessions: 3,
    maxSessionsPerAddress: 2,
    maxRequestsPerSession: 2,
    clientAddress: (incoming) => String(incoming.headers['x-test-address'] ?? 'a'),
  });
  const codeOf = async (address: string) =>
    (await request(url, 'POST', { 'X-Test-Address': address })).headers['x-error'];
  const session = { 'X-Session': await openPlain(url) };
  expect(await codeOf('a')).toBeUndefined();
  expect(await codeOf('a')).toBe('HTTP_SOCKET_TOO_MANY_SESSIONS');
  expect(await codeOf('b')).toBeUndefined();
  expect(await codeOf('c')).toBe('HTTP_SOCKET_TOO_MANY_SESSIONS');
  const waiting = [1, 2].map(() => request(url, 'GET', { ...session, 'X-Offset': 'next', 'X-Wait': 1 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const third = await request(url, 'GET', { ...session, 'X-Offset': 'next' });
  expect([third.status, third.headers['x-error']]).toEqual([429, 'HTTP_SOCKET_TOO_MANY_REQUESTS']);
  await Promise.all(waiting);
  await request(url, 'DELETE', session);
  expect(await codeOf('c')).toBeUndefined();
});

it('refuses sessions while the others keep too much', async () => {
  const connect = await startTarget((socket) => void socket.write(Buffer.alloc(50_000)));
  const { url, sockets } = await startSocketServer({ connect, maxTotalBufferedBytes: 40_000 });
  const session = await openWithKey(url);
  await request(url, 'GET', { ...session, 'X-Offset': 0, 'X-Content-Length': 1 });
  await expect.poll(() => sockets.bufferedBytes).toBeGreaterThan(39_999);
  expect((await request(url, 'POST')).headers['x-error']).toBe('HTTP_SOCKET_TOO_MANY_SESSIONS');
  await request(url, 'DELETE', session);
  expect((await request(url, 'POST')).status).toBe(201);
});

it('drops a session that its client has forgotten, and resets the far end', async () => {
  const { seen, connect } = await startRecorder();
  const { url, sockets } = await startSocketServer({ connect, idleTimeout: 150, pollTimeout: 400 });
  const session = await openWithKey(url);
  // A GET that waits longer than the idle timeout keeps it alive.
  await request(url, 'GET', { ...session, 'X-Offset': 0 });
  expect(sockets.sessionCount).toBe(1);
  await expect.poll(() => sockets.sessionCount).toBe(0);
  await expect.poll(() => (seen.error as NodeJS.ErrnoException | null)?.code).toBe('ECONNRESET');
  expect((await request(url, 'GET', session)).status).toBe(404);
});

it('delivers at DELETE what the client has sent, but resets the far end when it says that it gave up', async () => {
  const { seen, connect } = await startRecorder();
  const { url } = await startSocketServer({ connect });
  const first = await openWithKey(url);
  await request(url, 'PUT', { ...first, 'X-Offset': 0 }, 'last words');
  await request(url, 'DELETE', first);
  await expect.poll(() => seen).toMatchObject({ text: 'last words', hasEnded: true, error: null });
  const second = await openWithKey(url, 'cd'.repeat(32));
  await request(url, 'DELETE', { ...second, 'X-Error': 'HTTP_SOCKET_ABORTED' });
  await expect.poll(() => (seen.error as NodeJS.ErrnoException | null)?.code).toBe('ECONNRESET');
});

it('says why the far end could not be reached, and leaves refusing to the policy', async () => {
  const closed = net.createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as net.AddressInfo;
  closed.close();
  const unreachable = await startSocketServer({ connect: () => net.connect(port, '127.0.0.1') });
  const failed = await request(unreachable.url, 'POST');
  expect([failed.status, failed.headers['x-error']]).toEqual([502, 'HTTP_SOCKET_CONNECT_FAILED']);
  expect(decodeURIComponent(failed.headers['x-error-message'] as string)).toContain('ECONNREFUSED');
  const policy = await startSocketServer({
    connect: ({ request: asked }) => {
      throw new HttpSocketError('HTTP_SOCKET_REFUSED', `Failed to connect: "${asked.url}" is not allowed.`);
    },
  });
  const refused = await request(`${policy.url}?to=10.0.0.1`, 'POST');
  expect([refused.status, refused.headers['x-error']]).toEqual([403, 'HTTP_SOCKET_REFUSED']);
  const slow = await startSocketServer({ connect: () => new Promise(() => undefined), connectTimeout: 100 });
  const late = await request(slow.url, 'POST');
  expect([late.status, late.headers['x-error']]).toEqual([504, 'HTTP_SOCKET_CONNECT_TIMEOUT']);
  expect([unreachable, policy, slow].map(({ sockets }) => sockets.sessionCount)).toEqual([0, 0, 0]);
});

it('carries an error of the far end after its last byte, and tells PUTs at once', async () => {
  const { sockets: far, connect } = await startRecorder();
  const { url } = await startSocketServer({ connect });
  const session = await openWithKey(url);
  await expect.poll(() => far.length).toBe(1);
  far[0]!.write('before');
  await request(url, 'GET', { ...session, 'X-Offset': 0, 'X-Content-Length': 1 });
  far[0]!.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const put = await request(url, 'PUT', { ...session, 'X-Offset': 0 }, 'a');
  expect([put.headers['x-error'], put.headers['x-acknowledged']]).toEqual(['ECONNRESET', '0']);
  const part = await request(url, 'GET', { ...session, 'X-Offset': 1, 'X-Content-Length': 2 });
  expect([part.body, part.headers['x-error']]).toEqual(['ef', undefined]);
  const rest = await request(url, 'GET', { ...session, 'X-Offset': 3 });
  expect([rest.status, rest.body, rest.headers['x-error'], rest.headers['x-end']]).toEqual([
    200,
    'ore',
    'ECONNRESET',
    undefined,
  ]);
});

it('lets pages of the allowed origins use it, and no others', async () => {
  const { url } = await startSocketServer({ connect: await startEcho(), allowedOrigins: ['https://page.test'] });
  const preflight = await request(url, 'OPTIONS', { Origin: 'https://page.test' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe('https://page.test');
  expect(preflight.headers['access-control-allow-headers']).toContain('X-Session-Key');
  expect(preflight.headers['access-control-allow-methods']).toContain('PUT');
  const opened = await request(url, 'POST', { Origin: 'https://page.test' });
  expect(opened.headers['access-control-expose-headers']).toContain('X-Session');
  expect((await request(url, 'POST', { Origin: 'https://other.test' })).status).toBe(403);
});

it('refuses limits that are none', () => {
  const connect = (): never => {
    throw new Error('not called');
  };
  expect(() => createHttpSocketServer({ connect, maxSessions: 0 })).toThrow(TypeError);
  expect(() => createHttpSocketServer({ connect, idleTimeout: Number.NaN })).toThrow(/idleTimeout/);
});
