/**
 * @module
 * WebSockets through a Bare server, as the caller sees them and as the remote does.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { delay, eventually } from '../support/raw.mjs';

const echo = (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
const types = (result) => result.events.map(({ type }) => type);
const messages = (result) => result.events.filter(({ type }) => type === 'message');

const echoes = [
  ['text', { text: 'h\xe4ll\xf6 \u2713' }, { kind: 'text', text: 'h\xe4ll\xf6 \u2713' }],
  ['binary', { latin1: '\x00\x01\xfe\xff' }, { kind: 'binary', text: '\x00\x01\xfe\xff' }],
  ['empty text', { text: '' }, { kind: 'text', length: 0 }],
  ['empty binary', { length: 0 }, { kind: 'binary', length: 0 }],
  ['1 MB of text', { textLength: 1 << 20 }, { kind: 'text', length: 1 << 20 }],
  ['1 MB of binary', { length: 1 << 20 }, { kind: 'binary', length: 1 << 20 }],
].map(([name, message, expected]) => ({
  id: `ws/${name}`,
  row: 'WebSocket: text, binary, empty, 1 MB',
  isSocket: true,
  observe: (cell) => {
    const route = cell.origin.serveSocket(echo);
    return cell.socket({ url: route.url, send: [message], until: 1, binaryType: 'arraybuffer' });
  },
  expect(result, { client }) {
    assert.equal(result.error, undefined);
    const [message] = messages(result);
    assert.ok(message, `no message: ${JSON.stringify(result.events)}`);
    // A transport chooses the form of binary data by itself.
    const kind = client === 'bare-as-module3' && message.kind === 'blob' ? 'binary' : message.kind;
    for (const [name, value] of Object.entries(expected)) assert.equal({ ...message, kind }[name], value);
  },
}));

export const webSocketCases = [
  ...echoes,
  {
    id: 'ws/fragmented and ping',
    row: 'WebSocket: fragments, ping',
    isSocket: true,
    observe: (cell) => {
      const route = cell.origin.serveSocket((socket) => {
        socket.on('message', () => {
          socket.ping();
          socket.send('one ', { fin: false });
          socket.send('two ', { fin: false });
          socket.send('three', { fin: true });
        });
      });
      return cell.socket({ url: route.url, send: [{ text: 'go' }], until: 1 });
    },
    expect(result) {
      assert.deepEqual(
        messages(result).map(({ text }) => text),
        ['one two three'],
      );
    },
  },
  {
    id: 'ws/subprotocol',
    row: 'WebSocket: subprotocol',
    isSocket: true,
    async observe(cell) {
      const route = cell.origin.serveSocket(echo, { protocol: 'two' });
      const result = await cell.socket({ url: route.url, protocols: ['one', 'two'], until: 0 });
      return {
        result,
        offered: route.requests[0]?.headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1],
      };
    },
    expect({ result, offered }) {
      assert.equal(result.events[0]?.type, 'open');
      assert.equal(result.events[0].protocol, 'two');
      assert.equal(offered.replaceAll(' ', ''), 'one,two');
    },
  },
  {
    id: 'ws/no subprotocol',
    row: 'WebSocket: subprotocol',
    isSocket: true,
    observe: (cell) => cell.socket({ url: cell.origin.serveSocket(echo).url, until: 0 }),
    expect(result) {
      assert.equal(result.events[0]?.type, 'open');
      assert.equal(result.events[0].protocol ?? '', '');
    },
  },
  ...[0, 1, 2].map((count) => ({
    id: `ws/${count} cookies`,
    row: 'WebSocket: cookies of the handshake',
    isSocket: true,
    clients: ['ours', 'client-2.1.0', 'client-1.1.1'],
    observe: (cell) => {
      const lines = ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2'].slice(0, count);
      const route = cell.origin.serveSocket(echo, { headers: lines.map((line) => ['Set-Cookie', line]) });
      return cell.socket({ url: route.url, send: [{ text: 'x' }], until: 1 });
    },
    expect(result) {
      assert.deepEqual(result.setCookies ?? [], ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2'].slice(0, count));
    },
  })),
  {
    id: 'ws/request headers',
    row: 'WebSocket: headers of the handshake',
    isSocket: true,
    async observe(cell) {
      const route = cell.origin.serveSocket(echo);
      const { host } = new URL(route.url);
      const headers = { Host: host, Origin: 'http://page.test', 'User-Agent': 'interop', Cookie: 'a=1' };
      const result = await cell.socket({ url: route.url, headers, until: 0 });
      return { result, host, seen: route.requests };
    },
    expect({ result, host, seen }) {
      assert.equal(result.events[0]?.type, 'open');
      const found = Object.fromEntries(seen[0].headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal(found.host, host);
      assert.equal(found.origin, 'http://page.test');
      assert.equal(found['user-agent'], 'interop');
      assert.equal(found.cookie, 'a=1');
    },
  },
  {
    id: 'ws/early message of the remote',
    row: 'WebSocket: early messages are kept',
    isSocket: true,
    observe: (cell) => {
      // In one packet with the handshake, which is how they come from a remote that is quick.
      const route = cell.origin.serveUpgrade((request, socket) =>
        socket.write(Buffer.concat([handshake(request), textFrame('first'), textFrame('second')])),
      );
      return cell.socket({ url: route.url, until: 2, timeout: 1500 });
    },
    expect(result) {
      assert.deepEqual(types(result).slice(0, 3), ['open', 'message', 'message']);
      assert.deepEqual(
        messages(result).map(({ text }) => text),
        ['first', 'second'],
      );
    },
  },
  {
    id: 'ws/sent at open',
    row: 'WebSocket: early messages are kept',
    isSocket: true,
    observe: (cell) =>
      cell.socket({
        url: cell.origin.serveSocket(echo).url,
        send: [{ text: '1' }, { text: '2' }, { text: '3' }],
        until: 3,
      }),
    expect(result) {
      assert.deepEqual(
        messages(result).map(({ text }) => text),
        ['1', '2', '3'],
      );
    },
  },
  ...[
    ['refused by 403', (socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')],
    ['dropped', (socket) => socket.destroy()],
    ['answered as a page', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')],
  ].map(([name, act]) => ({
    id: `ws/${name}`,
    row: 'WebSocket: refused by the remote',
    isSocket: true,
    unless: neverCloses,
    observe: (cell) =>
      cell.socket({ url: cell.origin.serveUpgrade((_request, socket) => act(socket)).url, timeout: 3000 }),
    expect: failsLikeNative,
  })),
  {
    id: 'ws/unreachable',
    row: 'WebSocket: refused by the remote',
    isSocket: true,
    unless: neverCloses,
    observe: (cell) => cell.socket({ url: 'ws://127.0.0.1:1/', timeout: 3000 }),
    expect: failsLikeNative,
  },
  {
    id: 'ws/the page closes',
    row: 'WebSocket: either side closes',
    isSocket: true,
    async observe(cell) {
      let closed = null;
      const route = cell.origin.serveSocket((socket) => socket.on('close', (code) => (closed = code)));
      const result = await cell.socket({ url: route.url, until: 0, close: { code: 4001, reason: 'done' } });
      await eventually(() => closed !== null, 1500);
      return { result, closed };
    },
    expect({ result, closed }) {
      // The protocol ignores codes; that it ends is what counts.
      assert.equal(types(result).at(-1), 'close');
      assert.notEqual(closed, null, 'the remote still has a connection');
    },
  },
  {
    id: 'ws/the remote closes',
    row: 'WebSocket: either side closes',
    isSocket: true,
    observe: (cell) => {
      const route = cell.origin.serveSocket((socket) => setTimeout(() => socket.close(4002, 'bye'), 50));
      return cell.socket({ url: route.url, timeout: 2000 });
    },
    expect(result) {
      assert.deepEqual(types(result), ['open', 'close']);
    },
  },
  {
    id: 'ws/close codes are kept',
    row: 'WebSocket: close codes are kept (beyond the protocol)',
    isSocket: true,
    versions: ['v3'],
    servers: ['ours'],
    async observe(cell) {
      let closed = null;
      const route = cell.origin.serveSocket((socket) =>
        socket.on('close', (code, reason) => (closed = { code, reason: String(reason) })),
      );
      const mine = await cell.socket({ url: route.url, until: 0, close: { code: 4001, reason: 'done' } });
      await eventually(() => closed !== null, 1500);
      const ending = cell.origin.serveSocket((socket) => setTimeout(() => socket.close(4002, 'bye'), 50));
      const theirs = await cell.socket({ url: ending.url, timeout: 2000 });
      return { mine: mine.events.at(-1), closed, theirs: theirs.events.at(-1) };
    },
    expect({ mine, closed, theirs }) {
      assert.deepEqual(closed, { code: 4001, reason: 'done' });
      assert.equal(mine.code, 4001);
      assert.equal(theirs.code, 4002);
      assert.equal(theirs.reason, 'bye');
    },
  },
  {
    id: 'ws/the remote drops the connection',
    row: 'WebSocket: either side drops',
    isSocket: true,
    observe: (cell) => {
      const route = cell.origin.serveSocket((socket) => setTimeout(() => socket.terminate(), 50));
      return cell.socket({ url: route.url, timeout: 2000 });
    },
    expect(result) {
      assert.equal(types(result)[0], 'open');
      assert.equal(types(result).at(-1), 'close');
    },
  },
  {
    id: 'ws/states',
    row: 'WebSocket: an object like the native one',
    isSocket: true,
    clients: ['ours', 'client-2.1.0', 'client-1.1.1'],
    async observe(cell) {
      const route = cell.origin.serveSocket(echo);
      const result = await cell.socket({
        url: route.url,
        send: [{ text: 'x' }],
        until: 1,
        close: { code: 1000, reason: '' },
      });
      await delay(0);
      return { result, url: route.url };
    },
    expect({ result, url }) {
      assert.equal(result.atStart?.readyState, 0);
      assert.equal(result.atStart.url, url);
      assert.equal(result.sendAtStart, 'InvalidStateError');
      assert.equal(result.atOpen.readyState, 1);
      assert.equal(result.atOpen.url, url);
      assert.equal(result.events.at(-1).type, 'close');
      assert.equal(result.events.at(-1).readyState, 3);
    },
  },
];

/** RFC 6455, section 4.2.2. */
function handshake(request) {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** Section 5.2: final, text, unmasked, short. */
function textFrame(text) {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}

/** v1 and v2 refuse the handshake itself, and bare-client 1.1.1 has no other WebSocket than Node's. */
function neverCloses({ client, engine }) {
  const isNodes = client === 'client-1.1.1' && engine === 'node';
  return isNodes ? "Node 20's own WebSocket gives no close event for a handshake that fails" : null;
}

/** What a page sees of a handshake that fails: an error, then 1006, and no open. */
function failsLikeNative(result) {
  assert.deepEqual(types(result), ['error', 'close']);
  assert.equal(result.events.at(-1).code, 1006);
}
