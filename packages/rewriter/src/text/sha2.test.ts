import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha2 } from './sha2.js';

const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000];

it.each([256, 384, 512] as const)('digests as SHA-%d does, at every edge of a block', (bits) => {
  for (const length of lengths) {
    const text = 'é'.repeat(length % 3) + 'a'.repeat(length);
    expect(sha2(text, bits)).toBe(createHash(`sha${bits}`).update(text).digest('base64'));
  }
});
