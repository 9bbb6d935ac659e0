/**
 * @module
 * Redirects, which are the client's to follow. Transports do not follow them, so bare-as-module3 has no cells here.
 */
import assert from 'node:assert/strict';
import { succeeds } from './assertions.mjs';

const clients = ['ours', 'client-2.1.0', 'client-1.1.1'];
const becomesGet = (status, method) => status === 303 || (method === 'POST' && (status === 301 || status === 302));

const followed = [301, 302, 303, 307, 308].flatMap((status) =>
  ['GET', 'POST'].map((method) => ({
    id: `redirect/${status} ${method}`,
    row: `redirect after ${method}`,
    clients,
    async observe(cell) {
      const target = cell.origin.serve((request, response) => response.end(request.method));
      const start = cell.origin.serve((_request, response) =>
        response.writeHead(status, { Location: target.path }).end(),
      );
      const body = method === 'POST' ? { text: 'sent twice?' } : undefined;
      const answer = await cell.fetch({ url: start.url, method, body });
      return { answer, target: target.url, seen: target.requests };
    },
    expect({ answer, target, seen }) {
      succeeds(answer);
      assert.equal(seen[0]?.method, becomesGet(status, method) ? 'GET' : method);
      assert.equal(String(seen[0].body), method === 'POST' && !becomesGet(status, method) ? 'sent twice?' : '');
      assert.equal(answer.status, 200);
      assert.equal(answer.url, target);
      assert.equal(answer.redirected, true);
    },
  })),
);

export const redirectCases = [
  ...followed,
  {
    id: 'redirect/to another origin',
    row: 'redirect to another origin drops credentials',
    clients,
    async observe(cell) {
      const target = cell.other.serve((_request, response) => response.end('there'));
      const start = cell.origin.serve((_request, response) => response.writeHead(302, { Location: target.url }).end());
      const answer = await cell.fetch({
        url: start.url,
        headers: { Authorization: 'Basic c2VjcmV0', Cookie: 'secret=1', 'X-Kept': 'yes' },
      });
      return { answer, host: new URL(target.url).host, seen: target.requests };
    },
    expect({ answer, host, seen }) {
      succeeds(answer);
      const found = Object.fromEntries(seen[0].headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal(found.host, host);
      assert.equal(found.authorization, undefined);
      assert.equal(found.cookie, undefined);
      assert.equal(found['x-kept'], 'yes');
    },
  },
  {
    id: 'redirect/endless',
    row: 'endless redirects end after 20',
    clients,
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.writeHead(302, { Location: route.path }).end());
      const answer = await cell.fetch({ url: route.url });
      return { answer, count: route.requests.length };
    },
    expect({ answer, count }) {
      assert.ok(answer.error, 'it does not fail');
      assert.equal(count, 21);
    },
  },
  {
    id: 'redirect/manual',
    row: 'redirect: manual, error',
    clients,
    async observe(cell) {
      const route = cell.origin.serve((_request, response) =>
        response.writeHead(302, { Location: '/elsewhere' }).end(),
      );
      return cell.fetch({ url: route.url, redirect: 'manual' });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.status, 302);
      assert.deepEqual(
        answer.rawHeaders.filter(([name]) => name.toLowerCase() === 'location').map(([, value]) => value),
        ['/elsewhere'],
      );
    },
  },
  {
    id: 'redirect/error',
    row: 'redirect: manual, error',
    clients,
    async observe(cell) {
      const route = cell.origin.serve((_request, response) =>
        response.writeHead(302, { Location: '/elsewhere' }).end(),
      );
      return cell.fetch({ url: route.url, redirect: 'error' });
    },
    expect(answer) {
      assert.ok(answer.error, 'it does not fail');
    },
  },
];
