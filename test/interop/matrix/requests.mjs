/**
 * @module
 * What a client asks for reaches the remote as it was said: method, body, headers.
 */
import assert from 'node:assert/strict';
import { succeeds } from './assertions.mjs';

const echo = (request, response) => response.end(`${request.method} seen`);

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
  id: `methods/${method}`,
  row: 'methods',
  async observe(cell) {
    const route = cell.origin.serve(echo);
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { text: `body of ${method}` } : undefined;
    const answer = await cell.fetch({ url: route.url, method, body });
    return { answer, seen: route.requests };
  },
  expect({ answer, seen }) {
    succeeds(answer);
    assert.equal(answer.text, method === 'HEAD' ? '' : `${method} seen`);
    assert.equal(seen.length, 1);
    assert.equal(seen[0].method, method);
    assert.equal(String(seen[0].body), ['POST', 'PUT', 'PATCH'].includes(method) ? `body of ${method}` : '');
  },
}));

export const requestCases = [
  ...methods,
  {
    id: 'methods/DELETE with a body',
    row: 'DELETE with a body',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({ url: route.url, method: 'DELETE', body: { text: 'what to delete' } });
      // A body without framing would be read as the beginning of another request.
      const next = await cell.fetch({ url: route.url });
      return { answer, next, seen: route.requests };
    },
    expect({ answer, next, seen }) {
      succeeds(answer);
      assert.equal(answer.text, 'DELETE seen');
      assert.equal(String(seen[0].body), 'what to delete');
      assert.equal(next.text, 'GET seen');
    },
  },
  {
    id: 'methods/OPTIONS',
    row: 'OPTIONS reaches the remote',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({ url: route.url, method: 'OPTIONS' });
      return { answer, seen: route.requests };
    },
    expect({ answer, seen }) {
      succeeds(answer);
      assert.equal(answer.text, 'OPTIONS seen');
      assert.equal(seen[0]?.method, 'OPTIONS');
    },
  },
  {
    id: 'headers/order, case and repetition',
    row: 'header case, order, arrays',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const { host } = new URL(route.url);
      const headers = {
        Host: host,
        'X-Zebra': '1',
        'x-apple': ['2', '3'],
        'User-Agent': 'interop',
        ACCEPT: 'text/html',
      };
      const copy = structuredClone(headers);
      const answer = await cell.fetch({ url: route.url, headers: rawHeaders(cell, headers) });
      return { answer, host, seen: route.requests, isUnchanged: JSON.stringify(headers) === JSON.stringify(copy) };
    },
    expect({ answer, host, seen }) {
      succeeds(answer);
      const names = new Set(['host', 'x-zebra', 'x-apple', 'user-agent', 'accept']);
      assert.deepEqual(
        seen[0].headers.filter(([name]) => names.has(name.toLowerCase())),
        [
          ['Host', host],
          ['X-Zebra', '1'],
          ['x-apple', '2'],
          ['x-apple', '3'],
          ['User-Agent', 'interop'],
          ['ACCEPT', 'text/html'],
        ],
      );
    },
    // The others take a Headers object alone, which has neither case nor order.
    clients: ['ours', 'bare-as-module3'],
  },
  {
    id: 'headers/given as an object',
    row: 'headers as an object',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({ url: route.url, headers: { 'X-One': '1', 'X-Two': 'two words' } });
      return { answer, seen: route.requests };
    },
    expect({ answer, seen }) {
      succeeds(answer);
      const found = Object.fromEntries(seen[0].headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal(found['x-one'], '1');
      assert.equal(found['x-two'], 'two words');
    },
  },
  {
    id: 'headers/given as pairs',
    row: 'headers as pairs',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({
        url: route.url,
        headers: [
          ['X-One', '1'],
          ['X-Two', '2'],
        ],
      });
      return { answer, seen: route.requests };
    },
    expect({ answer, seen }) {
      succeeds(answer);
      const found = Object.fromEntries(seen[0].headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal(found['x-one'], '1');
      assert.equal(found['x-two'], '2');
    },
    // A transport takes an object by its interface.
    clients: ['ours', 'client-2.1.0', 'client-1.1.1'],
  },
  ...[3071, 3072, 3073, 9000].map((length) => longHeader(`long request header/${length} bytes of JSON`, length)),
  longHeader('long request header/20 kB', 20_000, 'request headers, 20 kB'),
  longHeader('long request header/60 kB', 60_000, 'request headers, 60 kB'),
  {
    id: 'request headers/Latin-1',
    row: 'Latin-1 in a request header',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({ url: route.url, headers: { 'X-Name': 'caf\xe9' } });
      return { answer, seen: route.requests };
    },
    expect({ answer, seen }) {
      succeeds(answer);
      // The byte E9: what a browser sends.
      assert.equal(seen[0].headers.find(([name]) => name.toLowerCase() === 'x-name')[1], 'caf\xe9');
    },
  },
  {
    id: 'request headers/beyond Latin-1',
    row: 'U+2713 and an emoji in a request header',
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const answer = await cell.fetch({ url: route.url, headers: { 'X-Name': '\u2713 \u{1f600}' } });
      return { answer, seen: route.requests };
    },
    // A header is bytes, and no encoding says which ones these would be: a browser's fetch refuses them as well.
    expect({ answer, seen }) {
      const text = Buffer.from(
        seen[0]?.headers.find(([name]) => name.toLowerCase() === 'x-name')?.[1] ?? '',
        'latin1',
      ).toString();
      const isRefusedByName = answer.error?.code === 'INVALID_HEADER' && /x-name/i.test(answer.error.message);
      assert.ok(
        text === '\u2713 \u{1f600}' || isRefusedByName,
        `reached the remote as ${JSON.stringify(text)}, ${answer.error?.message}`,
      );
    },
  },
];

function longHeader(id, length, row = 'request headers around 3072 bytes, and 9 kB') {
  return {
    id,
    row,
    async observe(cell) {
      const route = cell.origin.serve(echo);
      const { host } = new URL(route.url);
      // `length` is that of the JSON that ours writes, with Host in it.
      const rest = length - JSON.stringify({ Host: host, 'X-Long': '' }).length;
      const value = ('0123456789'.repeat(Math.ceil(rest / 10)) + 'end').slice(-rest);
      const answer = await cell.fetch({ url: route.url, headers: { 'X-Long': value } });
      return { answer, seen: route.requests, value };
    },
    expect({ answer, seen, value }) {
      succeeds(answer);
      const received = seen[0].headers.find(([name]) => name.toLowerCase() === 'x-long')?.[1] ?? '';
      assert.equal(received.length, value.length);
      assert.equal(received, value);
    },
  };
}

/** Ours takes pairs, a transport takes an object with arrays. */
function rawHeaders(cell, headers) {
  return cell.client === 'ours'
    ? Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
    : headers;
}
