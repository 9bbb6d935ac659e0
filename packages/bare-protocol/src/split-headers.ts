/**
 * @module
 * Split headers: web servers refuse very long header values, so a long X-Bare-Headers travels as X-Bare-Headers-0, -1, ...
 * Every part begins with a semicolon, so that whitespace at its beginning survives; we never end a part with whitespace either.
 */
import { BareProtocolError } from './bare-error-body.js';
import type { HeaderPair } from './bare-headers.js';

/** The longest value, semicolon included, in bytes. */
export const splitHeaderLimit = 3072;

/**
 * The pairs to send for one header value: the header itself when it fits, else its parts.
 *
 * @param value a ByteString: one character is one byte
 */
export function splitHeader(name: string, value: string): HeaderPair[] {
  if (value.length <= splitHeaderLimit) return [[name, value]];
  const parts: HeaderPair[] = [];
  let start = 0;
  while (start < value.length) {
    const end = endOfPart(value, start);
    parts.push([`${name}-${parts.length}`, `;${value.slice(start, end)}`]);
    start = end;
  }
  return parts;
}

/**
 * The whole value of a header that may have come in parts, or null when there is none of it.
 *
 * @throws BareProtocolError INVALID_BARE_HEADER for a part without semicolon, a hole, a repeated part, or both forms at once
 */
export function joinHeaders(headers: Iterable<readonly [string, string]>, name: string): string | null {
  const lowerName = name.toLowerCase();
  const prefix = `${lowerName}-`;
  let whole: string | null = null;
  const parts: string[] = [];
  let count = 0;
  for (const [header, value] of headers) {
    const lower = header.toLowerCase();
    if (lower === lowerName) {
      if (whole !== null) throw invalid(lower, `${name} occurs twice.`);
      whole = value;
    } else if (lower.startsWith(prefix) && /^\d{1,4}$/.test(lower.slice(prefix.length))) {
      const index = Number(lower.slice(prefix.length));
      if (!value.startsWith(';')) throw invalid(lower, `${header} does not begin with a semicolon.`);
      if (parts[index] !== undefined) throw invalid(lower, `Part ${index} of ${name} occurs twice.`);
      parts[index] = value.slice(1);
      count++;
    }
  }
  if (count === 0) return whole;
  if (whole !== null) throw invalid(lowerName, `${name} came both whole and split.`);
  if (count !== parts.length)
    throw invalid(lowerName, `A part of ${name} is missing: ${count} of ${parts.length} came.`);
  return parts.join('');
}

/** HTTP strips whitespace from the end of a value, so a part ends after a character that is not whitespace. */
function endOfPart(value: string, start: number): number {
  const limit = start + splitHeaderLimit - 1;
  if (limit >= value.length) return value.length;
  let end = limit;
  while (end > start && isWhitespace(value.charCodeAt(end - 1))) end--;
  // Nothing but whitespace in reach: no cut is right. `serializeBareHeaders` does not produce such a value.
  return end === start ? limit : end;
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function invalid(header: string, message: string): BareProtocolError {
  return new BareProtocolError('INVALID_BARE_HEADER', `request.headers.${header}`, message);
}
