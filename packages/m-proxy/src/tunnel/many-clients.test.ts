import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { closing, connectTo, listen, startDevice, startRelay } from './local-tunnel.test-support.js';

/** How much all clients move together; set to 1024 for the measurement of the README. */
const megabytes = Number(process.env.CULVERT_TUNNEL_MB ?? 200);

it(`moves ${megabytes} MB of 50 clients to two devices in flat memory while one client stalls`, async () => {
  const { url, relay } = await startRelay({
    one: { device: 'one', ports: [0] },
    two: { device: 'two', ports: [0] },
  });
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  const to = await listen(echo);
  const devices = await Promise.all(
    ['one', 'two'].map((token) => startDevice({ relay: url, tokens: [token], expose: [{ to }] })),
  );
  const ports = devices.map(({ registered }) => registered[0]!.ports[0]!.port);

  const block = randomBytes(64 * 1024);
  // Sends all it can and never reads.
  const stalled = connectTo(ports[0]!);
  stalled.pause();
  let stalledSent = 0;
  const push = (): void => {
    do {
      stalledSent += block.byteLength;
    } while (stalled.write(block));
  };
  stalled.on('drain', push);
  push();

  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  const blocks = Math.ceil((megabytes * 16) / 50);
  const started = Date.now();
  await Promise.all(Array.from({ length: 50 }, (_, index) => moveThrough(ports[index % 2]!, block, blocks)));
  clearInterval(watch);
  const seconds = (Date.now() - started) / 1000;
  const total = (50 * blocks * block.byteLength) / 1e6;
  console.log(
    `${total.toFixed(0)} MB each way in ${seconds.toFixed(1)} s, ${(total / seconds).toFixed(0)} MB/s; ` +
      `memory ${(before / 1e6).toFixed(0)} MB, at most ${(peak / 1e6).toFixed(0)} MB; the stalled client sent ${(stalledSent / 1e6).toFixed(1)} MB`,
  );

  // Relay, devices, echo and clients are all in this process: bounded by buffers, not by what was moved.
  expect(peak - before).toBeLessThan(250e6);
  expect(stalled.destroyed).toBe(false);
  expect(relay.devices().map(({ clients }) => clients)).toEqual([1, 0]);
  const gone = closing(stalled);
  stalled.destroy();
  await gone;
}, 300_000);

/** Sends blocks, ends, and compares what comes back. */
async function moveThrough(port: number, block: Buffer, blocks: number): Promise<void> {
  const socket = connectTo(port);
  const sent = createHash('sha1');
  const received = createHash('sha1');
  socket.on('data', (chunk: Buffer) => received.update(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('end', resolve);
    socket.on('close', () => reject(new Error('closed before its end')));
  });
  for (let turn = 0; turn < blocks; turn++) {
    // Each block is another, so that bytes out of order would show.
    const start = (turn * 7919) % block.byteLength;
    const turned = Buffer.concat([block.subarray(start), block.subarray(0, start)]);
    sent.update(turned);
    if (!socket.write(turned)) {
      await Promise.race([once(socket, 'drain'), ended]);
    }
  }
  socket.end();
  await ended;
  expect(received.digest('hex')).toBe(sent.digest('hex'));
}
