import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PendingWrites } from './pending-writes.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const item = (size: number) => ({ bytes: new Uint8Array(size), metadata: 'm' });

function createWrites(sizeLimit = 100) {
  const written: string[] = [];
  const writes = new PendingWrites(async (key) => void written.push(key), { delay: 500, sizeLimit });
  return { writes, written };
}

it('writes when nothing has come for a while, and has all of it until then', async () => {
  const { writes, written } = createWrites();
  writes.add('a', item(1));
  await vi.advanceTimersByTimeAsync(400);
  writes.add('b', item(1));
  await vi.advanceTimersByTimeAsync(400);
  expect([written, writes.get('a')?.bytes.length]).toEqual([[], 1]);
  await vi.advanceTimersByTimeAsync(100);
  await writes.written();
  expect([written, writes.get('a')]).toEqual([['a', 'b'], undefined]);
});

it('writes at once what would fill the memory', async () => {
  const { writes, written } = createWrites(10);
  writes.add('a', item(6));
  await vi.advanceTimersByTimeAsync(1);
  writes.add('b', item(6));
  await vi.advanceTimersByTimeAsync(1);
  expect(written).toEqual(['a', 'b']);
});

it('writes no more what was deleted or has another in its place', async () => {
  const { writes, written } = createWrites();
  writes.add('a', item(1));
  writes.add('b', item(1));
  writes.delete('a');
  writes.add('b', item(2));
  await vi.advanceTimersByTimeAsync(1000);
  expect(written).toEqual(['b']);
});

it('writes what comes while it writes', async () => {
  const written: string[] = [];
  const writes = new PendingWrites(
    async (key) => {
      written.push(key);
      if (written.length === 1) writes.add('late', item(1));
    },
    { delay: 10, sizeLimit: 100 },
  );
  writes.add('a', item(1));
  await vi.advanceTimersByTimeAsync(1000);
  await writes.written();
  expect(written).toEqual(['a', 'late']);
});
