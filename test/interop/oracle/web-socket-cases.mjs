/**
 * @module
 * WebSockets that a page must not be able to tell from native ones.
 */

const echo = (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
const refusing = (text) => (_request, socket) => socket.end(text);

/** `open` is the remote's side; `upgrade` its handshake instead; `isRace` when it depends on the moment what reaches the remote. */
export const webSocketCases = [
  { id: 'shape', open: echo, request: { shape: true, until: 0 } },
  { id: 'text', open: echo, request: { send: [{ text: '\u2713' }, { text: '' }], until: 2 } },
  { id: 'a Blob', open: echo, request: { send: [{ latin1: '\x00\xff' }], until: 1 } },
  {
    id: 'an ArrayBuffer',
    open: echo,
    request: { send: [{ latin1: '\x00\xff' }], until: 1, binaryType: 'arraybuffer' },
  },
  { id: 'empty binary', open: echo, request: { send: [{ length: 0 }], until: 1, binaryType: 'arraybuffer' } },
  { id: '1 MB', open: echo, request: { send: [{ length: 1 << 20 }], until: 1, binaryType: 'arraybuffer' } },
  {
    id: 'many',
    open: echo,
    request: { send: Array.from({ length: 200 }, (_, index) => ({ text: String(index) })), until: 200 },
  },
  { id: 'subprotocol', open: echo, protocol: 'two', request: { protocols: ['one', 'two'], until: 0 } },
  { id: 'subprotocol as a string', open: echo, protocol: 'one', request: { protocols: 'one', until: 0 } },
  { id: 'subprotocol, none chosen', open: echo, request: { protocols: ['one'], until: 0 } },
  {
    id: 'subprotocol, one that was not offered',
    open: echo,
    protocol: 'three',
    request: { protocols: ['one'], timeout: 2000, until: 0 },
  },
  { id: 'subprotocol, chosen but not asked for', open: echo, protocol: 'three', request: { timeout: 2000, until: 0 } },
  { id: 'refused by 403', upgrade: refusing('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'), request: {} },
  { id: 'answered as a page', upgrade: refusing('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), request: {} },
  {
    id: 'redirected',
    upgrade: refusing('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'),
    request: {},
  },
  {
    id: 'wrong accept',
    upgrade: refusing(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
    ),
    request: {},
  },
  { id: 'dropped', upgrade: (_request, socket) => socket.destroy(), request: {} },
  { id: 'unreachable', url: 'ws://127.0.0.1:1/', request: {} },
  { id: 'early messages', open: (socket) => (socket.send('1'), socket.send('2')), request: { until: 2 } },
  {
    id: 'early message, then the end',
    open: (socket) => (socket.send('1'), socket.close(4000, 'that was it')),
    request: {},
  },
  { id: 'the page closes', open: echo, request: { until: 0 } },
  { id: 'the page closes with a code', open: echo, request: { until: 0, close: { code: 4001, reason: 'd\xf6ne' } } },
  { id: 'the page closes with 1000', open: echo, request: { until: 0, close: { code: 1000 } } },
  { id: 'the page closes at once', isRace: true, open: echo, request: { closeAtStart: true } },
  {
    id: 'the page closes at once with a code',
    isRace: true,
    open: echo,
    request: { closeAtStart: true, close: { code: 4001, reason: 'never mind' } },
  },
  { id: 'the remote closes', open: (socket) => setTimeout(() => socket.close(), 30), request: {} },
  {
    id: 'the remote closes with a code',
    open: (socket) => setTimeout(() => socket.close(4002, 'bye'), 30),
    request: {},
  },
  { id: 'the remote closes with 1001', open: (socket) => setTimeout(() => socket.close(1001), 30), request: {} },
  { id: 'the remote closes with 1011', open: (socket) => setTimeout(() => socket.close(1011, 'oh'), 30), request: {} },
  { id: 'the remote drops', open: (socket) => setTimeout(() => socket.terminate(), 30), request: {} },
  {
    id: 'the remote breaks the protocol',
    open: (socket) => setTimeout(() => socket._socket.write(Buffer.from([0xff, 0x02, 0x61, 0x61])), 30),
    request: {},
  },
  {
    id: 'close codes that are none',
    open: echo,
    request: { until: 0, badClose: [[999], [1001], [2999], [5000], [1000, 'x'.repeat(124)], [Number.NaN]] },
  },
  { id: 'not a URL', url: 'ws://[', request: {} },
  { id: 'another scheme', url: 'ftp://127.0.0.1/', request: {} },
  { id: 'a fragment', url: 'ws://127.0.0.1:1/#top', request: {} },
  { id: 'http: URL', open: echo, change: (url) => url.replace('ws:', 'http:'), request: { until: 0 } },
  { id: 'subprotocol twice', open: echo, request: { protocols: ['a', 'a'] } },
  { id: 'subprotocol that is none', open: echo, request: { protocols: ['a b'] } },
  { id: 'empty subprotocol', open: echo, request: { protocols: [''] } },
];
