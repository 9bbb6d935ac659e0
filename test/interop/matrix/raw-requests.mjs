/**
 * @module
 * Servers under requests that no client library makes: split headers in every shape, what is missing, wrong or forbidden, methods that
 * are not for a proxy, and addresses that are nobody's business.
 */
import assert from 'node:assert/strict';
import { bareHeaders, delay, exchange, sendBytes } from '../support/raw.mjs';

const ok = (_request, response) => response.end('ok');

/** A request to the server of the cell, in its version. */
const ask = (cell, options = {}) => {
  const { method, search = '', body, remote, headers = {}, extra = [], change = (list) => list } = options;
  const target = remote ?? cell.origin.serve(ok).url;
  return exchange(`${cell.base}${cell.version}/${search}`, {
    method,
    body,
    headers: change([...bareHeaders(cell.version, target, headers), ...extra]),
  });
};

const errorOf = (answer) => {
  try {
    const { code, id, stack } = JSON.parse(answer.text);
    return { status: answer.status, code, id, hasStack: stack !== undefined };
  } catch {
    return { status: answer.status, text: answer.text?.slice(0, 80), error: answer.error };
  }
};

const without = (name) => (list) => list.filter(([candidate]) => candidate !== name);
const replace = (name, value) => (list) => list.map((pair) => (pair[0] === name ? [name, value] : pair));

/** A request that has to be refused with this code, and an id that names the place. */
const refused = (name, code, status, idPattern, options, more = {}) => ({
  id: `refused/${name}`,
  row: 'bad requests are refused by their code',
  observe: async (cell) => errorOf(await ask(cell, typeof options === 'function' ? options(cell) : options)),
  expect(error) {
    assert.equal(error.code, code, JSON.stringify(error));
    assert.equal(error.status, status);
    assert.match(error.id, idPattern);
    assert.equal(error.hasStack, false, 'a stack is shown to the client');
  },
  ...more,
});

const badRequests = [
  refused('no headers', 'MISSING_BARE_HEADER', 400, /x-bare-headers/, { change: without('X-Bare-Headers') }),
  refused('no URL', 'MISSING_BARE_HEADER', 400, /x-bare-url/, { change: without('X-Bare-URL') }, { versions: ['v3'] }),
  ...['Host', 'Port', 'Protocol', 'Path'].map((part) =>
    refused(
      `no ${part}`,
      'MISSING_BARE_HEADER',
      400,
      new RegExp(`x-bare-${part.toLowerCase()}`),
      { change: without(`X-Bare-${part}`) },
      { versions: ['v1', 'v2'] },
    ),
  ),
  refused(
    'bad port',
    'INVALID_BARE_HEADER',
    400,
    /x-bare-port/,
    { change: replace('X-Bare-Port', 'eighty') },
    { versions: ['v1', 'v2'] },
  ),
  refused(
    'bad protocol',
    'INVALID_BARE_HEADER',
    400,
    /x-bare-protocol/,
    { change: replace('X-Bare-Protocol', 'ftp:') },
    { versions: ['v1', 'v2'] },
  ),
  refused(
    'not a URL',
    'INVALID_BARE_HEADER',
    400,
    /x-bare-url/,
    { change: replace('X-Bare-URL', 'not a URL') },
    { versions: ['v3'] },
  ),
  refused(
    'an ftp: URL',
    'INVALID_BARE_HEADER',
    400,
    /x-bare-url/,
    { change: replace('X-Bare-URL', 'ftp://127.0.0.1/') },
    { versions: ['v3'] },
  ),
  refused('not JSON', 'INVALID_BARE_HEADER', 400, /headers/, { headers: '{oh no' }),
  refused('JSON null', 'INVALID_BARE_HEADER', 400, /headers/, { headers: 'null' }),
  refused('a number as a value', 'INVALID_BARE_HEADER', 400, /headers/, { headers: '{"X-Number": 5}' }),
  refused('null as a value', 'INVALID_BARE_HEADER', 400, /headers/, { headers: '{"X-Null": null}' }),
  refused('a line break in a value', 'INVALID_HEADER', 400, /headers/, {
    headers: JSON.stringify({ 'X-Break': 'a\r\nX-Smuggled: 1' }),
  }),
  refused(
    'a forbidden header to forward',
    'FORBIDDEN_BARE_HEADER',
    403,
    /x-bare-forward-headers/,
    { extra: [['X-Bare-Forward-Headers', 'connection']] },
    { versions: ['v2', 'v3'] },
  ),
  refused(
    'a forbidden header to pass',
    'FORBIDDEN_BARE_HEADER',
    403,
    /x-bare-pass-headers/,
    { extra: [['X-Bare-Pass-Headers', 'vary']] },
    { versions: ['v2', 'v3'] },
  ),
  refused(
    'a status that cannot be passed',
    'INVALID_BARE_HEADER',
    400,
    /x-bare-pass-status/,
    { extra: [['X-Bare-Pass-Status', '999']] },
    { versions: ['v2', 'v3'] },
  ),
];

/** X-Bare-Headers in parts; `order` and `make` change them. */
const split = (name, make, expect, more = {}) => ({
  id: `split/${name}`,
  row: 'split request headers',
  versions: ['v2', 'v3'],
  async observe(cell) {
    const route = cell.origin.serve((request, response) =>
      response.end(String(request.headers['x-long'] ?? '').slice(-20)),
    );
    const { host } = new URL(route.url);
    const json = JSON.stringify({
      Host: host,
      'X-Long': `${'0123456789'.repeat(3200)}`.slice(0, more.length ?? 8000) + '<end>',
    });
    const parts = [];
    for (let start = 0; start < json.length; start += more.part ?? 3000)
      parts.push(json.slice(start, start + (more.part ?? 3000)));
    const pairs = parts.map((part, index) => [`X-Bare-Headers-${index}`, `;${part}`]);
    const answer = await exchange(`${cell.base}${cell.version}/`, {
      headers: [...without('X-Bare-Headers')(bareHeaders(cell.version, route.url)), ...make(pairs, json)],
    });
    return { ...errorOf(answer), text: answer.text?.slice(0, 80), seen: route.requests.length };
  },
  expect,
  ...more,
});

const arrives = ({ status, text }) => {
  assert.equal(status, 200);
  assert.ok(text.endsWith('<end>'), text);
};
const isRefused = (error) => {
  assert.equal(error.code, 'INVALID_BARE_HEADER', JSON.stringify(error));
  assert.equal(error.status, 400);
  assert.match(error.id, /x-bare-headers/);
  assert.equal(error.seen, 0);
};

const splits = [
  split('in order', (pairs) => pairs, arrives),
  split('out of order', (pairs) => pairs.reverse(), arrives),
  split('twelve parts', (pairs) => pairs, arrives, { part: 700 }),
  split('whole, beyond the limit', (_pairs, json) => [['X-Bare-Headers', json]], arrives),
  split('20 kB', (pairs) => pairs, arrives, { length: 20_000, row: 'split request headers, 20 kB' }),
  split('a hole', (pairs) => pairs.filter((_pair, index) => index !== 1), isRefused, {
    row: 'split headers with a hole, or both forms',
  }),
  split(
    'a hole after which the JSON is whole',
    (pairs) => [
      pairs[0],
      [
        `X-Bare-Headers-2`,
        `;${pairs
          .slice(1)
          .map(([, value]) => value.slice(1))
          .join('')}`,
      ],
    ],
    isRefused,
    { row: 'split headers with a hole, or both forms' },
  ),
  split(
    'without a semicolon',
    (pairs) => pairs.map(([name, value], index) => [name, index === 1 ? value.slice(1) : value]),
    isRefused,
    { row: 'split headers with a hole, or both forms' },
  ),
  split('both forms', (pairs, json) => [['X-Bare-Headers', json], ...pairs], isRefused, {
    row: 'split headers with a hole, or both forms',
  }),
];

/** Spellings of this machine and of networks that are not public. */
const blocked = [
  'http://127.0.0.1:PORT/',
  'http://127.8.8.8:PORT/',
  'http://10.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://0.0.0.0:PORT/',
  'http://2130706433:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0x7f.1:PORT/',
  'http://localhost:PORT/',
];

export const rawCases = [
  {
    id: 'manifest',
    row: 'manifest',
    versions: [null],
    async observe(cell) {
      const answer = await exchange(cell.server.url());
      return {
        status: answer.status,
        type: answer.headers?.['content-type'],
        sharing: answer.headers?.['access-control-allow-origin'],
        manifest: JSON.parse(answer.text),
      };
    },
    expect({ status, type, sharing, manifest }) {
      assert.equal(status, 200);
      assert.match(type, /^application\/json/);
      assert.equal(sharing, '*');
      assert.equal(manifest.language, 'NodeJS');
      assert.ok(manifest.versions.includes('v3'));
      assert.equal(typeof manifest.memoryUsage, 'number');
    },
  },
  ...badRequests,
  ...splits,
  {
    id: 'prototype',
    row: '`__proto__` in the headers is a name like any other',
    async observe(cell) {
      const route = cell.origin.serve(ok);
      const { host } = new URL(route.url);
      const answer = await ask(cell, {
        remote: route.url,
        headers: `{"Host":"${host}","__proto__":"x","X-After":"yes"}`,
      });
      return { status: answer.status, after: route.requests[0]?.headers.some(([name]) => name === 'X-After') };
    },
    expect({ status, after }) {
      assert.equal(status, 200);
      assert.equal(after, true);
    },
  },
  {
    id: 'forward and pass',
    row: 'forward, pass and pass-status lists',
    versions: ['v2', 'v3'],
    async observe(cell) {
      const route = cell.origin.serve((_request, response) =>
        response.writeHead(404, { 'X-Passed': 'p', 'Last-Modified': 'Thu, 01 Jan 1970 00:00:00 GMT' }).end('none'),
      );
      const answer = await ask(cell, {
        remote: route.url,
        extra: [
          ['X-Wanted', 'w'],
          ['Accept-Language', 'tlh'],
          ['X-Bare-Forward-Headers', 'x-wanted'],
          ['X-Bare-Pass-Headers', 'x-passed'],
          ['X-Bare-Pass-Status', '404'],
        ],
      });
      const seen = Object.fromEntries(route.requests[0].headers.map(([name, value]) => [name.toLowerCase(), value]));
      return { status: answer.status, headers: answer.headers, seen };
    },
    expect({ status, headers, seen }) {
      assert.equal(status, 404);
      assert.equal(headers['x-bare-status'], '404');
      assert.equal(headers['x-passed'], 'p');
      assert.equal(headers['last-modified'], 'Thu, 01 Jan 1970 00:00:00 GMT');
      assert.equal(seen['x-wanted'], 'w');
      assert.equal(seen['accept-language'], 'tlh');
    },
  },
  {
    id: 'pass set-cookie',
    row: 'a passed Set-Cookie stays several',
    versions: ['v2', 'v3'],
    async observe(cell) {
      const route = cell.origin.serve((_request, response) =>
        response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'] }).end('ok'),
      );
      const answer = await ask(cell, { remote: route.url, extra: [['X-Bare-Pass-Headers', 'set-cookie']] });
      return answer.pairs.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value);
    },
    expect: (cookies) => assert.deepEqual(cookies, ['a=1', 'b=2']),
  },
  {
    id: 'revalidation',
    row: 'with `cache`, a 304 is passed on',
    versions: ['v2', 'v3'],
    async observe(cell) {
      const route = cell.origin.serve((request, response) => {
        response.setHeader('ETag', '"1"');
        if (request.headers['if-none-match']) response.writeHead(304).end();
        else response.end('fresh');
      });
      const fresh = await ask(cell, { remote: route.url, search: '?cache=1' });
      const kept = await ask(cell, { remote: route.url, search: '?cache=1', extra: [['If-None-Match', '"1"']] });
      return {
        fresh: { status: fresh.status, etag: fresh.headers.etag, text: fresh.text },
        kept: { status: kept.status, names: kept.pairs.map(([name]) => name.toLowerCase()) },
      };
    },
    expect({ fresh, kept }) {
      assert.deepEqual(fresh, { status: 200, etag: '"1"', text: 'fresh' });
      assert.equal(kept.status, 304);
      // The browser would put them in place of those of the answer that it has kept.
      assert.deepEqual(
        kept.names.filter((name) => name.startsWith('x-bare')),
        [],
      );
    },
  },
  {
    id: 'body as it came',
    row: 'an encoded body passes byte by byte',
    async observe(cell) {
      const bytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x09, 0x00, 0x00, 0x61]);
      const route = cell.origin.serve((_request, response) =>
        response.writeHead(200, { 'Content-Encoding': 'zstd', 'Content-Length': bytes.length }).end(bytes),
      );
      const answer = await ask(cell, { remote: route.url });
      return {
        isSame: answer.bytes.equals(bytes),
        coding: answer.headers['content-encoding'],
        length: answer.headers['content-length'],
      };
    },
    expect: (seen) => assert.deepEqual(seen, { isSame: true, coding: 'zstd', length: '10' }),
  },
  ...['TRACE', 'CONNECT', 'UNKNOWNMETHOD'].map((method) => ({
    id: `method ${method}`,
    row: 'TRACE, CONNECT, an unknown method',
    isOwnServer: true,
    async observe(cell) {
      const route = cell.origin.serve(ok);
      const lines = bareHeaders(cell.version, route.url).map(([name, value]) => `${name}: ${value}\r\n`);
      const target = method === 'CONNECT' ? '127.0.0.1:1' : `/bare/${cell.version}/`;
      const text = await sendBytes(
        cell.server.port(cell.version),
        `${method} ${target} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`,
        { silence: 300 },
      );
      await delay(100);
      const isAlive = cell.server.isAlive;
      const next = isAlive ? await ask(cell, { remote: route.url }) : { error: 'crashed' };
      return {
        status: Number(text.split(' ')[1] ?? 0),
        isAlive,
        next: next.text ?? next.error,
        reached: route.requests.filter((seen) => seen.method === method).length,
      };
    },
    expect({ isAlive, next, reached }) {
      assert.ok(isAlive, 'the server has crashed');
      assert.equal(next, 'ok');
      assert.equal(reached, 0);
    },
  })),
  {
    id: 'sharing',
    row: 'CORS headers on every answer, errors too',
    async observe(cell) {
      const { port } = new URL(cell.base);
      const answers = {
        ok: await ask(cell),
        error: await ask(cell, { headers: '{oh no' }),
        'not found': await exchange(cell.server.url().replace('/bare/', '/bare/v9/')),
        refused: await ask(cell, { remote: 'http://127.0.0.1:1/' }),
      };
      const tooLarge = await sendBytes(
        Number(port),
        `GET /bare/${cell.version}/ HTTP/1.1\r\nHost: x\r\nX-Bare-Headers: ${'a'.repeat(400_000)}\r\n\r\n`,
        { silence: 400 },
      );
      const found = Object.fromEntries(
        Object.entries(answers).map(([name, { headers, status }]) => [
          name,
          `${status} ${headers?.['access-control-allow-origin']}`,
        ]),
      );
      found['431'] = `${tooLarge.split(' ')[1]} ${/access-control-allow-origin: (.*)/i.exec(tooLarge)?.[1]?.trim()}`;
      return found;
    },
    expect(found) {
      for (const [name, text] of Object.entries(found)) assert.match(text, /^\d+ \*$/, `${name}: ${text}`);
      assert.match(found['431'], /^431/);
    },
  },
  {
    id: 'keep-alive',
    row: '1000 requests on one connection',
    limit: 20_000,
    async observe(cell) {
      const route = cell.origin.serve(ok);
      const lines = bareHeaders(cell.version, route.url).map(([name, value]) => `${name}: ${value}\r\n`);
      const request = `GET /bare/${cell.version}/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\n${lines.join('')}\r\n`;
      const text = await sendBytes(cell.server.port(cell.version), request.repeat(1000), {
        silence: 1500,
        patience: 15_000,
      });
      return { answers: text.split('HTTP/1.1 200').length - 1, isAlive: cell.server.isAlive };
    },
    expect: (seen) => assert.deepEqual(seen, { answers: 1000, isAlive: true }),
  },
  {
    id: 'addresses',
    row: 'addresses that are not public are refused',
    serverOptions: { isGuarded: true },
    limit: 15_000,
    async observe(cell) {
      const reached = [];
      const answers = {};
      const route = cell.origin.serve((request, response) => {
        reached.push(request.headers.host);
        response.end('reached');
      });
      for (const pattern of blocked) {
        const remote = pattern.replace('PORT/', `${cell.origin.port}${route.path}`);
        const { host } = new URL(remote);
        // As written: the URL's own spelling is what a client may send.
        const change =
          cell.version === 'v3'
            ? replace('X-Bare-URL', remote)
            : replace('X-Bare-Host', /\/\/(\[[^\]]*\]|[^:/]*)/.exec(remote)[1]);
        const answer = await exchange(`${cell.base}${cell.version}/`, {
          headers: change(bareHeaders(cell.version, remote, { Host: host })),
          timeout: 1000,
        });
        answers[pattern] = errorOf(answer).code ?? answer.status ?? answer.error;
      }
      return { reached, answers };
    },
    expect({ reached, answers }) {
      assert.deepEqual(reached, []);
      for (const [address, code] of Object.entries(answers)) assert.equal(code, 'IMPL_BLOCKED_ADDRESS', address);
    },
  },
];
