/**
 * @module
 * Drives a stream to `tcp-target.mjs`: a plain socket, or an HTTP socket when it is given a URL.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { parameter, serve } from '../child.mjs';

const { module } = parameter();
const piece = Buffer.alloc(256 * 1024, 'a');

async function open(target, head) {
  let socket;
  if (typeof target === 'number') {
    socket = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  } else {
    const { connectHttpSocket } = await import(module);
    socket = connectHttpSocket(target, { allowHalfOpen: true });
  }
  await once(socket, 'connect');
  socket.write(`${head}\n`);
  return socket;
}

const megabytesPerSecond = (length, started) => length / 1e6 / ((performance.now() - started) / 1000);

serve({
  /** MB/s of so many streams at a time. */
  async download({ target, length, streams = 1 }) {
    const started = performance.now();
    const one = async () => {
      const socket = await open(target, `source ${length}`);
      let received = 0;
      socket.on('data', (chunk) => (received += chunk.length));
      await once(socket, 'end');
      socket.end();
      if (received !== length) throw new Error(`${received} bytes came, not ${length}.`);
    };
    await Promise.all(Array.from({ length: streams }, one));
    return megabytesPerSecond(length * streams, started);
  },
  async upload({ target, length, streams = 1 }) {
    const started = performance.now();
    const one = async () => {
      const socket = await open(target, 'sink');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk));
      for (let left = length; left > 0; left -= piece.length) {
        if (!socket.write(piece.subarray(0, Math.min(left, piece.length)))) await once(socket, 'drain');
      }
      socket.end();
      await once(socket, 'end');
      if (Number(answer) !== length) throw new Error(`${answer} bytes went, not ${length}.`);
    };
    await Promise.all(Array.from({ length: streams }, one));
    return megabytesPerSecond(length * streams, started);
  },
  /** Milliseconds of round trips of 16 bytes, one after the other. */
  async latencies({ target, count }) {
    const socket = await open(target, 'echo');
    const times = [];
    for (let turn = 0; turn < count; turn++) {
      const started = performance.now();
      socket.write(piece.subarray(0, 16));
      for (let received = 0; received < 16;) received += (await once(socket, 'data'))[0].length;
      times.push(performance.now() - started);
    }
    socket.destroy();
    return times;
  },
});
