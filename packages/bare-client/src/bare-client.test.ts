import http, { type IncomingMessage } from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import {
  listen,
  startBareServer,
  startOrigin,
  startRawOrigin,
} from '../../bare-server/src/local-servers.test-support.js';
import { BareClient, BareError, createBareClient, type BareFetchInit } from './index.js';

interface Echo {
  method: string;
  url: string;
  headers: string[];
  body: string;
}

/** Answers with what it was asked, and follows `/redirect/<status>?to=<url>`. */
async function startEcho(): Promise<string> {
  return startOrigin((request, response) => {
    void (async () => {
      const body = await readAll(request);
      const url = new URL(request.url!, 'http://a');
      if (url.pathname.startsWith('/redirect/')) {
        const to = url.searchParams.get('to')!;
        response
          .writeHead(Number(url.pathname.split('/')[2]), { Location: to, 'Set-Cookie': ['hop=1', 'hop=2'] })
          .end('moved');
        return;
      }
      const echo: Echo = { method: request.method!, url: request.url!, headers: request.rawHeaders, body };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(echo));
    })();
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function header(echo: Echo, name: string): string | undefined {
  const index = echo.headers.findIndex((value, position) => position % 2 === 0 && value.toLowerCase() === name);
  return index < 0 ? undefined : echo.headers[index + 1];
}

async function echoed(client: BareClient, url: string, init?: BareFetchInit): Promise<Echo> {
  return (await (await client.fetch(url, init)).json()) as Echo;
}

it('fetches through the Bare server with Host first and headers as given', async () => {
  const origin = await startRawOrigin();
  const client = createBareClient(await startBareServer());
  const response = await client.fetch(`${origin.url}/a?#fragment`, {
    headers: [
      ['sec-ch-ua', '"x"'],
      ['X-Two', '1'],
      ['X-Two', '2'],
      ['User-Agent', 'Culvert'],
      ['accept', 'text/html'],
    ],
  });
  expect(await response.text()).toBe('ok');
  expect(response).toMatchObject({
    status: 200,
    ok: true,
    finalUrl: `${origin.url}/a?`,
    url: `${origin.url}/a?`,
    redirected: false,
  });
  expect(response).toBeInstanceOf(Response);
  expect(origin.received()).toMatch(
    new RegExp(
      `^GET /a\\? HTTP/1.1\r\nHost: ${new URL(origin.url).host}\r\nsec-ch-ua: "x"\r\nX-Two: 1\r\nX-Two: 2\r\nUser-Agent: Culvert\r\naccept: text/html\r\n`,
    ),
  );
});

it('has accept and user-agent forwarded when the caller gives none', async () => {
  const client = new BareClient(await startBareServer());
  const echo = await echoed(client, await startEcho());
  expect(header(echo, 'accept')).toBe('*/*');
  expect(header(echo, 'user-agent')).toBe('node');
  expect(header(echo, 'accept-encoding')).toContain('gzip');
});

it('does not change what the caller passes', async () => {
  const client = new BareClient(await startBareServer());
  const headers: [string, string][] = Object.freeze([Object.freeze(['X', '1'])]) as never;
  expect(header(await echoed(client, await startEcho(), { headers }), 'x')).toBe('1');
});

it.each<[string, BareFetchInit['headers']]>([
  ['Headers', new Headers({ 'X-A': '1' })],
  ['a record', { 'X-A': ['1', '2'] }],
])('accepts %s as headers', async (_kind, headers) => {
  const client = new BareClient(await startBareServer());
  expect(header(await echoed(client, await startEcho(), { headers: headers! }), 'x-a')).toMatch(/^1/);
});

it('splits large headers both ways', async () => {
  const cookie = `c=${'x '.repeat(4000)}y`;
  const origin = await startOrigin((request, response) => {
    response.writeHead(200, { 'X-Back': request.headers.cookie! }).end();
  });
  const client = new BareClient(await startBareServer());
  const response = await client.fetch(origin, { headers: { Cookie: cookie } });
  expect(response.headers.get('x-back')).toBe(cookie);
});

it('keeps status text, case, order and every Set-Cookie', async () => {
  const origin = await startRawOrigin(
    'HTTP/1.1 404 Nichts da\r\nX-B: 1\r\nSet-Cookie: a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT\r\nset-cookie: b=2\r\nX-a: caf\xe9\r\nContent-Length: 0\r\n\r\n',
  );
  const response = await new BareClient(await startBareServer()).fetch(origin.url);
  expect(response).toMatchObject({ status: 404, ok: false, statusText: 'Nichts da' });
  expect(response.rawHeaders).toEqual([
    ['X-B', '1'],
    ['Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT'],
    ['Set-Cookie', 'b=2'],
    ['X-a', 'caf\xe9'],
    ['Content-Length', '0'],
  ]);
});

it('decodes an encoded body and keeps the header', async () => {
  const origin = await startOrigin((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('plain'));
  });
  const response = await new BareClient(await startBareServer()).fetch(origin);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toBe('plain');
});

it.each([204, 205, 304, 101, 599, 600, 999])('returns status %i', async (status) => {
  const bodiless = [204, 205, 304, 101].includes(status);
  // 101 cannot come from a remote; a server may still say so.
  const server = await startOrigin((_request, response) => {
    response.writeHead(200, { 'X-Bare-Status': status, 'X-Bare-Headers': '{}' }).end(bodiless ? '' : 'body');
  });
  const response = await new BareClient(server, { version: 'v3' }).fetch('http://a.test/');
  expect(response.status).toBe(status);
  expect(response.ok).toBe(status === 204 || status === 205);
  if (bodiless) expect(response.body).toBeNull();
  else expect(await response.text()).toBe('body');
});

it('takes a bare 304 for an answer of the remote', async () => {
  const server = await startOrigin((_request, response) => response.writeHead(304, { ETag: '"a"' }).end());
  const response = await new BareClient(server, { version: 'v3' }).fetch('http://a.test/');
  expect(response.status).toBe(304);
  expect(response.headers.get('etag')).toBe('"a"');
});

it('answers HEAD without a body', async () => {
  const client = new BareClient(await startBareServer());
  const response = await client.fetch(await startEcho(), { method: 'head' });
  expect(response.status).toBe(200);
  expect(response.body).toBeNull();
});

it.each<[string, () => BodyInit, string, RegExp]>([
  ['a string', () => 'text \u2713', 'text \u2713', /^text\/plain;charset=UTF-8$/],
  ['bytes', () => new TextEncoder().encode('bytes'), 'bytes', /^undefined$/],
  ['a Blob', () => new Blob(['blob'], { type: 'x/y' }), 'blob', /^x\/y$/],
  [
    'parameters',
    () => new URLSearchParams({ a: 'b c' }),
    'a=b+c',
    /^application\/x-www-form-urlencoded;charset=UTF-8$/,
  ],
  ['a stream', () => new Blob(['streamed']).stream(), 'streamed', /^undefined$/],
])('uploads %s with its type', async (_kind, body, text, type) => {
  const client = new BareClient(await startBareServer());
  const echo = await echoed(client, await startEcho(), { method: 'POST', body: body() });
  expect(echo.body).toBe(text);
  expect(String(header(echo, 'content-type'))).toMatch(type);
  expect(header(echo, 'content-length')).toBe(String(Buffer.byteLength(text)));
});

it('uploads a form with the boundary that its type names', async () => {
  const form = new FormData();
  form.set('field', 'value');
  form.set('file', new File(['content'], 'name.txt'));
  const client = new BareClient(await startBareServer());
  const echo = await echoed(client, await startEcho(), { method: 'POST', body: form });
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(header(echo, 'content-type')!)![1]!;
  expect(echo.body.startsWith(`--${boundary}\r\n`)).toBe(true);
  expect(echo.body).toContain('content');
});

it('streams an upload when told to', async () => {
  const client = new BareClient(await startBareServer());
  const echo = await echoed(client, await startEcho(), {
    method: 'POST',
    body: new Blob(['s']).stream(),
    duplex: 'half',
  });
  expect(echo.body).toBe('s');
  expect(header(echo, 'transfer-encoding')).toBe('chunked');
});

it('reads a Request', async () => {
  const client = new BareClient(await startBareServer());
  const request = new Request(`${await startEcho()}/path`, { method: 'PUT', body: 'hello', headers: { 'X-A': '1' } });
  const echo = (await (await client.fetch(request)).json()) as Echo;
  expect(echo).toMatchObject({ method: 'PUT', url: '/path', body: 'hello' });
  expect(header(echo, 'x-a')).toBe('1');
});

it.each([
  [301, 'GET', 'GET'],
  [301, 'POST', 'GET'],
  [301, 'PUT', 'PUT'],
  [302, 'POST', 'GET'],
  [303, 'POST', 'GET'],
  [303, 'DELETE', 'GET'],
  [307, 'POST', 'POST'],
  [308, 'POST', 'POST'],
])('follows %i of a %s with %s', async (status, method, next) => {
  const origin = await startEcho();
  const client = new BareClient(await startBareServer());
  const init: BareFetchInit = { method, headers: { 'Content-Type': 'x/y' } };
  if (method !== 'GET') init.body = 'body';
  const response = await client.fetch(`${origin}/redirect/${status}?to=/there?`, init);
  const echo = (await response.json()) as Echo;
  const isRewritten = method !== 'GET' && next === 'GET';
  expect(echo).toMatchObject({ method: next, url: '/there?', body: method !== 'GET' && !isRewritten ? 'body' : '' });
  expect(header(echo, 'content-type')).toBe(isRewritten ? undefined : 'x/y');
  expect(response).toMatchObject({ redirected: true, finalUrl: `${origin}/there?` });
});

it('sends credentials and Host across origins to nobody they are not for', async () => {
  const [first, second] = [await startEcho(), await startEcho()];
  const client = new BareClient(await startBareServer());
  const headers = { Host: new URL(first).host, Authorization: 'secret', Cookie: 'a=1', 'X-Kept': '1' };
  const same = await echoed(client, `${first}/redirect/302?to=/x`, { headers });
  expect([header(same, 'authorization'), header(same, 'cookie')]).toEqual(['secret', 'a=1']);
  const cross = await echoed(client, `${first}/redirect/302?to=${encodeURIComponent(second)}`, { headers });
  expect([
    header(cross, 'authorization'),
    header(cross, 'cookie'),
    header(cross, 'x-kept'),
    header(cross, 'host'),
  ]).toEqual([undefined, undefined, '1', new URL(second).host]);
});

it('resolves a Location of raw UTF-8 bytes as browsers do', async () => {
  const origin = await startRawOrigin((socket, text) => {
    const isFirst = text.startsWith('GET / ');
    socket.write(
      Buffer.from(
        isFirst
          ? 'HTTP/1.1 302 Found\r\nLocation: /caf\u00e9\r\nContent-Length: 0\r\n\r\n'
          : 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      ),
    );
  });
  const response = await new BareClient(await startBareServer()).fetch(origin.url);
  expect(response.finalUrl).toBe(`${origin.url}/caf%C3%A9`);
});

it('hands a redirect on as it is when asked to', async () => {
  const client = new BareClient(await startBareServer());
  const response = await client.fetch(`${await startEcho()}/redirect/302?to=/x`, { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/x');
  expect(response.rawHeaders.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
  expect(await response.text()).toBe('moved');
});

it.each<[string, BareFetchInit, string]>([
  ['/redirect/302?to=/x', { redirect: 'error' }, 'IMPL_REDIRECT_REFUSED'],
  ['/redirect/302?to=ftp://a/', {}, 'IMPL_INVALID_REDIRECT'],
  ['/redirect/302?to=http://:1', {}, 'IMPL_INVALID_REDIRECT'],
])('refuses the redirect %s %j', async (path, init, code) => {
  const client = new BareClient(await startBareServer());
  await expect(client.fetch((await startEcho()) + path, init)).rejects.toMatchObject({ name: 'BareError', code });
});

it('gives up after 20 redirects', async () => {
  let requests = 0;
  const origin = await startOrigin((_request, response) => {
    requests++;
    response.writeHead(302, { Location: '/' }).end();
  });
  const client = new BareClient(await startBareServer());
  await expect(client.fetch(origin)).rejects.toMatchObject({ code: 'IMPL_TOO_MANY_REDIRECTS' });
  expect(requests).toBe(21);
});

it('does not send a streamed body twice', async () => {
  const client = new BareClient(await startBareServer());
  const init: BareFetchInit = { method: 'POST', body: new Blob(['s']).stream(), duplex: 'half' };
  await expect(client.fetch(`${await startEcho()}/redirect/307?to=/x`, init)).rejects.toMatchObject({
    code: 'IMPL_BODY_NOT_REPLAYABLE',
  });
});

it('throws the errors of the Bare server with code, id and status', async () => {
  const client = new BareClient(await startBareServer({ upstream: { allowPrivate: false } }));
  const error = await client.fetch('http://127.0.0.1:1/').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BareError);
  expect(error).toMatchObject({
    code: 'IMPL_BLOCKED_ADDRESS',
    id: 'request.headers.x-bare-url',
    status: 403,
    remoteUrl: 'http://127.0.0.1:1/',
    message: expect.stringContaining('--allow-private'),
  });
});

it('does not take an error of the remote for one of the Bare server', async () => {
  const body = '{"code":"HOST_NOT_FOUND","id":"request"}';
  const origin = await startOrigin((_request, response) => {
    response.writeHead(500, { 'Content-Type': 'application/json' }).end(body);
  });
  const response = await new BareClient(await startBareServer()).fetch(origin);
  expect(response.status).toBe(500);
  expect(await response.text()).toBe(body);
});

it.each([
  [502, '<html>Bad gateway</html>', /behind it does not answer/],
  [404, 'Not found', /directory/],
  [431, '', /limits for headers/],
  [200, '<html>Single page app</html>', /Check that this is the URL of a Bare server/],
  [200, '{"code":"X","id":"y"}', /Check that this is the URL of a Bare server/],
])('says what to look at when %i comes from something else', async (status, body, advice) => {
  const server = await startOrigin((_request, response) => response.writeHead(status).end(body));
  await expect(new BareClient(server, { version: 'v3' }).fetch('http://a.test/')).rejects.toMatchObject({
    code: 'IMPL_NOT_A_BARE_SERVER',
    status,
    message: expect.stringMatching(advice),
  });
});

it('refuses an answer whose headers cannot be read', async () => {
  const server = await startOrigin((_request, response) =>
    response.writeHead(200, { 'X-Bare-Status': 200, 'X-Bare-Headers': '{' }).end(),
  );
  await expect(new BareClient(server, { version: 'v3' }).fetch('http://a.test/')).rejects.toMatchObject({
    name: 'BareError',
    code: 'INVALID_BARE_HEADER',
    id: 'response.headers.x-bare-headers',
  });
});

it('says so when no Bare server answers', async () => {
  const server = `http://127.0.0.1:${await closedPort()}/bare/`;
  await expect(new BareClient(server).fetch('http://a.test/')).rejects.toMatchObject({
    code: 'IMPL_SERVER_UNREACHABLE',
    status: 0,
    message: expect.stringContaining(server),
  });
});

it.each(['/bare/', 'ftp://a/', ''])('refuses %j as a server where there is no location', async (server) => {
  await expect(new BareClient(server).fetch('http://a.test/')).rejects.toMatchObject({ code: 'IMPL_INVALID_SERVER' });
});

it('resolves a relative server against the location', async () => {
  const bare = await startBareServer();
  vi.stubGlobal('location', new URL('/demo/page', bare));
  const client = new BareClient('/bare');
  expect((await client.fetch(await startEcho())).status).toBe(200);
  vi.unstubAllGlobals();
});

it.each(['/relative', 'ftp://a/', 'data:,a'])('refuses to fetch %j', async (url) => {
  await expect(new BareClient('http://a.test/').fetch(url)).rejects.toMatchObject({ code: 'IMPL_INVALID_URL' });
});

it('aborts while waiting for the answer, with the reason given', async () => {
  const silent = net.createServer();
  const port = await listen(silent);
  const connected = once(silent, 'connection') as Promise<[net.Socket]>;
  const controller = new AbortController();
  const promise = new BareClient(await startBareServer()).fetch(`http://127.0.0.1:${port}/`, {
    signal: controller.signal,
  });
  const [socket] = await connected;
  const closed = once(socket.resume(), 'close');
  controller.abort(new Error('mine'));
  await expect(promise).rejects.toThrow('mine');
  await closed;
});

it('aborts inside the body, and the remote notices', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const origin = await startOrigin((_request, response) => {
    closed = once(response, 'close');
    response.write('first');
  });
  const controller = new AbortController();
  const response = await new BareClient(await startBareServer()).fetch(origin, { signal: controller.signal });
  const reader = response.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
  controller.abort();
  await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' });
  await closed;
});

it('fails the body when the remote breaks off', async () => {
  const origin = await startRawOrigin((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
    setTimeout(() => socket.resetAndDestroy(), 20);
  });
  const response = await new BareClient(await startBareServer()).fetch(origin.url);
  await expect(response.text()).rejects.toThrow();
});

it('keeps requests apart in the HTTP cache by all that the answer depends on', async () => {
  const urls: string[] = [];
  const server = await startOrigin((request, response) => {
    urls.push(request.url!);
    response.writeHead(200, { 'X-Bare-Status': 200, 'X-Bare-Headers': '{}' }).end();
  });
  const client = new BareClient(server, { version: 'v3' });
  await client.fetch('http://a.test/', { cache: 'default', headers: { Cookie: 'user=a' } });
  await client.fetch('http://a.test/', { cache: 'default', headers: { Cookie: 'user=b' } });
  await client.fetch('http://a.test/', { cache: 'default', headers: { Cookie: 'user=a' } });
  await client.fetch('http://a.test/');
  expect(urls[0]).toMatch(/^\/v3\/\?cache=[0-9a-f]{32}$/);
  expect(urls[1]).not.toBe(urls[0]);
  expect(urls[2]).toBe(urls[0]);
  expect(urls[3]).toBe('/v3/');
});

it('turns userinfo into an Authorization header', async () => {
  const origin = new URL(await startEcho());
  origin.username = 'us%C3%A9r';
  origin.password = 'p:w';
  const client = new BareClient(await startBareServer());
  expect(header(await echoed(client, origin.href), 'authorization')).toBe(
    `Basic ${Buffer.from('us\u00e9r:p:w').toString('base64')}`,
  );
});

async function closedPort(): Promise<number> {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
