import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { boundedWriter } from './bounded-writer.js';

it('drops what a slow reader does not take, and tells how much', () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const write = boundedWriter(stream, 'text', 100);
  for (let count = 0; count < 10; count++) write('x'.repeat(60));
  const taken = String(stream.read() ?? '') + String(stream.read() ?? '') + String(stream.read() ?? '');
  expect(taken.length).toBeLessThanOrEqual(240);
  while (stream.read() !== null);
  write('on again\n');
  expect(String(stream.read())).toMatch(/^Dropped \d descriptions, as output was too slow\n/);
});
