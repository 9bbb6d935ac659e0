/**
 * @module
 * Header lists as they are on the wire: ordered, with duplicates, one code unit a byte.
 */
import type { HeaderPair } from '@culvert/bare-client';

/** Every value of a name, in order. */
export function headerValues(headers: readonly HeaderPair[], name: string): string[] {
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** The values of a name joined as the Fetch standard joins them; `null` if there is none. */
export function headerValue(headers: readonly HeaderPair[], name: string): string | null {
  const values = headerValues(headers, name);
  return values.length === 0 ? null : values.join(', ');
}

/** The text that the bytes of a header value spell in UTF-8. Bytes that are no UTF-8 stay as they are. */
export function decodeHeaderText(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (unit) => unit.charCodeAt(0)));
  } catch {
    // A Latin-1 value, which a browser too reads byte by byte.
    return value;
  }
}

/** The inverse: UTF-8 bytes, one code unit each, which is all that a header may hold. */
export function encodeHeaderText(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text;
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}
