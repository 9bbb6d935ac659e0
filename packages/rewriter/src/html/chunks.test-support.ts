/**
 * @module For tests of streams: input cut in every way that matters, and the stream run over it.
 */
import { htmlRewritingStream } from './rewriting-stream.js';
import type { HtmlContext } from './html-context.js';

/** Printed by every test that uses random cuts, so that a failure can be run again: `CHUNK_SEED=… npx vitest run`. */
export const seed = Number(process.env.CHUNK_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** mulberry32 */
export function randomSource(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces of 1 to `largest`. */
export function cutRandomly<T extends { length: number; slice(start: number, end: number): T }>(
  input: T,
  random: () => number,
  largest = 10,
): T[] {
  const pieces: T[] = [];
  for (let position = 0; position < input.length;) {
    const end = Math.min(input.length, position + 1 + Math.floor(random() * largest));
    pieces.push(input.slice(position, end));
    position = end;
  }
  return pieces;
}

/** @param encoding of the output, the same as that of the input */
export async function runStream(
  pieces: Iterable<Uint8Array>,
  context: HtmlContext,
  options: { charset?: string } = {},
  encoding = 'utf-8',
): Promise<string> {
  const stream = htmlRewritingStream(context, options);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const writing = (async () => {
    for (const piece of pieces) await writer.write(piece);
    await writer.close();
  })();
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let output = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    output += decoder.decode(value, { stream: true });
  }
  await writing;
  return output + decoder.decode();
}
