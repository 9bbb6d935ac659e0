/**
 * @module
 * Long streams of bytes from a seed, their hashes, and sending them both ways at once.
 */
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { seededRandom } from './unreliable-proxy.test-support.js';

/** Chunks of any length up to 100,000 bytes; no two of a stream are alike. */
export function* seededChunks(length: number, seed: number): Generator<Buffer> {
  const random = seededRandom(seed);
  for (let left = length; left > 0;) {
    const chunk = Buffer.alloc(Math.min(left, 1 + Math.floor(random() ** 2 * 100_000)));
    const words = chunk.length >> 2;
    for (let index = 0; index < words; index += 1) chunk.writeUInt32LE((random() * 2 ** 32) >>> 0, index * 4);
    left -= chunk.length;
    yield chunk;
  }
}

export async function send(stream: Duplex, length: number, seed: number): Promise<string> {
  const hash = createHash('sha256');
  for (const chunk of seededChunks(length, seed)) {
    hash.update(chunk);
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
  stream.end();
  return hash.digest('hex');
}

export async function receive(stream: Duplex): Promise<{ hash: string; length: number }> {
  const hash: Hash = createHash('sha256');
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    hash.update(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  return { hash: hash.digest('hex'), length };
}
