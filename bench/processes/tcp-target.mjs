/**
 * @module
 * The far end of a tunnel. The first line of a connection says what it does: `echo`, `sink` (reads to the end, then says how much it
 * was), or `source <bytes>`.
 */
import { createServer } from 'node:net';
import { serve } from '../child.mjs';

const piece = Buffer.alloc(256 * 1024, 'a');

const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  let head = '';
  const readHead = (chunk) => {
    const text = chunk.toString('latin1');
    const end = text.indexOf('\n');
    head += end < 0 ? text : text.slice(0, end);
    if (end < 0) return;
    socket.off('data', readHead);
    socket.pause();
    if (end + 1 < chunk.length) socket.unshift(chunk.subarray(end + 1));
    act(socket, ...head.split(' '));
    socket.resume();
  };
  socket.on('data', readHead);
});

function act(socket, what, bytes) {
  if (what === 'echo') return void socket.pipe(socket);
  if (what === 'sink') {
    let length = 0;
    socket.on('data', (chunk) => (length += chunk.length));
    return void socket.on('end', () => socket.end(String(length)));
  }
  let left = Number(bytes);
  const more = () => {
    while (left > 0) {
      const chunk = piece.subarray(0, Math.min(left, piece.length));
      left -= chunk.length;
      if (!socket.write(chunk)) return void socket.once('drain', more);
    }
    socket.end();
  };
  more();
}

serve({
  start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port))),
});
