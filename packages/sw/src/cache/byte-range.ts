/**
 * @module
 * A range of bytes, answered from an answer that is stored whole: RFC 9110 section 14. Several ranges at once are the site's business.
 */
import type { BareResponse, HeaderPair } from '@culvert/bare-client';
import { headerValue } from '../headers/header-list.js';
import type { CacheEntry } from './http-cache.js';

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

/** Section 13.1.5: a validator must be strong, and the same. */
export function fitsIfRange(ifRange: string | null, stored: readonly HeaderPair[]): boolean {
  if (ifRange === null) return true;
  const value = ifRange.trim();
  if (value.startsWith('"')) return value === headerValue(stored, 'etag');
  return !value.startsWith('W/') && value === headerValue(stored, 'last-modified');
}

/** @returns null if what is stored cannot be divided, and the site has to be asked */
export async function respondWithRange(
  { entry, body }: { entry: CacheEntry; body: Response },
  range: string,
): Promise<BareResponse | null> {
  // The range is one of the bytes as they were encoded, which are not here any more.
  if (entry.status !== 200 || headerValue(entry.headers, 'content-encoding') !== null) return null;
  const bytes = await body.blob();
  const parsed = parseByteRange(range, bytes.size);
  if (parsed === null) return null;
  const isSatisfiable = parsed !== 'unsatisfiable';
  const part = isSatisfiable ? bytes.slice(parsed.first, parsed.last + 1) : new Blob();
  const contentRange = isSatisfiable ? `bytes ${parsed.first}-${parsed.last}/${bytes.size}` : `bytes */${bytes.size}`;
  const rawHeaders: HeaderPair[] = [
    ...entry.headers.filter(([name]) => !/^content-(?:length|range)$/i.test(name)),
    ['Content-Range', contentRange],
    ['Content-Length', String(part.size)],
  ];
  const [status, statusText] = isSatisfiable ? [206, 'Partial Content'] : [416, 'Range Not Satisfiable'];
  return Object.assign(new Response(part.stream(), { status, statusText }), { rawHeaders, finalUrl: '' });
}
