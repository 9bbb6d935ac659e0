import { expect, it } from 'vitest';
import { seededRandom } from '../unreliable-proxy.test-support.js';
import { firstUncovered } from './byte-ranges.js';
import { parseCount, parseErrorMessage, serializeErrorMessage } from './header-names.js';
import { Reassembly } from './reassembly.js';
import { joinBytes, RetainedBytes } from './retained-bytes.js';

const source = Uint8Array.from({ length: 5000 }, (_value, index) => (index * 31 + (index >> 8)) & 255);

it('puts overlapping and repeated ranges in any order back together', () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  for (let round = 0; round < 30; round += 1) {
    const reassembly = new Reassembly();
    const ready: Uint8Array[] = [];
    while (reassembly.next < source.length) {
      const start = Math.max(0, Math.floor(random() * (source.length + 400)) - 400);
      const end = Math.min(source.length, start + Math.floor(random() * 800));
      ready.push(...reassembly.accept(start, source.subarray(start, end)).ready);
      expect(reassembly.heldBytes).toBeLessThanOrEqual(source.length - reassembly.next);
    }
    expect(Buffer.compare(joinBytes(ready), source)).toBe(0);
    expect([reassembly.heldBytes, reassembly.firstHeld]).toEqual([0, null]);
  }
});

it('takes nothing beyond the limit, and says up to where it took', () => {
  const reassembly = new Reassembly();
  expect(reassembly.accept(10, source.subarray(10, 30), 20).takenTo).toBe(20);
  expect(reassembly.accept(25, source.subarray(25, 30), 20).takenTo).toBe(25);
  expect(reassembly.heldBytes).toBe(10);
  const { ready, takenTo } = reassembly.accept(0, source.subarray(0, 12), 20);
  expect([takenTo, joinBytes(ready)]).toEqual([12, source.subarray(0, 20)]);
  expect(reassembly.accept(5, source.subarray(5, 15), 20)).toEqual({ ready: [], takenTo: 15 });
});

it('gives any range again until it is acknowledged', () => {
  const kept = new RetainedBytes();
  for (let offset = 0; offset < source.length; offset += 700) kept.append(source.subarray(offset, offset + 700));
  expect(kept.slice(650, 200)).toEqual(source.subarray(650, 850));
  expect(kept.slice(4990, 100)).toEqual(source.subarray(4990));
  kept.acknowledge(1234);
  expect([kept.start, kept.end, kept.size]).toEqual([1234, 5000, 3766]);
  expect(kept.slice(1234, 3)).toEqual(source.subarray(1234, 1237));
  kept.acknowledge(1000);
  expect(kept.start).toBe(1234);
  kept.acknowledge(5000);
  expect([kept.size, kept.slice(5000, 10).length]).toEqual([0, 0]);
});

it('finds the first gap between ranges', () => {
  const ranges = [
    { start: 20, end: 30 },
    { start: 0, end: 10 },
  ];
  expect(firstUncovered(ranges, 0, 100)).toEqual({ start: 10, end: 20 });
  expect(firstUncovered([...ranges, { start: 8, end: 25 }], 0, 100)).toEqual({ start: 30, end: 100 });
  expect(firstUncovered(ranges, 0, 10)).toBeNull();
  expect(firstUncovered(ranges, 22, 28)).toBeNull();
});

it('reads counts that are exact and nothing else', () => {
  expect(['0', '9007199254740991', '007'].map(parseCount)).toEqual([0, 9007199254740991, 7]);
  for (const value of ['', '-1', '+1', '1.0', '1e3', ' 1', '9007199254740992', 'next', null, undefined]) {
    expect(parseCount(value)).toBeNull();
  }
});

it('carries any error message through a header', () => {
  for (const message of ['plain', 'two\r\nlines', '\u2713 %', 'half \ud800']) {
    const value = serializeErrorMessage(message);
    expect(value).toMatch(/^[\x21-\x7e]*$/);
    expect(parseErrorMessage(value)).toBe(message.replace('\ud800', '?'));
  }
  expect(parseErrorMessage('100%')).toBe('100%');
});
