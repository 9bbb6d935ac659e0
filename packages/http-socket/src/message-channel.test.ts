import { expect, it, onTestFinished } from 'vitest';
import type { HttpSocketError } from './errors.js';
import { HttpWebSocket, type HttpWebSocketEvent } from './http-web-socket.js';
import { startSocketServer } from './local-servers.test-support.js';
import {
  FrameDecoder,
  MessageChannel,
  serializeFrame,
  type Frame,
  type MessageChannelHandlers,
} from './message-channel.js';
import { openMessageChannelOnDuplex } from './node/index.js';
import { createDuplexPair } from './server/index.js';
import { startUnreliableProxy, someFaults } from './unreliable-proxy.test-support.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface Recorded {
  channel: MessageChannel;
  events: unknown[];
}

function record(events: unknown[]): MessageChannelHandlers {
  return {
    message: (data) => events.push(typeof data === 'string' ? data : `bytes ${hex(new Uint8Array(data))}`),
    close: (code, reason, wasClean, error) => events.push([code, reason, wasClean, error?.code ?? null]),
  };
}

/** Two channels on one stream. */
function connected(options: { maxPayload?: number; closeTimeout?: number } = {}): [Recorded, Recorded] {
  const ends = createDuplexPair().map((duplex) => {
    const events: unknown[] = [];
    return { channel: openMessageChannelOnDuplex(duplex, record(events), options), events };
  });
  return ends as [Recorded, Recorded];
}

it('writes type, length and payload', () => {
  expect(hex(serializeFrame('text', Buffer.from('hi')))).toBe('01000000026869');
  expect(hex(serializeFrame('binary', new Uint8Array(258)).subarray(0, 5))).toBe('0200000102');
  expect(hex(serializeFrame('close', new Uint8Array()))).toBe('0800000000');
});

it('reads frames split at any byte', () => {
  const stream = Buffer.concat([
    serializeFrame('text', Buffer.from('one')),
    serializeFrame('ping', new Uint8Array()),
    serializeFrame('binary', new Uint8Array([1, 2, 3, 4])),
    serializeFrame('close', Buffer.from([3, 232])),
  ]);
  const decodeIn = (chunks: Uint8Array[]): string[] => {
    const decoder = new FrameDecoder();
    const frames: Frame[] = chunks.flatMap((chunk) => [...decoder.decode(chunk)]);
    expect(decoder.isBetweenFrames).toBe(true);
    return frames.map(({ type, payload }) => `${type} ${hex(payload)}`);
  };
  const whole = ['text 6f6e65', 'ping ', 'binary 01020304', 'close 03e8'];
  for (let split = 0; split <= stream.length; split += 1) {
    expect(decodeIn([stream.subarray(0, split), stream.subarray(split)])).toEqual(whole);
  }
  expect(decodeIn([...stream].map((byte) => new Uint8Array([byte])))).toEqual(whole);
});

it('carries text and bytes of any length, also none, in order and both ways', async () => {
  const [one, other] = connected();
  one.channel.send('text \u2713');
  one.channel.send('');
  one.channel.send(new Uint8Array([0, 255]));
  one.channel.send(new ArrayBuffer(0));
  one.channel.send(new Uint8Array([9, 8, 7]).subarray(1));
  other.channel.send('back');
  await expect.poll(() => other.events).toEqual(['text \u2713', '', 'bytes 00ff', 'bytes ', 'bytes 0807']);
  expect(one.events).toEqual(['back']);
  await expect.poll(() => one.channel.bufferedAmount).toBe(0);
});

it('closes with code and reason on both ends', async () => {
  const [one, other] = connected();
  one.channel.send('before');
  one.channel.close(4001, 'done \u2713');
  one.channel.send('after');
  await expect.poll(() => other.events).toEqual(['before', [4001, 'done \u2713', true, null]]);
  await expect.poll(() => one.events).toEqual([[4001, 'done \u2713', true, null]]);
});

it('gives 1005 for a close without code, and cuts a reason between characters', async () => {
  const [one, other] = connected();
  one.channel.close();
  await expect.poll(() => other.events).toEqual([[1005, '', true, null]]);
  const [first, second] = connected();
  first.channel.close(1000, 'x' + '\u2713'.repeat(60));
  await expect.poll(() => second.events).toEqual([[1000, 'x' + '\u2713'.repeat(40), true, null]]);
});

it('gives 1006 when the stream ends without a close, or the other end does not answer one', async () => {
  const [duplex, peer] = createDuplexPair();
  const events: unknown[] = [];
  openMessageChannelOnDuplex(duplex, record(events));
  peer.end();
  peer.on('error', () => undefined);
  await expect.poll(() => events).toEqual([[1006, '', false, null]]);
  const [ours, silent] = createDuplexPair();
  silent.on('error', () => undefined).resume();
  const late: unknown[] = [];
  openMessageChannelOnDuplex(ours, record(late), { closeTimeout: 50 }).close(1000);
  await expect.poll(() => late).toEqual([[1006, '', false, null]]);
});

it('closes on frames that it cannot read, naming offset and field', () => {
  const fail = (bytes: number[]): [unknown[], HttpSocketError | null] => {
    let failure: HttpSocketError | null = null;
    const events: unknown[] = [];
    const channel = new MessageChannel(
      { write: () => Promise.resolve(), end: () => undefined, abort: () => events.push('abort') },
      {
        message: (data) => events.push(data),
        close: (code, _reason, wasClean, error) => {
          events.push([code, wasClean]);
          failure = error;
        },
      },
      { maxPayload: 1000 },
    );
    channel.receive(new Uint8Array(bytes));
    channel.receive(new Uint8Array([1, 0, 0, 0, 0]));
    return [events, failure];
  };
  const good = [1, 0, 0, 0, 1, 97];
  const [unknown, unknownError] = fail([...good, 3, 0, 0, 0, 0]);
  expect(unknown).toEqual(['a', 'abort', [1002, false]]);
  expect(unknownError).toMatchObject({ code: 'HTTP_SOCKET_BAD_FRAME', field: 'type', offset: 6 });
  const [large, largeError] = fail([...good, 2, 255, 255, 255, 255]);
  expect(large).toEqual(['a', 'abort', [1009, false]]);
  expect(largeError).toMatchObject({ code: 'HTTP_SOCKET_FRAME_TOO_LARGE', field: 'length', offset: 7 });
  expect(fail([1, 0, 0, 0, 1, 255])[1]).toMatchObject({ code: 'HTTP_SOCKET_BAD_FRAME', field: 'text' });
  expect(fail([8, 0, 0, 0, 1, 3])[1]).toMatchObject({ code: 'HTTP_SOCKET_BAD_FRAME', field: 'close' });
});

it('stands in for the WebSocket class over a bad path', { timeout: 30_000 }, async () => {
  const server = await startSocketServer({
    connect: () => {
      const [ours, theirs] = createDuplexPair();
      const channel: MessageChannel = openMessageChannelOnDuplex(theirs, {
        message: (data) => channel.send(data),
        close: () => undefined,
      });
      return ours;
    },
  });
  const proxy = await startUnreliableProxy(server.url, { ...someFaults, swallow: 0 }, 5);
  const socket = new HttpWebSocket(proxy.url.replace('http:', 'ws:'), [], { pollTimeout: 1000 });
  onTestFinished(() => socket.close());
  socket.binaryType = 'arraybuffer';
  const events: HttpWebSocketEvent[] = [];
  for (const type of ['open', 'message', 'error', 'close'])
    socket.addEventListener(type, (event) => events.push(event));
  expect(() => socket.send('early')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
  await expect.poll(() => socket.readyState, { timeout: 5000 }).toBe(HttpWebSocket.OPEN);
  const sent = Array.from({ length: 50 }, (_value, index) => `message ${index}`);
  for (const message of sent) socket.send(message);
  socket.send(new Uint8Array([1, 2, 3]));
  const changed = new Uint8Array([4]);
  socket.send(new Blob([new Uint8Array([9, 9])]));
  socket.send(changed);
  changed[0] = 5;
  socket.send('after the Blob');
  await expect.poll(() => events.length, { timeout: 20_000 }).toBe(55);
  expect(events.slice(1, 51).map(({ data }) => data)).toEqual(sent);
  expect(new Uint8Array(events[51]!.data as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  expect(new Uint8Array(events[52]!.data as ArrayBuffer)).toEqual(new Uint8Array([9, 9]));
  expect(new Uint8Array(events[53]!.data as ArrayBuffer)).toEqual(new Uint8Array([4]));
  expect(events[54]!.data).toBe('after the Blob');
  socket.close(1000, 'bye');
  await expect
    .poll(() => events.at(-1), { timeout: 5000 })
    .toEqual({ type: 'close', code: 1000, reason: 'bye', wasClean: true });
  expect(socket.readyState).toBe(HttpWebSocket.CLOSED);
  await expect.poll(() => server.sockets.sessionCount, { timeout: 5000 }).toBe(0);
});

it('tells a WebSocket that could not be opened by error and close', async () => {
  const socket = new HttpWebSocket('ws://127.0.0.1:1/', [], { openTimeout: 200 });
  const events: HttpWebSocketEvent[] = [];
  socket.onerror = socket.onclose = (event) => events.push(event);
  await expect.poll(() => events.length, { timeout: 4000 }).toBe(2);
  expect(events[0]).toMatchObject({ type: 'error', error: { code: 'HTTP_SOCKET_UNREACHABLE' } });
  expect(events[1]).toEqual({ type: 'close', code: 1006, reason: '', wasClean: false });
});
