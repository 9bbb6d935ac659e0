import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startBareServer, startRawOrigin } from '../../bare-server/src/local-servers.test-support.js';
import { cacheKey } from './cache-key.js';
import { BareClient, decodeBareResponse, encodeBareRequest, type BareFetchInit } from './index.js';

it.each<[string, BareFetchInit, string, string, RegExp]>([
  ['a name with a space', { headers: { 'a b': '1' } }, 'INVALID_HEADER', 'bare.headers.a b', /"a b".*token/],
  ['an empty name', { headers: [['', '1']] }, 'INVALID_HEADER', 'bare.headers.', /""/],
  ['a line break', { headers: { 'X-A': 'a\r\nb' } }, 'INVALID_HEADER', 'bare.headers.x-a', /"a\\r\\nb" of X-A.*escape/],
  ['a null', { headers: { 'X-A': 'a\0b' } }, 'INVALID_HEADER', 'bare.headers.x-a', /null/],
  ['the method TRACE', { method: 'trace' }, 'IMPL_METHOD_NOT_ALLOWED', 'request', /trace.*another/],
  ['the method CONNECT', { method: 'CONNECT' }, 'IMPL_METHOD_NOT_ALLOWED', 'request', /CONNECT/],
  ['a method that is none', { method: 'GET IT' }, 'IMPL_INVALID_METHOD', 'request', /"GET IT".*token/],
  ['a body for GET', { body: 'x' }, 'IMPL_INVALID_BODY', 'request.body', /GET.*POST/],
])('refuses %s, and says what and why', async (_what, init, code, id, message) => {
  await expect(new BareClient('http://127.0.0.1:1/').fetch('http://a/', init)).rejects.toMatchObject({
    name: 'BareError',
    code,
    id,
    message: expect.stringMatching(message),
    remoteUrl: 'http://a/',
  });
});

it('sends values beyond Latin-1 as UTF-8 and others as they are', async () => {
  const origin = await startRawOrigin();
  const headers: [string, string][] = [
    ['X-Latin', 'caf\u00e9'],
    ['X-Check', '\u2713 caf\u00e9'],
    ['X-Emoji', '\ud83d\ude00'],
    ['X-Space', ' \t a b \n'],
  ];
  await new BareClient(await startBareServer()).fetch(origin.url, { headers });
  expect(origin.received()).toContain('X-Latin: caf\u00e9\r\n');
  expect(origin.received()).toContain(`X-Check: ${Buffer.from('\u2713 caf\u00e9').toString('latin1')}\r\n`);
  expect(origin.received()).toContain(`X-Emoji: ${Buffer.from('\ud83d\ude00').toString('latin1')}\r\n`);
  expect(origin.received()).toContain('X-Space: a b\r\n');
});

it('sends userinfo of a redirect as Authorization', async () => {
  let isFirst = true;
  const origin = await startRawOrigin((socket, text) => {
    const location = `http://user:pass@${/Host: (\S+)/.exec(text)![1]}/next`;
    if (isFirst) socket.write(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    isFirst = false;
  });
  const response = await new BareClient(await startBareServer()).fetch(origin.url);
  expect(response.url).toBe(`${origin.url}/next`);
  expect(origin.received()).toContain('GET /next HTTP/1.1');
  expect(origin.received()).toContain(`Authorization: Basic ${Buffer.from('user:pass').toString('base64')}\r\n`);
});

it('keeps what it knows of an answer in its clones', async () => {
  const origin = await startRawOrigin('HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\nok');
  const response = await new BareClient(await startBareServer()).fetch(origin.url);
  const clone = response.clone();
  expect(clone).toMatchObject({
    url: `${origin.url}/`,
    type: 'basic',
    redirected: false,
    rawHeaders: response.rawHeaders,
  });
  expect(await Promise.all([response.text(), clone.text(), clone.clone === undefined])).toEqual(['ok', 'ok', false]);
});

it('aborts before anything is sent', async () => {
  const signal = AbortSignal.abort(new Error('early'));
  await expect(new BareClient('http://127.0.0.1:1/').fetch('http://a/', { signal })).rejects.toThrow('early');
});

const headerName = fc
  .stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/)
  .filter((name) => !/^(host|__proto__)$/i.test(name));
const headerValue = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 900 })
  .map((value) => value.replace(/[\x7f-\x9f]/g, '').trim());

it.each(['v1', 'v2', 'v3'] as const)('%s reads back the headers that it writes, in order', (version) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(headerName, headerValue), { selector: ([name]) => name.toLowerCase() }),
      (pairs) => {
        // A JSON object puts names that are numbers first; a server that reads it cannot know better.
        const ordered = pairs.filter(([name]) => !/^\d+$/.test(name)) as [string, string][];
        const encoded = encodeBareRequest('http://a.test/b', ordered, { version });
        for (const [, value] of encoded) expect(value).toMatch(/^[\x20-\x7e]*$/);
        const answer = new Map(encoded.map(([name, value]) => [name.toLowerCase(), value]));
        answer.set('x-bare-status', '200');
        const decoded = decodeBareResponse((name) => answer.get(name) ?? null);
        expect(decoded!.headers).toEqual([['Host', 'a.test'], ...ordered]);
      },
    ),
  );
});

it('names the remote by its parts in v1 and v2', () => {
  const options = { version: 'v1', forwardHeaders: ['accept'], passHeaders: ['etag'], passStatus: [304] } as const;
  expect(
    encodeBareRequest('https://u:p@[::1]/a?b#c', [], {
      ...options,
      forwardHeaders: ['accept'],
      passHeaders: ['etag'],
      passStatus: [304],
    }),
  ).toEqual([
    ['X-Bare-Host', '[::1]'],
    ['X-Bare-Port', '443'],
    ['X-Bare-Protocol', 'https:'],
    ['X-Bare-Path', '/a?b'],
    ['X-Bare-Headers', '{"Host":"[::1]"}'],
    ['X-Bare-Forward-Headers', '["accept-encoding","accept-language","accept"]'],
    ['X-Bare-Pass-Headers', '["etag"]'],
    ['X-Bare-Pass-Status', '[304]'],
  ]);
  expect(encodeBareRequest('http://a:81/?', [], { version: 'v2', forwardHeaders: ['accept'] })).toEqual([
    ['X-Bare-Host', 'a'],
    ['X-Bare-Port', '81'],
    ['X-Bare-Protocol', 'http:'],
    ['X-Bare-Path', '/?'],
    ['X-Bare-Headers', '{"Host":"a:81"}'],
    ['X-Bare-Forward-Headers', 'accept'],
  ]);
});

it('gives two requests the same key only if they are the same', async () => {
  const pairs = fc.array(fc.tuple(headerName, headerValue), { maxLength: 3 });
  const request = fc.tuple(fc.constantFrom('GET', 'HEAD'), pairs);
  await fc.assert(
    fc.asyncProperty(request, request, async ([methodA, a], [methodB, b]) => {
      const isSame = JSON.stringify([methodA, a]) === JSON.stringify([methodB, b]);
      const keys = await Promise.all([cacheKey(methodA, a as never), cacheKey(methodB, b as never)]);
      expect(keys[0] === keys[1]).toBe(isSame);
    }),
  );
});
