/**
 * @module
 * Servers under WebSocket handshakes made by hand: the first message of v3, and the meta IDs of v1 and v2.
 */
import assert from 'node:assert/strict';
import { bareHeaders, delay, eventually, exchange, openSocket } from '../support/raw.mjs';

const echo = (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
const socketUrl = (cell) => `${cell.base.replace('http', 'ws')}${cell.version}/`;

/** The specification's alphabet; everything else as %XX. */
const encodeProtocol = (text) =>
  text.replace(
    /[^!#$&'*+\-.0-9A-Z^_`a-z|~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

const connectMessage = (remote, more = {}) =>
  JSON.stringify({
    type: 'connect',
    remote,
    protocols: [],
    headers: { Host: new URL(remote).host },
    forwardHeaders: [],
    ...more,
  });

/** First messages that are none: the connection has to end, and nothing may be connected. */
const badFirst = [
  ['binary', (remote) => Buffer.from(connectMessage(remote))],
  ['not JSON', () => '{oh no'],
  ['another type', (remote) => connectMessage(remote, { type: 'hello' })],
  ['protocols that are no array', (remote) => connectMessage(remote, { protocols: 5 })],
  ['an http: URL', (remote) => connectMessage(remote.replace('ws:', 'http:'))],
  ['nothing at all', () => null],
].map(([name, message]) => ({
  id: `v3 first message/${name}`,
  row: 'v3 WebSocket: a first message that is none',
  isSocket: true,
  versions: ['v3'],
  limit: 16_000,
  async observe(cell) {
    const route = cell.origin.serveSocket(echo);
    const { socket, events, closed } = openSocket(socketUrl(cell));
    socket.on('open', () => {
      const first = message(route.url);
      if (first !== null) socket.send(first);
    });
    await Promise.race([closed, delay(name === 'nothing at all' ? 11_500 : 2000)]);
    socket.terminate();
    return { events, connected: route.requests.length };
  },
  expect({ events, connected }) {
    assert.equal(connected, 0);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['open', 'close'],
    );
    // Why, for whoever debugs a client.
    assert.ok([1008, 1011].includes(events[1].code), `closed with ${events[1].code}`);
    assert.equal(JSON.parse(events[1].reason).code, 'IMPL_INVALID_SOCKET_MESSAGE');
  },
}));

export const rawSocketCases = [
  ...badFirst,
  {
    id: 'v3 tunnel',
    row: 'v3 WebSocket: open message, then messages',
    isSocket: true,
    versions: ['v3'],
    async observe(cell) {
      const route = cell.origin.serveSocket(echo, { headers: [['Set-Cookie', 'a=1']] });
      const { socket, events } = openSocket(socketUrl(cell));
      socket.on('open', () => socket.send(connectMessage(route.url)));
      await eventually(() => events.length > 1);
      socket.send('text');
      socket.send(Buffer.from([1, 2]));
      await eventually(() => events.length > 3);
      socket.terminate();
      return events.slice(0, 4);
    },
    expect(events) {
      assert.deepEqual(JSON.parse(events[1].text), { type: 'open', protocol: '', setCookies: ['a=1'] });
      assert.deepEqual(
        events.slice(2).map(({ isBinary, text }) => [isBinary, text]),
        [
          [false, 'text'],
          [true, '\x01\x02'],
        ],
      );
    },
  },
  {
    id: 'a client that goes while connecting',
    row: 'v3 WebSocket: a client that goes while it connects',
    isSocket: true,
    versions: ['v3'],
    async observe(cell) {
      const remotes = [];
      const route = cell.origin.serveUpgrade((request, socket) => {
        remotes.push(socket);
        socket.on('error', () => undefined);
        socket.resume();
      });
      const { socket } = openSocket(socketUrl(cell));
      socket.on('open', () => socket.send(connectMessage(route.url)));
      await eventually(() => remotes.length > 0);
      socket.terminate();
      const hasEnded = await eventually(
        () => remotes.every((remote) => remote.destroyed || remote.readableEnded),
        1500,
      );
      return { count: remotes.length, hasEnded };
    },
    expect: (seen) => assert.deepEqual(seen, { count: 1, hasEnded: true }),
  },
  {
    id: 'v1 tunnel',
    row: 'v1 WebSocket: encoded protocol, meta once',
    isSocket: true,
    versions: ['v1'],
    async observe(cell) {
      const route = cell.origin.serveSocket(echo, { protocol: 'chat', headers: [['Set-Cookie', 'a=1']] });
      const { hostname, port, pathname, host } = new URL(route.url);
      const created = await exchange(`${cell.base}v1/ws-new-meta`);
      const meta = {
        remote: { host: hostname, port, path: pathname, protocol: 'ws:' },
        headers: {
          Host: host,
          Upgrade: 'websocket',
          Connection: 'Upgrade',
          Origin: 'http://page.test',
          'Sec-WebSocket-Protocol': 'chat',
        },
        forward_headers: [
          'accept-encoding',
          'accept-language',
          'sec-websocket-extensions',
          'sec-websocket-key',
          'sec-websocket-version',
        ],
        id: created.text,
      };
      const { socket, events } = openSocket(socketUrl(cell), ['bare', encodeProtocol(JSON.stringify(meta))]);
      await eventually(() => events.length > 0);
      if (socket.readyState === 1) socket.send('through v1');
      await eventually(() => events.length > 1);
      socket.terminate();
      const first = await exchange(`${cell.base}v1/ws-meta`, { headers: [['X-Bare-ID', created.text]] });
      const second = await exchange(`${cell.base}v1/ws-meta`, { headers: [['X-Bare-ID', created.text]] });
      return {
        id: created.text,
        idType: created.headers?.['content-type'],
        events: events.slice(0, 2),
        meta: first.text,
        second: second.status,
        offered: route.requests[0]?.headers,
      };
    },
    expect({ id, events, meta, second }) {
      assert.match(id, /^\S{16,}$/);
      assert.deepEqual(events[0], { type: 'open', protocol: 'bare' });
      assert.equal(events[1]?.text, 'through v1');
      const { headers } = JSON.parse(meta);
      const found = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      assert.deepEqual([found['set-cookie']].flat(), ['a=1']);
      assert.equal(found['sec-websocket-protocol'], 'chat');
      // Once, and then it is gone.
      assert.ok(second >= 400);
    },
  },
  {
    id: 'v2 tunnel',
    row: 'v2 WebSocket: meta ID, meta once',
    isSocket: true,
    versions: ['v2'],
    async observe(cell) {
      const route = cell.origin.serveSocket(echo, { protocol: 'chat', headers: [['Set-Cookie', 'a=1']] });
      const headers = {
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        Origin: 'http://page.test',
        'Sec-WebSocket-Protocol': 'chat',
      };
      const created = await exchange(`${cell.base}v2/ws-new-meta`, { headers: bareHeaders('v2', route.url, headers) });
      const { socket, events } = openSocket(socketUrl(cell), [created.text]);
      await eventually(() => events.length > 0);
      if (socket.readyState === 1) socket.send('through v2');
      await eventually(() => events.length > 1, 800);
      socket.terminate();
      const first = await exchange(`${cell.base}v2/ws-meta`, { headers: [['X-Bare-ID', created.text]] });
      const second = await exchange(`${cell.base}v2/ws-meta`, { headers: [['X-Bare-ID', created.text]] });
      return { id: created.text, events: events.slice(0, 2), meta: first.headers, second: second.status };
    },
    expect({ id, events, meta, second }) {
      assert.match(id, /^\S{16,}$/);
      assert.equal(events[0]?.type, 'open');
      assert.equal(events[1]?.text, 'through v2');
      assert.equal(meta['x-bare-status'], '101');
      const found = Object.fromEntries(
        Object.entries(JSON.parse(meta['x-bare-headers'])).map(([name, value]) => [name.toLowerCase(), value]),
      );
      assert.deepEqual([found['set-cookie']].flat(), ['a=1']);
      assert.equal(found['sec-websocket-protocol'], 'chat');
      assert.ok(second >= 400);
    },
  },
  {
    id: 'addresses over WebSocket',
    row: 'addresses that are not public are refused to WebSockets',
    isSocket: true,
    versions: ['v3'],
    serverOptions: { isGuarded: true },
    async observe(cell) {
      const route = cell.origin.serveSocket(echo);
      const found = {};
      for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '[::1]', 'localhost', '2130706433']) {
        const { socket, events, closed } = openSocket(socketUrl(cell));
        socket.on('open', () => socket.send(connectMessage(`ws://${host}:${cell.origin.port}${route.path}`)));
        await Promise.race([closed, delay(1500)]);
        socket.terminate();
        found[host] = events.map(({ type }) => type).join(' ');
      }
      return { found, reached: route.requests.length };
    },
    expect({ found, reached }) {
      assert.equal(reached, 0);
      for (const [host, types] of Object.entries(found)) assert.equal(types, 'open close', host);
    },
  },
];
