import { expect, it } from 'vitest';
import { frame } from '../http2-frames.test-support.js';
import { FrameReader, type FrameHeader, type Verdict } from './frame-reader.js';

const increment = Buffer.from([0x80, 0, 1, 2]);
const frames = [
  frame(0x1, 0x4, 1, Buffer.from('headers')),
  frame(0x4, 0x1, 0),
  frame(0x8, 0, 0, increment),
  frame(0x0, 0, 1, Buffer.alloc(40, 'd')),
  frame(0x6, 0x1, 0, Buffer.alloc(8, 'p')),
  frame(0x0, 0x1, 0x8000_0003, Buffer.alloc(0)),
  frame(0x7, 0, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 5, ...Buffer.from('why')])),
  frame(0x7, 0, 0, Buffer.alloc(3)),
];
const all = Buffer.concat(frames);

function readAll(chunks: readonly Buffer[], judge: (frame: FrameHeader) => Verdict = () => 'pass') {
  const [seen, passed]: [FrameHeader[], Buffer[]] = [[], []];
  const reader = new FrameReader(
    (one) => {
      seen.push({ ...one });
      return judge(one);
    },
    (bytes) => void passed.push(bytes),
  );
  for (const chunk of chunks) reader.read(chunk);
  reader.end();
  return { seen, passed };
}

const cutAt = (at: number): Buffer[] => [all.subarray(0, at), all.subarray(at)];
const everyByte = Array.from(all, (byte) => Buffer.from([byte]));

it('reads the header of every frame, and passes every byte, wherever they are cut', () => {
  const whole = readAll([all]).seen;
  expect(whole.map(({ type, length, stream }) => [type, length, stream])).toEqual([
    [0x1, 7, 1],
    [0x4, 0, 0],
    [0x8, 4, 0],
    [0x0, 40, 1],
    [0x6, 8, 0],
    [0x0, 0, 3],
    [0x7, 11, 0],
    [0x7, 3, 0],
  ]);
  expect(whole[2]!.value).toBe(0x0102);
  expect(whole.slice(6).map(({ value }) => value)).toEqual([5, 0]);
  for (const chunks of [...Array.from(all.keys(), cutAt), everyByte]) {
    const { seen, passed } = readAll(chunks);
    expect(seen).toEqual(whole);
    expect(Buffer.concat(passed).equals(all)).toBe(true);
  }
});

it.each([0x6, 0x8, 0x4])('leaves frames of type %d out, wherever they are cut', (type) => {
  const rest = Buffer.concat(frames.filter((bytes) => bytes[3] !== type));
  for (const chunks of [[all], ...Array.from(all.keys(), cutAt), everyByte]) {
    const { passed } = readAll(chunks, (one) => (one.type === type ? 'drop' : 'pass'));
    expect(Buffer.concat(passed).equals(rest)).toBe(true);
  }
});

it('passes and reads nothing from a frame on that stops it', () => {
  const before = Buffer.concat(frames.slice(0, 3));
  for (const chunks of [[all], ...Array.from(all.keys(), cutAt), everyByte]) {
    const { passed, seen } = readAll(chunks, (one) => (one.length === 40 ? 'stop' : 'pass'));
    expect(Buffer.concat(passed).equals(before)).toBe(true);
    expect(seen).toHaveLength(4);
  }
});

it('passes what there is of a header when the connection ends', () => {
  expect(Buffer.concat(readAll([all.subarray(0, 20)]).passed)).toEqual(all.subarray(0, 20));
});

it('passes a chunk that needs no cut as it is, and never copies a payload', () => {
  const large = frame(0x0, 0, 1, Buffer.alloc(1000));
  const { passed } = readAll([large, large.subarray(0, 500), large.subarray(500)]);
  expect(passed[0]).toBe(large);
  expect(passed[2]!.buffer).toBe(large.buffer);
});
