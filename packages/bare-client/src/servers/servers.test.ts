import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net from 'node:net';
import { expect, it, vi } from 'vitest';
import {
  listen,
  startBareServer,
  startOrigin,
  startRawOrigin,
} from '../../../bare-server/src/local-servers.test-support.js';
import { BareClient, fetchManifest, type BareClientOptions, type BareVersion } from '../index.js';

const versions = ['v1', 'v2', 'v3'] as const;
const answerHeaders = { 'X-Bare-Status': 200, 'X-Bare-Headers': '{}' };

/** A server with a manifest, whose other answers are given; `urls` is what it was asked for. */
async function startFake(
  listener: RequestListener,
  promised: string[] = ['v3'],
): Promise<{ url: string; urls: string[] }> {
  const urls: string[] = [];
  const url = await startOrigin((request, response) => {
    urls.push(`${request.method} ${request.url}`);
    if (request.url === '/') response.end(JSON.stringify({ versions: promised, language: 'NodeJS' }));
    else listener(request, response);
  });
  return { url, urls };
}

const good: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, answerHeaders).end('good');
};

async function closedPort(): Promise<number> {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('fetches a manifest', async () => {
  const bare = await startBareServer();
  expect((await fetchManifest(bare)).versions).toEqual(['v1', 'v2', 'v3']);
  expect((await new BareClient([bare]).fetchManifest()).language).toBe('NodeJS');
});

it.each<[string, number, string, string | null, RegExp]>([
  ['a page', 200, '<html>hello', 'IMPL_INVALID_RESPONSE', /"<html>hello".*option "version"/],
  ['no versions', 200, '{"language":"x"}', 'IMPL_INVALID_RESPONSE', /no list of versions/],
  ['versions of another kind', 200, '{"versions":[3]}', 'IMPL_INVALID_RESPONSE', /no list of versions/],
  ['nothing', 404, '', 'IMPL_NOT_A_BARE_SERVER', /directory of the Bare server/],
  ['other versions', 200, '{"versions":["v4","v9"]}', 'IMPL_NO_COMMON_VERSION', /\["v4","v9"\].*v3, v2, v1/],
])('says what is wrong with a manifest that is %s', async (_what, status, body, code, message) => {
  const url = await startOrigin((_request, response) => response.writeHead(status).end(body));
  await expect(new BareClient(url).fetch('http://a.test/')).rejects.toMatchObject({
    name: 'BareError',
    code,
    message: expect.stringMatching(message),
  });
});

it('reads a manifest once, however many requests wait for it, and again after a failure', async () => {
  let fails = true;
  const fake = await startOrigin((request, response) => {
    if (request.url !== '/') return good(request, response);
    manifests++;
    response.writeHead(fails ? 502 : 200).end('{"versions":["v2"],"language":"x"}');
  });
  let manifests = 0;
  const client = new BareClient(fake);
  const results = await Promise.allSettled([client.fetch('http://a/'), client.fetch('http://b/')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(manifests).toBe(1);
  fails = false;
  await Promise.all([client.fetch('http://a/'), client.fetch('http://b/')]);
  await client.fetch('http://c/');
  expect(manifests).toBe(2);
});

it('chooses the newest version that both speak', async () => {
  for (const [promised, path] of [
    [['v1'], '/v1/'],
    [['v2', 'v1', 'v9'], '/v2/'],
    [['v3', 'v2', 'v1'], '/v3/'],
  ] as const) {
    const fake = await startFake(good, [...promised]);
    await new BareClient(fake.url).fetch('http://a/');
    expect(fake.urls).toEqual(['GET /', `GET ${path}`]);
  }
});

it('asks for no manifest when a version is forced', async () => {
  const fake = await startFake(good, ['v3']);
  await new BareClient(fake.url, { version: 'v1' }).fetch('http://a/');
  expect(fake.urls).toEqual(['GET /v1/']);
});

it('falls back when a version that is promised is not served, and remembers', async () => {
  const fake = await startFake(
    (request, response) => {
      request.resume();
      if (request.url!.startsWith('/v3/')) response.writeHead(404).end('<h1>Not Found</h1>');
      else good(request, response);
    },
    ['v1', 'v2', 'v3'],
  );
  const client = new BareClient(fake.url);
  const response = await client.fetch('http://a/', { method: 'POST', body: 'once' });
  expect(await response.text()).toBe('good');
  await client.fetch('http://a/');
  expect(fake.urls).toEqual(['GET /', 'POST /v3/', 'POST /v2/', 'GET /', 'GET /v2/']);
});

it.each(versions)('%s carries a request, its body and its answer', async (version) => {
  const origin = await startRawOrigin((socket, text) => {
    if (text.includes('body')) {
      socket.write('HTTP/1.1 207 Some\r\nSet-Cookie: a=1, b\r\nset-cookie: c=2\r\nContent-Length: 2\r\n\r\nok');
    }
  });
  const bare = await startBareServer();
  const client = new BareClient(bare, { version });
  const response = await client.fetch(`${origin.url}/a%20b?`, {
    method: 'PATCH',
    body: 'body',
    headers: [
      ['X-A', '1'],
      ['x-b', 'caf\u00e9'],
      ['X-A', '2'],
      ['X-Long', 'l'.repeat(5000)],
    ],
  });
  expect(response).toMatchObject({
    status: 207,
    statusText: 'Some',
    rawHeaders: [
      ['Set-Cookie', 'a=1, b'],
      ['Set-Cookie', 'c=2'],
      ['Content-Length', '2'],
    ],
  });
  expect(await response.text()).toBe('ok');
  const { host } = new URL(origin.url);
  expect(origin.received()).toMatch(
    new RegExp(
      `^PATCH /a%20b\\? HTTP/1.1\r\nHost: ${host}\r\nX-A: 1\r\nX-A: 2\r\nx-b: caf\u00e9\r\nX-Long: l{5000}\r\n`,
    ),
  );
  expect(origin.received()).toMatch(/accept-encoding: gzip/i);
  expect(origin.received()).toMatch(/user-agent: node/i);
});

it.each(versions)('%s reports errors of the Bare server', async (version) => {
  const client = new BareClient(await startBareServer(), { version });
  await expect(client.fetch(`http://127.0.0.1:${await closedPort()}/`)).rejects.toMatchObject({
    code: 'CONNECTION_REFUSED',
    status: 500,
  });
});

it.each([
  ['The specified host could not be resolved.', 'HOST_NOT_FOUND'],
  ['The remote rejected the request.', 'CONNECTION_REFUSED'],
  ['The request was forcibly closed.', 'CONNECTION_RESET'],
  ['The response timed out.', 'CONNECTION_TIMEOUT'],
  ['Forbidden IP', 'IMPL_BLOCKED_ADDRESS'],
  ['Header was not specified.', 'MISSING_BARE_HEADER'],
  ['A forbidden header was passed.', 'FORBIDDEN_BARE_HEADER'],
  ['self-signed certificate', 'IMPL_TLS_ERROR'],
  ["Hostname/IP does not match certificate's altnames", 'IMPL_TLS_ERROR'],
  ['Something else.', 'UNKNOWN'],
])('reads the code that a server means by UNKNOWN and %j', async (message, code) => {
  const fake = await startFake((_request, response) => {
    response.writeHead(500).end(JSON.stringify({ code: 'UNKNOWN', id: 'error.Error', message }));
  });
  await expect(new BareClient(fake.url).fetch('http://a/')).rejects.toMatchObject({ code, message, status: 500 });
});

it('asks the next server when one is out, whatever the method, as long as nothing was sent', async () => {
  const servers = [`http://127.0.0.1:${await closedPort()}/`, (await startFake(good)).url];
  const response = await new BareClient(servers).fetch('http://a/', { method: 'POST', body: 'x' });
  expect(await response.text()).toBe('good');
});

it('repeats at the next server what does no harm, and nothing else', async () => {
  const bad: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(502).end('<html>');
  };
  for (const [method, isRepeated] of [
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['POST', false],
    ['PUT', false],
    ['DELETE', false],
  ] as const) {
    const [first, second] = [await startFake(bad), await startFake(good)];
    const outcome = new BareClient([first.url, second.url]).fetch('http://a/', { method });
    if (isRepeated) expect((await outcome).status).toBe(200);
    else await expect(outcome).rejects.toMatchObject({ code: 'IMPL_NOT_A_BARE_SERVER', status: 502 });
    expect(second.urls.length).toBe(isRepeated ? 2 : 0);
  }
});

it('takes a request that a server had no room for to the next one', async () => {
  const busy = await startFake((request, response) => {
    request.resume();
    response.writeHead(429).end('{"code":"CONNECTION_LIMIT_EXCEEDED","id":"error.TooManyConnections"}');
  });
  const second = await startFake(good);
  const response = await new BareClient([busy.url, second.url]).fetch('http://a/', { method: 'POST', body: 'x' });
  expect(response.status).toBe(200);
  await expect(new BareClient(busy.url).fetch('http://a/')).rejects.toMatchObject({
    code: 'CONNECTION_LIMIT_EXCEEDED',
    status: 429,
  });
});

it('does not ask another server what the first one says of the remote', async () => {
  const [first, second] = [await startBareServer(), await startFake(good)];
  const client = new BareClient([first, second.url]);
  await expect(client.fetch(`http://127.0.0.1:${await closedPort()}/`)).rejects.toMatchObject({
    code: 'CONNECTION_REFUSED',
  });
  expect(second.urls).toEqual([]);
});

it('lets a server that failed rest behind the others for a while', async () => {
  let isOut = true;
  const first = await startFake((request, response) => {
    if (isOut) response.writeHead(503).end();
    else good(request, response);
  });
  const second = await startFake(good);
  const client = new BareClient([first.url, second.url]);
  await client.fetch('http://a/');
  await client.fetch('http://a/');
  expect([first.urls.length, second.urls.length]).toEqual([2, 3]);
  isOut = false;
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 16_000);
  await client.fetch('http://a/');
  expect([first.urls.length, second.urls.length]).toEqual([3, 3]);
});

it('asks a function for servers by remote and attempt, until it has no new one', async () => {
  const [out, second] = [`http://127.0.0.1:${await closedPort()}/`, await startFake(good)];
  const calls: [string, number][] = [];
  const client = new BareClient(async (remote, attempt) => {
    calls.push([remote.href, attempt]);
    return attempt === 0 ? out : second.url;
  });
  expect((await client.fetch('http://a/b')).status).toBe(200);
  expect(calls).toEqual([
    ['http://a/b', 0],
    ['http://a/b', 1],
  ]);
  const stuck = vi.fn(() => out);
  await expect(new BareClient(stuck).fetch('http://a/')).rejects.toMatchObject({ code: 'IMPL_SERVER_UNREACHABLE' });
  expect(stuck).toHaveBeenCalledTimes(2);
  await expect(new BareClient(() => []).fetch('http://a/')).rejects.toMatchObject({ code: 'IMPL_INVALID_SERVER' });
});

it.each<[string, BareClientOptions, BareVersion | undefined, RegExp]>([
  ['its manifest', { connectTimeout: 30 }, undefined, /did not answer within 0.03 s.*connectTimeout/],
  ['a request', { headersTimeout: 30 }, 'v3', /did not answer within 0.03 s.*headersTimeout/],
])('gives up on a server that does not answer %s', async (_what, options, version, message) => {
  const silent = net.createServer();
  const url = `http://127.0.0.1:${await listen(silent)}/`;
  await expect(new BareClient(url, { ...options, version: version! }).fetch('http://a/')).rejects.toMatchObject({
    name: 'BareError',
    code: 'IMPL_SERVER_TIMEOUT',
    message: expect.stringMatching(message),
  });
});

it('limits the wait for the head only: a body may take its time, and is still aborted with the request', async () => {
  const fake = await startFake((_request, response) => {
    response.writeHead(200, answerHeaders);
    response.write('a');
    setTimeout(() => response.write('b'), 60);
  });
  const controller = new AbortController();
  const client = new BareClient(fake.url, { headersTimeout: 5000 });
  const response = await client.fetch('http://a/', { headersTimeout: 50, signal: controller.signal });
  const reader = response.body!.getReader();
  await reader.read();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('b');
  controller.abort(new Error('enough'));
  await expect(reader.read()).rejects.toThrow();
});

it('stops waiting for a manifest when one request is aborted, and lets the others wait on', async () => {
  const fake = await startOrigin((request, response) => {
    if (request.url !== '/') return good(request, response);
    setTimeout(() => response.end('{"versions":["v3"],"language":"x"}'), 40);
  });
  const client = new BareClient(fake);
  const controller = new AbortController();
  const first = client.fetch('http://a/', { signal: controller.signal });
  const second = client.fetch('http://a/');
  setTimeout(() => controller.abort(new Error('mine')), 10);
  await expect(first).rejects.toThrow('mine');
  expect((await second).status).toBe(200);
});

it('takes parts of split headers with a hole between them for an error that names it', async () => {
  const fake = await startFake((_request, response) => {
    response.writeHead(200, { 'X-Bare-Status': 200, 'X-Bare-Headers-0': ';{"a"', 'X-Bare-Headers-2': ';:"b"}' }).end();
  });
  await expect(new BareClient(fake.url).fetch('http://a/')).rejects.toMatchObject({
    code: 'INVALID_BARE_HEADER',
    id: 'response.headers.x-bare-headers',
    message: expect.stringContaining('A part of x-bare-headers is missing: 2 of 3 came.'),
  });
});

it('collects a stream where the browser cannot send it as it comes', async () => {
  let framing: unknown;
  const fake = await startFake((request, response) => {
    framing = [request.headers['content-length'], request.headers['transfer-encoding']];
    good(request, response);
  });
  vi.stubGlobal('location', new URL('https://page.test/'));
  const send = () =>
    new BareClient(fake.url).fetch('http://a/', { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' });
  await send();
  expect(framing).toEqual(['1', undefined]);
  vi.spyOn(performance, 'getEntriesByName').mockReturnValue([{ nextHopProtocol: 'h2' } as never]);
  await send();
  expect(framing).toEqual([undefined, 'chunked']);
  vi.unstubAllGlobals();
});

it('caches nothing under v1, for methods with effects, and where there is no digest', async () => {
  for (const [version, method] of [
    ['v1', 'GET'],
    ['v2', 'POST'],
    ['v3', 'DELETE'],
  ] as const) {
    const fake = await startFake(good);
    await new BareClient(fake.url, { version }).fetch('http://a/', { method, cache: 'default' });
    expect(fake.urls).toEqual([`${method} /${version}/`]);
  }
  const fake = await startFake(good);
  vi.stubGlobal('crypto', {});
  await new BareClient(fake.url, { version: 'v3' }).fetch('http://a/', { cache: 'default' });
  expect(fake.urls).toEqual(['GET /v3/']);
  vi.unstubAllGlobals();
});

it('answers only-if-cached with an error where the cache cannot be asked', async () => {
  const fake = await startFake(good);
  await expect(new BareClient(fake.url).fetch('http://a/', { cache: 'only-if-cached' })).rejects.toMatchObject({
    code: 'IMPL_NOT_CACHED',
  });
  expect(fake.urls).toEqual(['GET /']);
});
