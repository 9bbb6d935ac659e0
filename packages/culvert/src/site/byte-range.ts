/**
 * @module
 * The `Range` header of a request: RFC 9110 section 14. Several ranges at once are not answered; the file is sent whole.
 */

/** Both inclusive. */
export interface ByteRange {
  first: number;
  last: number;
}

/** @returns null for what is no single range of bytes: it is ignored; "unsatisfiable" for one that begins after the end */
export function parseByteRange(value: string, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(value);
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const length = Number(match[2]);
    if (length === 0 || size === 0) return 'unsatisfiable';
    return { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < first) return null;
  return first >= size ? 'unsatisfiable' : { first, last };
}
