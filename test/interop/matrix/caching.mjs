/**
 * @module
 * Caching: revalidation by the caller, by the browser, and whose answer it is.
 */
import assert from 'node:assert/strict';
import { succeeds } from './assertions.mjs';

export const cachingCases = [
  {
    id: 'cache/the caller revalidates',
    row: 'If-None-Match by the caller gives 304',
    versions: ['v2', 'v3'],
    async observe(cell) {
      const route = cell.origin.serve((request, response) => {
        response.setHeader('ETag', '"1"');
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
        else response.end('fresh');
      });
      return cell.fetch({ url: route.url, headers: { 'If-None-Match': '"1"' }, cache: 'default' });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.status, 304);
      assert.equal(answer.text, '');
    },
  },
  {
    id: 'cache/the browser revalidates',
    row: 'the HTTP cache revalidates',
    engines: ['chromium'],
    versions: ['v2', 'v3'],
    clients: ['ours', 'client-2.1.0', 'client-1.1.1'],
    async observe(cell) {
      const route = cell.origin.serve((request, response) => {
        response.setHeader('ETag', '"1"');
        response.setHeader('Cache-Control', 'no-cache');
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
        else response.end('kept');
      });
      const first = await cell.fetch({ url: route.url, cache: 'default' });
      const second = await cell.fetch({ url: route.url, cache: 'default' });
      return {
        first,
        second,
        count: route.requests.length,
        asked: route.requests[1]?.headers.find(([name]) => name.toLowerCase() === 'if-none-match')?.[1],
      };
    },
    expect({ first, second, count, asked }) {
      assert.equal(first.text, 'kept');
      succeeds(second);
      assert.equal(second.status, 200);
      assert.equal(second.text, 'kept');
      assert.equal(count, 2);
      assert.equal(asked, '"1"');
    },
  },
  {
    id: 'cache/two users',
    row: "one user's answer is not given to another",
    versions: ['v2', 'v3'],
    async observe(cell) {
      const route = cell.origin.serve((request, response) => {
        response.setHeader('Cache-Control', 'max-age=60');
        response.setHeader('ETag', `"${request.headers.cookie}"`);
        response.end(`for ${request.headers.cookie}`);
      });
      const first = await cell.fetch({ url: route.url, headers: { Cookie: 'user=a' }, cache: 'default' });
      const second = await cell.fetch({ url: route.url, headers: { Cookie: 'user=b' }, cache: 'default' });
      return { first, second };
    },
    expect({ first, second }) {
      succeeds(first);
      assert.equal(first.text, 'for user=a');
      assert.equal(second.text, 'for user=b');
    },
  },
];
