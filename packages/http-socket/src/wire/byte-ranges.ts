/**
 * @module
 * A few disjoint ranges of offsets: what is on its way or known to have arrived, to find what is still to be sent.
 */

export interface ByteRange {
  start: number;
  end: number;
}

/** The first part of [from, to) that no range covers, or null. */
export function firstUncovered(ranges: readonly ByteRange[], from: number, to: number): ByteRange | null {
  const ordered = [...ranges].sort((one, other) => one.start - other.start);
  let start = from;
  for (const range of ordered) {
    if (range.end <= start) continue;
    if (range.start > start) return start < to ? { start, end: Math.min(range.start, to) } : null;
    start = range.end;
  }
  return start < to ? { start, end: to } : null;
}
