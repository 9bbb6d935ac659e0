/**
 * @module data: URLs, read and made. Their loads never reach a service worker, so what they carry is rewritten in place.
 */

export interface DataUrl {
  /** As written, without `;base64`. */
  mediaType: string;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * https://fetch.spec.whatwg.org/#data-url-processor; null where it says failure.
 *
 * @param url serialized by the URL parser
 */
export function parseDataUrl(url: string): DataUrl | null {
  const match = /^data:([^,]*),([^#]*)/s.exec(url);
  if (match === null) return null;
  const mediaType = match[1]!.trim();
  const body = percentDecode(match[2]!);
  const base64 = /; *base64$/i.exec(mediaType);
  if (base64 === null) return { mediaType, body };
  const decoded = decodeBase64(isomorphicDecode(body));
  return decoded === null ? null : { mediaType: mediaType.slice(0, base64.index), body: decoded };
}

/** A data: URL of text, always UTF-8. */
export function serializeDataUrl(mediaType: string, text: string): string {
  const withoutCharset = mediaType.replace(/; *charset=(?:"[^"]*"|[^;]*)/gi, '');
  return `data:${withoutCharset};charset=utf-8,${encodeURIComponent(text)}`;
}

/** https://url.spec.whatwg.org/#string-percent-decode */
export function percentDecode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(bytes[i + 1]);
    const low = hexDigit(bytes[i + 2]);
    if (bytes[i] === 0x25 && high >= 0 && low >= 0) {
      bytes[written++] = high * 16 + low;
      i += 2;
    } else {
      bytes[written++] = bytes[i]!;
    }
  }
  return bytes.slice(0, written);
}

function hexDigit(unit: number | undefined): number {
  if (unit === undefined) return -1;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isomorphicDecode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** https://infra.spec.whatwg.org/#forgiving-base64-decode; `atob` is not in every realm we run in. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  let digits = text.replace(/[\t\n\f\r ]+/g, '');
  if (digits.length % 4 === 0) digits = digits.replace(/==?$/, '');
  if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) return null;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let written = 0;
  let group = 0;
  let bits = 0;
  for (const digit of digits) {
    group = ((group << 6) | alphabet.indexOf(digit)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = (group >> bits) & 0xff;
    }
  }
  return bytes;
}
