import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { joinHeaders, parseBareHeaders } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import {
  exchange,
  listen,
  open,
  startBareServer,
  startOrigin,
  startRawOrigin,
  v3Headers,
  type Exchange,
} from '../local-servers.test-support.js';

/** Headers of the request the origin got first, without the request line. */
function headerLines(received: string): string[] {
  return received.split('\r\n\r\n')[0]!.split('\r\n').slice(1);
}

function remoteHeaders({ headers }: Exchange): [string, string][] {
  const json = joinHeaders(Object.entries(headers) as [string, string][], 'x-bare-headers');
  return parseBareHeaders(json!);
}

function errorOf({ body }: Exchange): { code: string; id: string; message: string; stack?: string } {
  return JSON.parse(body) as { code: string; id: string; message: string };
}

it('sends headers to the remote in the order, case and number given', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  const host = new URL(origin.url).host;
  await exchange(`${bare}v3/`, {
    headers: v3Headers(`${origin.url}/path?`, {
      Host: host,
      Connection: 'keep-alive',
      'sec-ch-ua-mobile': '?0',
      'X-Repeated': ['one', 'two'],
      'User-Agent': 'Culvert/1',
      'x-LATIN': 'caf\u00e9',
    }),
  });
  expect(origin.received().split('\r\n')[0]).toBe('GET /path? HTTP/1.1');
  expect(headerLines(origin.received())).toEqual([
    `Host: ${host}`,
    'Connection: keep-alive',
    'sec-ch-ua-mobile: ?0',
    'X-Repeated: one',
    'X-Repeated: two',
    'User-Agent: Culvert/1',
    'x-LATIN: caf\u00e9',
  ]);
});

it('puts a missing Host first and drops userinfo and fragment', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  const { host } = new URL(origin.url);
  await exchange(`${bare}v3/`, { headers: v3Headers(`http://user:pass@${host}/a#b`, { Accept: '*/*' }) });
  expect(origin.received()).toMatch(new RegExp(`^GET /a HTTP/1.1\r\nHost: ${host}\r\nAccept: \\*/\\*\r\n`));
});

it('forwards accept-encoding and accept-language by itself, and what is listed in the place given', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  await exchange(`${bare}v3/`, {
    headers: {
      ...v3Headers(origin.url, { Host: 'h', 'user-AGENT': 'replaced', 'X-Last': '1' }),
      'Accept-Encoding': 'gzip, br',
      'Accept-Language': 'en',
      'User-Agent': 'the real one',
      'If-None-Match': '"not forwarded"',
      'X-Bare-Forward-Headers': 'User-Agent',
    },
  });
  expect(headerLines(origin.received())).toEqual([
    'Host: h',
    'user-AGENT: the real one',
    'X-Last: 1',
    'Accept-Encoding: gzip, br',
    'Accept-Language: en',
    'Connection: keep-alive',
  ]);
});

it('lets an accept-encoding of the client stand before the one forwarded by default', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  await exchange(`${bare}v3/`, {
    headers: { ...v3Headers(origin.url, { Host: 'h', 'Accept-Encoding': 'identity' }), 'Accept-Encoding': 'gzip' },
  });
  expect(origin.received()).toContain('Accept-Encoding: identity\r\n');
  expect(origin.received()).not.toContain('gzip');
});

it('joins split request headers that come out of order', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  await exchange(`${bare}v3/`, {
    headers: { 'X-Bare-URL': origin.url, 'X-Bare-Headers-1': ';pt":"*/*"}', 'X-Bare-Headers-0': ';{"Host":"h","acce' },
  });
  expect(headerLines(origin.received()).slice(0, 2)).toEqual(['Host: h', 'accept: */*']);
});

it('accepts 60 KB of request headers in one value', async () => {
  const origin = await startRawOrigin();
  const bare = await startBareServer();
  const cookie = 'c='.padEnd(60_000, 'x');
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url, { Host: 'h', Cookie: cookie }) });
  expect(answer.status).toBe(200);
  expect(origin.received()).toContain(`Cookie: ${cookie}\r\n`);
});

it('returns status, reason and headers of the remote as they were sent', async () => {
  const origin = await startRawOrigin(
    'HTTP/1.1 418 I am a Teapot\r\nContent-type: text/plain\r\nSet-Cookie: a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT\r\nset-cookie: b=2\r\nX-Multi: 1\r\nX-Multi: 2\r\nX-Latin: caf\xe9\r\nContent-Length: 5\r\n\r\nshort',
  );
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  expect(answer.status).toBe(200);
  expect(answer.headers['x-bare-status']).toBe('418');
  expect(answer.headers['x-bare-status-text']).toBe('I am a Teapot');
  expect(answer.headers['x-bare-headers']).toBe(
    '{"Content-type":"text/plain","Set-Cookie":["a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT","b=2"],"X-Multi":["1","2"],"X-Latin":"caf\\u00e9","Content-Length":"5"}',
  );
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toBe('short');
});

it('splits response headers over 3072 bytes', async () => {
  const cookies = Array.from({ length: 40 }, (_, index) => `cookie${index}=${'v'.repeat(200)}; Path=/`);
  const origin = await startOrigin((_request, response) => response.writeHead(200, { 'Set-Cookie': cookies }).end());
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin) });
  expect(answer.headers['x-bare-headers']).toBeUndefined();
  expect(answer.headers['x-bare-headers-2']).toMatch(/^;/);
  expect(Object.values(answer.headers).every((value) => String(value).length <= 3072)).toBe(true);
  expect(
    remoteHeaders(answer)
      .filter(([name]) => name === 'Set-Cookie')
      .map(([, value]) => value),
  ).toEqual(cookies);
});

it('passes an encoded body, its encoding and its length untouched', async () => {
  const packed = gzipSync('hello '.repeat(100));
  const origin = await startOrigin((_request, response) => {
    response
      .writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length, 'Last-Modified': 'x' })
      .end(packed);
  });
  const bare = await startBareServer();
  const response = await open(`${bare}v3/`, { headers: v3Headers(origin) });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  expect(response.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-length': String(packed.length),
    'last-modified': 'x',
  });
  expect(Buffer.concat(chunks).equals(packed)).toBe(true);
});

it.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nContent-Encoding: gzip\r\n\r\n', '1234'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', '0'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: "a"\r\n\r\n', '0'],
])('ends the answer to %s %j without waiting for a body', async (method, bytes, length) => {
  const origin = await startRawOrigin(bytes);
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { method, headers: v3Headers(origin.url) });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-length']).toBe(length);
  expect(answer.headers['x-bare-status']).toBe(/ (\d+) /.exec(bytes)![1]);
  expect(answer.body).toBe('');
});

it('passes listed headers and statuses outside', async () => {
  const origin = await startRawOrigin('HTTP/1.1 404 Gone Fishing\r\nX-One: 1\r\nX-One: 2\r\nContent-Length: 0\r\n\r\n');
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, {
    headers: { ...v3Headers(origin.url), 'X-Bare-Pass-Headers': 'x-one, "x-two"', 'X-Bare-Pass-Status': '404, 500' },
  });
  expect(answer.status).toBe(404);
  expect(answer.headers['x-one']).toBe('1, 2');
  expect(answer.headers['x-bare-status']).toBe('404');
});

it('lets the browser cache revalidate: forwards its conditions and passes a bare 304', async () => {
  const origin = await startRawOrigin('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nCache-Control: max-age=5\r\n\r\n');
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/?cache=1`, {
    headers: { ...v3Headers(origin.url, { Host: 'h' }), 'If-None-Match': '"a"', 'Cache-Control': 'max-age=0' },
  });
  expect(headerLines(origin.received())).toContain('If-None-Match: "a"');
  expect(answer.status).toBe(304);
  expect(answer.headers).toMatchObject({ etag: '"a"', 'cache-control': 'max-age=5' });
  expect(answer.headers['x-bare-status']).toBeUndefined();
  expect(answer.headers['vary']).toContain('x-bare-url');
});

it('does not let a 304 that the client asked for itself into the browser cache', async () => {
  const origin = await startRawOrigin('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nCache-Control: max-age=5\r\n\r\n');
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/?cache=1`, { headers: v3Headers(origin.url, { 'If-None-Match': '"a"' }) });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({ 'x-bare-status': '304', 'cache-control': 'no-store' });
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('frames the body of %s', async (method) => {
  const origin = await startOrigin((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      response.end(`${request.method} ${body} ${request.headers['content-length']}`);
    })();
  });
  const bare = await startBareServer();
  for (let round = 0; round < 2; round++) {
    const answer = await exchange(
      `${bare}v3/`,
      { method, headers: { ...v3Headers(origin, { 'Content-Length': '999' }), 'Content-Length': '5' } },
      'hello',
    );
    expect(answer.body).toBe(`${method} hello 5`);
  }
});

it.each([
  ['POST', ['Content-Length: 0']],
  ['PUT', ['Content-Length: 0']],
  ['PATCH', []],
  ['PROPFIND', []],
  ['DELETE', []],
])('says of %s without a body what browsers say', async (method, framing) => {
  const origin = await startRawOrigin();
  const bare = new URL(await startBareServer());
  const headers = Object.entries(v3Headers(origin.url, { 'X-First': '1', 'X-Repeated': ['one', 'two'] }));
  const socket = net.connect(Number(bare.port), bare.hostname);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} ${bare.pathname}v3/ HTTP/1.1\r\nHost: bare\r\nConnection: close\r\n${lines}\r\n`);
  await expect.poll(() => origin.received(), { timeout: 4000 }).toContain('\r\n\r\n');
  socket.destroy();
  expect(headerLines(origin.received())).toEqual([
    `Host: ${new URL(origin.url).host}`,
    'X-First: 1',
    'X-Repeated: one',
    'X-Repeated: two',
    ...framing,
    'Connection: keep-alive',
  ]);
});

it('streams a chunked upload', async () => {
  const origin = await startRawOrigin((socket, text) => {
    if (text.includes('0\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const bare = await startBareServer();
  const request = http.request(`${bare}v3/`, { method: 'POST', headers: v3Headers(origin.url), agent: false });
  request.write('first');
  await expect.poll(() => origin.received(), { timeout: 4000 }).toContain('first');
  request.end('second');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  expect(response.headers['x-bare-status']).toBe('200');
  expect(origin.received()).toContain('Transfer-Encoding: chunked');
});

it('delivers the head and each piece of an event stream as they come', async () => {
  let push = (_text: string): void => undefined;
  const origin = await startOrigin((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    push = (text) => response.write(text);
  });
  const bare = await startBareServer();
  const response = await open(`${bare}v3/`, { headers: v3Headers(origin) });
  expect(response.headers['x-bare-status']).toBe('200');
  push('data: 1\n\n');
  expect(String((await once(response, 'data'))[0])).toBe('data: 1\n\n');
  response.destroy();
});

it('closes the connection to the remote when the client goes away', async () => {
  const origin = net.createServer();
  const port = await listen(origin);
  const bare = await startBareServer();
  const connected = once(origin, 'connection') as Promise<[net.Socket]>;
  const request = http.get(`${bare}v3/`, { headers: v3Headers(`http://127.0.0.1:${port}/`) });
  request.on('error', () => undefined);
  const [socket] = await connected;
  const closed = once(socket, 'close');
  socket.resume();
  request.destroy();
  await closed;
});

it.each<[string, string, (socket: net.Socket) => void]>([
  ['by a reset', 'Content-Length: 100\r\n\r\npart', (socket) => socket.resetAndDestroy()],
  ['before its length', 'Content-Length: 100\r\n\r\npart', (socket) => socket.end()],
  ['inside a chunk', 'Transfer-Encoding: chunked\r\n\r\n9\r\npart', (socket) => socket.end()],
  ['with a broken chunk', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n', (socket) => socket.end('zz\r\n')],
])('breaks off the answer when the remote breaks off %s', async (_how, head, end) => {
  const origin = await startRawOrigin((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${head}`);
    setTimeout(() => end(socket), 20);
  });
  const bare = await startBareServer();
  await expect(exchange(`${bare}v3/`, { headers: v3Headers(origin.url) })).rejects.toThrow(/aborted|hang up/);
  expect((await exchange(bare)).status).toBe(200);
});

it('tries again when the remote has closed an idle connection', async () => {
  let connections = 0;
  const origin = net.createServer((socket) => {
    const isFirst = connections++ === 0;
    let requests = 0;
    socket.on('data', () => {
      requests++;
      if (isFirst && requests === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const url = `http://127.0.0.1:${await listen(origin)}/`;
  const bare = await startBareServer();
  for (const method of ['GET', 'POST']) {
    const answer = await exchange(
      `${bare}v3/`,
      { method, headers: { ...v3Headers(url), 'Content-Length': method === 'GET' ? 0 : 2 } },
      method === 'GET' ? '' : 'hi',
    );
    expect(answer.body).toBe('ok');
  }
  expect(connections).toBe(2);
});

it.each([
  [{}, 'MISSING_BARE_HEADER', 'request.headers.x-bare-url', 400],
  [{ 'X-Bare-URL': 'http://a/' }, 'MISSING_BARE_HEADER', 'request.headers.x-bare-headers', 400],
  [v3Headers('/relative'), 'INVALID_BARE_HEADER', 'request.headers.x-bare-url', 400],
  [v3Headers('ftp://a/'), 'INVALID_BARE_HEADER', 'request.headers.x-bare-url', 400],
  [{ 'X-Bare-URL': 'http://a/', 'X-Bare-Headers': '{' }, 'INVALID_BARE_HEADER', 'request.headers.x-bare-headers', 400],
  [{ 'X-Bare-URL': 'http://a/', 'X-Bare-Headers': '[]' }, 'INVALID_BARE_HEADER', 'request.headers.x-bare-headers', 400],
  [{ 'X-Bare-URL': 'http://a/', 'X-Bare-Headers': '{"A":1}' }, 'INVALID_BARE_HEADER', 'bare.headers.a', 400],
  [{ 'X-Bare-URL': 'http://a/', 'X-Bare-Headers': '{"A":["x",null]}' }, 'INVALID_BARE_HEADER', 'bare.headers.a', 400],
  [v3Headers('http://a/', { 'X-A': 'line\nbreak' }), 'INVALID_HEADER', 'bare.headers.x-a', 400],
  [v3Headers('http://a/', { 'X A': '1' }), 'INVALID_HEADER', 'bare.headers.x a', 400],
  [{ 'X-Bare-URL': 'http://a/', 'X-Bare-Headers': '{"X-A":"\\u2713"}' }, 'INVALID_HEADER', 'bare.headers.x-a', 400],
  [{ ...v3Headers('http://a/'), 'X-Bare-Host': 'a' }, 'UNKNOWN_BARE_HEADER', 'request.headers.x-bare-host', 400],
  [
    { ...v3Headers('http://a/'), 'X-Bare-Forward-Headers': 'Host' },
    'FORBIDDEN_BARE_HEADER',
    'request.headers.x-bare-forward-headers',
    403,
  ],
  [
    { ...v3Headers('http://a/'), 'X-Bare-Pass-Headers': 'vary' },
    'FORBIDDEN_BARE_HEADER',
    'request.headers.x-bare-pass-headers',
    403,
  ],
  [
    { ...v3Headers('http://a/'), 'X-Bare-Pass-Headers': 'a b' },
    'INVALID_BARE_HEADER',
    'request.headers.x-bare-pass-headers',
    400,
  ],
  [
    { ...v3Headers('http://a/'), 'X-Bare-Pass-Status': '99' },
    'INVALID_BARE_HEADER',
    'request.headers.x-bare-pass-status',
    400,
  ],
  [
    { 'X-Bare-URL': 'http://a/', 'X-Bare-Headers-0': ';{', 'X-Bare-Headers-2': ';}' },
    'INVALID_BARE_HEADER',
    'request.headers.x-bare-headers',
    400,
  ],
  [
    { 'X-Bare-URL': 'http://a/', 'X-Bare-Headers-0': '{}' },
    'INVALID_BARE_HEADER',
    'request.headers.x-bare-headers-0',
    400,
  ],
])('refuses %j with %s', async (headers, code, id, status) => {
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers });
  expect(answer.status).toBe(status);
  expect(errorOf(answer)).toMatchObject({ code, id });
  expect(errorOf(answer).stack).toBeUndefined();
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  expect(answer.headers['access-control-expose-headers']).toBe('*');
});

it('reports a refused connection', async () => {
  const closed = net.createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as net.AddressInfo;
  closed.close();
  await once(closed, 'close');
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(`http://127.0.0.1:${port}/`) });
  expect(answer.status).toBe(500);
  expect(errorOf(answer)).toMatchObject({ code: 'CONNECTION_REFUSED', id: 'response' });
});

it('reports a host that does not exist', async () => {
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers('http://does-not-exist.invalid/') });
  expect(errorOf(answer)).toMatchObject({ code: 'HOST_NOT_FOUND', id: 'request' });
});

it('reports a remote that closes before it answers', async () => {
  const origin = await startRawOrigin((socket) => socket.resetAndDestroy());
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  expect(errorOf(answer)).toMatchObject({ code: 'CONNECTION_RESET', id: 'response' });
});

it('reports a remote that does not speak HTTP', async () => {
  const origin = await startRawOrigin((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  const bare = await startBareServer();
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  expect(errorOf(answer)).toMatchObject({ code: 'IMPL_INVALID_RESPONSE' });
});

it('reports a remote that accepts and never answers', async () => {
  const origin = await startRawOrigin(() => undefined);
  const bare = await startBareServer({ upstream: { headersTimeout: 50 } });
  const answer = await exchange(`${bare}v3/`, { headers: v3Headers(origin.url) });
  expect(errorOf(answer)).toMatchObject({ code: 'CONNECTION_TIMEOUT', id: 'response' });
  expect(errorOf(answer).message).toContain('0.05 s');
});

it('answers an upload whose remote cannot be reached', async () => {
  const bare = await startBareServer();
  const answer = await exchange(
    `${bare}v3/`,
    { method: 'POST', headers: { ...v3Headers('http://does-not-exist.invalid/'), 'Transfer-Encoding': 'chunked' } },
    Buffer.alloc(1_000_000),
  );
  expect(errorOf(answer)).toMatchObject({ code: 'HOST_NOT_FOUND' });
});
