/**
 * @module
 * What remotes do in a run of faults.
 */
import type { Socket } from 'node:net';

export const small = 'a'.repeat(300);
export const large = Buffer.alloc(1_300_000, 'b');
const head = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

/** What a remote does with a request, by the name in its path. Those that begin with ok answer rightly. */
export const remotes: Readonly<Record<string, (socket: Socket) => void>> = {
  'ok-small': (socket) => socket.write(head(small.length) + small),
  'ok-large': (socket) => {
    socket.write(head(large.length));
    socket.write(large);
  },
  'ok-chunked': (socket) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n${small}\r\n0\r\nTrailer-Field: 1\r\n\r\n`,
    ),
  'ok-early': (socket) =>
    socket.write(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${head(small.length)}${small}`,
    ),
  'ok-close': (socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${small}`),
  'ok-slow': (socket) => {
    socket.write(head(small.length) + small.slice(0, 100));
    setTimeout(() => socket.write(small.slice(100)), 30);
  },
  'reset-first': (socket) => socket.resetAndDestroy(),
  'end-first': (socket) => socket.end(),
  'cut-head': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'reset-head': (socket) => socket.write('HTTP/1.1 200 OK\r\nX: ', () => socket.resetAndDestroy()),
  garbage: (socket) => socket.end(Buffer.from([0, 255, 13, 10, 13, 10, 1, 2, 3])),
  'bad-status': (socket) => socket.end('HTTP/1.1 abc\r\n\r\n'),
  'bad-chunk': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n'),
  'two-lengths': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'),
  'huge-head': (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(400_000)}\r\n\r\n`),
  'cut-body': (socket) => socket.end(head(1000) + small),
  'reset-body': (socket) => socket.write(head(1000) + small, () => socket.resetAndDestroy()),
  'cut-chunked': (socket) => socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n${small}\r\n`),
  'cut-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.end(large);
  },
  'reset-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.write(large, () => socket.resetAndDestroy());
  },
  'stall-head': () => undefined,
  'stall-body': (socket) => socket.write(head(1000) + small),
  'stall-large': (socket) => {
    socket.write(head(large.length * 2));
    socket.write(large);
  },
  'switch-unasked': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
};
