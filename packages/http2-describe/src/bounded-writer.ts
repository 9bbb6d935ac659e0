/**
 * @module
 * Writes text as long as its reader keeps up, since descriptions must never hold up the bytes they are about.
 */
import type { Writable } from 'node:stream';

/** Text that waits for a slow reader; past it descriptions are dropped. */
const longestBacklog = 64 << 20;

/** The writer tells how much was dropped, as soon as it can. */
export function boundedWriter(
  stream: Writable,
  format: 'text' | 'json',
  backlog = longestBacklog,
): (text: string) => void {
  let dropped = 0;
  return (text) => {
    if (stream.destroyed) return;
    if (stream.writableLength > backlog) {
      dropped++;
      return;
    }
    if (dropped > 0) {
      const notice = { event: 'dropped', count: dropped };
      stream.write(
        format === 'json' ? `${JSON.stringify(notice)}\n` : `Dropped ${dropped} descriptions, as output was too slow\n`,
      );
    }
    dropped = 0;
    stream.write(text);
  };
}
