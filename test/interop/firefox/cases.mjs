/**
 * @module
 * What our client has to do in Firefox, in a page and in a worker alike: each case asks the clients of the realm and asserts what came.
 */
import assert from 'node:assert/strict';

/** @type {{ id: string, run: (context: { fetch: Function, socket: Function, origin: any }) => Promise<void> }[]} */
export const firefoxCases = [
  {
    id: 'GET',
    async run({ fetch, origin }) {
      const route = origin.serve((_request, response) =>
        response.writeHead(200, 'Fine', { 'X-Case': 'Kept', 'Set-Cookie': ['a=1', 'b=2'] }).end('body ✓'),
      );
      const answer = await fetch({ url: route.url, headers: [['X-Own', 'value']] });
      assert.equal(answer.error, undefined);
      assert.deepEqual([answer.status, answer.statusText, answer.text], [200, 'Fine', 'body ✓']);
      assert.deepEqual(
        answer.rawHeaders.filter(([name]) => name === 'Set-Cookie').map(([, value]) => value),
        ['a=1', 'b=2'],
      );
      assert.ok(route.requests[0].headers.some(([name, value]) => name === 'X-Own' && value === 'value'));
    },
  },
  {
    id: 'POST',
    async run({ fetch, origin }) {
      const route = origin.serve((_request, response) => response.end('taken'));
      const answer = await fetch({ url: route.url, method: 'POST', body: { length: 300_000 } });
      assert.equal(answer.text, 'taken');
      const [{ method, body }] = route.requests;
      assert.deepEqual([method, body.length], ['POST', 300_000]);
    },
  },
  {
    id: 'POST of a stream',
    async run({ fetch, origin }) {
      const route = origin.serve((_request, response) => response.end('taken'));
      const stream = ['one ', 'two ', 'three'];
      const answer = await fetch({ url: route.url, method: 'POST', body: { stream }, duplex: 'half' });
      assert.equal(answer.error, undefined);
      assert.equal(String(route.requests[0].body), stream.join(''));
    },
  },
  {
    id: 'a redirect is followed',
    async run({ fetch, origin }) {
      const end = origin.serve((_request, response) => response.end('end'));
      const start = origin.serve((_request, response) => response.writeHead(302, { Location: end.path }).end());
      const answer = await fetch({ url: start.url, method: 'POST', body: { text: 'gone' } });
      assert.deepEqual([answer.text, answer.url, answer.redirected], ['end', end.url, true]);
      assert.equal(end.requests[0].method, 'GET');
    },
  },
  {
    id: 'abort reaches the remote',
    async run({ fetch, origin }) {
      const route = origin.serve(() => undefined);
      const answer = await fetch({ url: route.url, abort: 400 });
      assert.equal(answer.error?.name, 'AbortError');
      const closed = await Promise.race([
        route.requests[0].closed.then(() => true),
        new Promise((resolve) => setTimeout(resolve, 1000, false)),
      ]);
      assert.ok(closed, 'the connection to the remote is still open after a second');
    },
  },
  {
    id: 'a body streams',
    async run({ fetch, origin }) {
      const route = origin.serve((_request, response) => {
        response.write('first');
        setTimeout(() => response.end('last'), 800);
      });
      const { text, arrivals, endAt } = await fetch({ url: route.url });
      assert.equal(text, 'firstlast');
      assert.ok(endAt - arrivals[0] > 400, `the first piece came at ${arrivals[0]} of ${endAt} ms`);
    },
  },
  {
    id: 'a large body is whole',
    async run({ fetch, origin }) {
      const route = origin.serve((_request, response) => response.end(Buffer.alloc(20_000_000, 'a')));
      assert.equal((await fetch({ url: route.url })).length, 20_000_000);
    },
  },
  {
    id: 'a failure has its code',
    async run({ fetch }) {
      const { error } = await fetch({ url: 'http://no-such-host.invalid/' });
      assert.deepEqual([error?.name, error?.code], ['BareError', 'HOST_NOT_FOUND']);
    },
  },
  {
    id: 'WebSocket: text and binary',
    async run({ socket, origin }) {
      const route = origin.serveSocket((webSocket) =>
        webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary })),
      );
      const result = await socket({
        url: route.url,
        send: [{ text: 'text ✓' }, { latin1: '\x00\xff' }],
        until: 2,
        close: { code: 4001, reason: 'done' },
        binaryType: 'arraybuffer',
      });
      assert.deepEqual(
        result.events.map(({ type, text, code, reason }) => [type, text ?? code, reason]),
        [
          ['open', undefined, undefined],
          ['message', 'text ✓', undefined],
          ['message', '\x00\xff', undefined],
          ['close', 4001, 'done'],
        ],
      );
      assert.equal(result.messageOrigin, new URL(route.url).origin);
    },
  },
  {
    id: 'WebSocket: refused',
    async run({ socket, origin }) {
      const route = origin.serveUpgrade((_request, remote) =>
        remote.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
      );
      const { events } = await socket({ url: route.url });
      assert.deepEqual(
        events.map(({ type, code }) => code ?? type),
        ['error', 1006],
      );
    },
  },
];
