import fc from 'fast-check';
import { BareProtocolError } from '@culvert/bare-protocol';
import { expect, it } from 'vitest';
import {
  exchange,
  startBareServer,
  startOrigin,
  startRawOrigin,
  type Exchange,
} from '../../local-servers.test-support.js';
import { createBareServer } from '../../index.js';
import { remoteUrlFromParts } from '../remote-url.js';

function addressHeaders(url: string, headers: Record<string, unknown> = {}): Record<string, string> {
  const { hostname, port, protocol, pathname, search } = new URL(url);
  return {
    'X-Bare-Host': hostname,
    'X-Bare-Port': port,
    'X-Bare-Protocol': protocol,
    'X-Bare-Path': pathname + search,
    'X-Bare-Headers': JSON.stringify(headers),
  };
}

const v1Headers = (url: string, headers: Record<string, unknown> = {}, forward: string[] = []) => ({
  ...addressHeaders(url, headers),
  'X-Bare-Forward-Headers': JSON.stringify(forward),
});

function errorOf({ body }: Exchange): { code: string; id: string; message: string } {
  return JSON.parse(body) as { code: string; id: string; message: string };
}

function headerLines(received: string): string[] {
  return received.split('\r\n\r\n')[0]!.split('\r\n').slice(1);
}

it('v1 sends the request as described and forwards what its JSON array lists', async () => {
  const origin = await startRawOrigin('HTTP/1.1 201 Made\r\nX-a: 1\r\nContent-Length: 2\r\n\r\nok');
  const answer = await exchange(`${await startBareServer()}v1/`, {
    headers: {
      ...v1Headers(`${origin.url}/a?b`, { Host: 'h', 'x-A': ['1', '2'] }, ['accept', 'X-Own', 'Origin', 'connection']),
      Accept: 'text/html',
      'X-Own': 'mine',
      Origin: 'http://page.test',
      'Accept-Language': 'not listed',
    },
  });
  expect(origin.received().split('\r\n')[0]).toBe('GET /a?b HTTP/1.1');
  expect(headerLines(origin.received())).toEqual([
    'Host: h',
    'x-A: 1',
    'x-A: 2',
    'Accept: text/html',
    'X-Own: mine',
    'Connection: keep-alive',
  ]);
  expect(answer).toMatchObject({
    status: 200,
    body: 'ok',
    headers: {
      'x-bare-status': '201',
      'x-bare-status-text': 'Made',
      'x-bare-headers': '{"X-a":"1","Content-Length":"2"}',
      'access-control-allow-origin': '*',
    },
  });
});

it('v1 forwards the encoding of a body and does not split the headers of its answer', async () => {
  const origin = await startOrigin((request, response) => {
    response.writeHead(200, { 'X-Back': 'x'.repeat(5000), 'X-Encoding': String(request.headers['content-encoding']) });
    request.pipe(response);
  });
  const answer = await exchange(
    `${await startBareServer()}v1/`,
    { method: 'POST', headers: { ...v1Headers(origin), 'Content-Encoding': 'gzip', 'Content-Length': 4 } },
    'body',
  );
  expect(answer.body).toBe('body');
  const headers = JSON.parse(answer.headers['x-bare-headers'] as string) as Record<string, string>;
  expect(headers['X-Back']).toHaveLength(5000);
  expect(headers['X-Encoding']).toBe('gzip');
});

it('v1 passes the headers and statuses that its JSON arrays list', async () => {
  const origin = await startRawOrigin('HTTP/1.1 404 Not Found\r\nETag: "a"\r\nContent-Length: 0\r\n\r\n');
  const answer = await exchange(`${await startBareServer()}v1/`, {
    headers: { ...v1Headers(origin.url), 'X-Bare-Pass-Headers': '["ETag"]', 'X-Bare-Pass-Status': '[404]' },
  });
  expect([answer.status, answer.headers.etag]).toEqual([404, '"a"']);
});

it('v2 forwards and passes its defaults, more with the cache parameter', async () => {
  const origin = await startRawOrigin(
    'HTTP/1.1 200 OK\r\nETag: "a"\r\nCache-Control: max-age=9\r\nLast-Modified: x\r\nContent-Length: 0\r\n\r\n',
  );
  const bare = await startBareServer();
  const headers = {
    ...addressHeaders(origin.url, { Host: 'h' }),
    'Accept-Encoding': 'gzip',
    'If-None-Match': '"b"',
    'X-Bare-Forward-Headers': 'X-One, "x-two"',
    'X-One': '1',
    'X-Two': '2',
  };
  const plain = await exchange(`${bare}v2/`, { headers });
  expect(headerLines(origin.received())).toEqual([
    'Host: h',
    'Accept-Encoding: gzip',
    'X-One: 1',
    'X-Two: 2',
    'Connection: keep-alive',
  ]);
  expect(plain.headers).toMatchObject({ 'last-modified': 'x', 'cache-control': 'no-store' });
  expect(plain.headers.etag).toBeUndefined();
  const cached = await exchange(`${bare}v2/?cache=1`, { headers });
  expect(origin.received()).toContain('If-None-Match: "b"');
  expect(cached.headers).toMatchObject({ etag: '"a"', 'cache-control': 'max-age=9' });
});

it('v2 joins split request headers and splits those of the answer', async () => {
  const origin = await startOrigin((request, response) => {
    response.writeHead(200, { 'X-Back': `${request.headers['x-long']}!` }).end();
  });
  const json = JSON.stringify({ 'X-Long': 'l'.repeat(6000) });
  const address = addressHeaders(origin);
  delete address['X-Bare-Headers'];
  const answer = await exchange(`${await startBareServer()}v2/`, {
    headers: {
      ...address,
      'X-Bare-Headers-1': `;${json.slice(3000, 6000)}`,
      'X-Bare-Headers-0': `;${json.slice(0, 3000)}`,
      'X-Bare-Headers-2': `;${json.slice(6000)}`,
    },
  });
  expect(answer.headers['x-bare-headers']).toBeUndefined();
  expect(answer.headers['x-bare-headers-1']).toMatch(/^;/);
  expect(`${answer.headers['x-bare-headers-0']}${answer.headers['x-bare-headers-1']}`).toContain('"X-Back":"lll');
});

it.each([
  ['X-Bare-Host', undefined, 'MISSING_BARE_HEADER'],
  ['X-Bare-Port', undefined, 'MISSING_BARE_HEADER'],
  ['X-Bare-Protocol', undefined, 'MISSING_BARE_HEADER'],
  ['X-Bare-Path', undefined, 'MISSING_BARE_HEADER'],
  ['X-Bare-Headers', undefined, 'MISSING_BARE_HEADER'],
  ['X-Bare-Port', '', 'INVALID_BARE_HEADER'],
  ['X-Bare-Port', '80a', 'INVALID_BARE_HEADER'],
  ['X-Bare-Port', '0', 'INVALID_BARE_HEADER'],
  ['X-Bare-Port', '65536', 'INVALID_BARE_HEADER'],
  ['X-Bare-Protocol', 'ftp:', 'INVALID_BARE_HEADER'],
  ['X-Bare-Protocol', 'http', 'INVALID_BARE_HEADER'],
  ['X-Bare-Protocol', 'ws:', 'INVALID_BARE_HEADER'],
  ['X-Bare-Path', 'a', 'INVALID_BARE_HEADER'],
  ['X-Bare-Host', 'a/b', 'INVALID_BARE_HEADER'],
  ['X-Bare-Host', 'a@b', 'INVALID_BARE_HEADER'],
  ['X-Bare-Host', 'a:1', 'INVALID_BARE_HEADER'],
  ['X-Bare-Host', '', 'INVALID_BARE_HEADER'],
  ['X-Bare-Headers', '{', 'INVALID_BARE_HEADER'],
  ['X-Bare-Headers', '[]', 'INVALID_BARE_HEADER'],
  ['X-Bare-Pass-Status', 'x', 'INVALID_BARE_HEADER'],
  ['X-Bare-Pass-Headers', 'Vary', 'FORBIDDEN_BARE_HEADER'],
  ['X-Bare-URL', 'http://a/', 'UNKNOWN_BARE_HEADER'],
])('v1 and v2 refuse %s %j with %s', async (name, value, code) => {
  const bare = await startBareServer();
  for (const version of ['v1', 'v2'] as const) {
    const headers: Record<string, string> = {
      ...(version === 'v1' ? v1Headers('http://127.0.0.1:1/') : addressHeaders('http://127.0.0.1:1/')),
    };
    delete headers[name];
    // v1 writes lists as JSON.
    if (value !== undefined)
      headers[name] = version === 'v1' && name.includes('Pass') ? JSON.stringify([value]) : value;
    const answer = await exchange(`${bare}${version}/`, { headers });
    expect(errorOf(answer)).toMatchObject({ code, id: `request.headers.${name.toLowerCase()}` });
    expect(answer.status).toBe(code === 'FORBIDDEN_BARE_HEADER' ? 403 : 400);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  }
});

it('v1 insists on a list of headers to forward, as JSON', async () => {
  const bare = await startBareServer();
  const missing = await exchange(`${bare}v1/`, { headers: addressHeaders('http://127.0.0.1:1/') });
  expect(errorOf(missing)).toMatchObject({
    code: 'MISSING_BARE_HEADER',
    id: 'request.headers.x-bare-forward-headers',
  });
  for (const list of ['accept', '{}', '[null]', '[["a"]]']) {
    const headers = { ...addressHeaders('http://127.0.0.1:1/'), 'X-Bare-Forward-Headers': list };
    expect(errorOf(await exchange(`${bare}v1/`, { headers })).code).toBe('INVALID_BARE_HEADER');
  }
});

it('refuses a forbidden name in v2, and ignores it when told to', async () => {
  const origin = await startRawOrigin();
  const headers = { ...addressHeaders(origin.url, { Host: 'h' }), 'X-Bare-Forward-Headers': 'Host' };
  const refused = await exchange(`${await startBareServer()}v2/`, { headers });
  expect([refused.status, errorOf(refused).code]).toEqual([403, 'FORBIDDEN_BARE_HEADER']);
  await exchange(`${await startBareServer({ forbiddenHeaders: 'ignore' })}v2/`, { headers });
  expect(headerLines(origin.received())[0]).toBe('Host: h');
});

it('refuses a long header in one piece only when it is strict', async () => {
  const origin = await startRawOrigin();
  const headers = addressHeaders(origin.url, { 'X-Long': 'x'.repeat(4000) });
  expect((await exchange(`${await startBareServer()}v2/`, { headers })).status).toBe(200);
  const refused = await exchange(`${await startBareServer({ strict: true })}v2/`, { headers });
  expect(errorOf(refused)).toMatchObject({ code: 'INVALID_BARE_HEADER', id: 'request.headers.x-bare-headers' });
});

it('serves the versions that it is told to, and says so', async () => {
  const bare = await startBareServer({ versions: ['v3', 'v1'] });
  expect(JSON.parse((await exchange(bare)).body)).toMatchObject({ versions: ['v1', 'v3'] });
  expect((await exchange(`${bare}v2/`)).status).toBe(404);
  expect(errorOf(await exchange(`${bare}v1/`)).code).toBe('MISSING_BARE_HEADER');
  for (const versions of [[], ['v4' as 'v3']]) {
    expect(() => createBareServer({ versions })).toThrow(expect.objectContaining({ code: 'BARE_SERVER_BAD_VERSIONS' }));
  }
});

it('holds v1 and v2 to the address policy', async () => {
  const bare = await startBareServer({ upstream: { allowPrivate: false } });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '::ffff:10.0.0.1', '2130706433']) {
    const headers = { ...v1Headers('http://a:80/'), 'X-Bare-Host': host, 'X-Bare-Port': '80' };
    expect(errorOf(await exchange(`${bare}v1/`, { headers })).code).toBe('IMPL_BLOCKED_ADDRESS');
  }
});

it('gives the parts of any URL their URL back', () => {
  fc.assert(
    fc.property(
      fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] }),
      fc.integer({ min: 1, max: 65535 }),
      (text, port) => {
        const url = new URL(text);
        url.port = String(port);
        const parts = {
          host: url.hostname,
          port: String(port),
          protocol: url.protocol,
          path: url.href.slice(url.origin.length),
        };
        expect(remoteUrlFromParts(parts, ['http:', 'https:'], neverInvalid).href).toBe(url.href);
      },
    ),
  );
});

it('never lets one part of an address change another', () => {
  const invalid = (part: string): BareProtocolError => new BareProtocolError('INVALID_BARE_HEADER', part, '');
  fc.assert(
    fc.property(fc.string(), fc.string(), (host, path) => {
      try {
        const url = remoteUrlFromParts({ host, port: '8080', protocol: 'http:', path: `/${path}` }, ['http:'], invalid);
        expect([url.protocol, url.port, url.username, url.hash]).toEqual(['http:', '8080', '', '']);
        expect(url.hostname).toBe(
          new URL(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/`).hostname,
        );
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_BARE_HEADER' });
      }
    }),
    { numRuns: 1000 },
  );
});

function neverInvalid(part: string, reason: string): never {
  throw new Error(`${part} ${reason}`);
}
