/**
 * @module How a remote URL is spelled inside one path segment of a proxy URL. Knows nothing of routes or classes.
 */

/**
 * `encode` gives text that stands in one path segment as it is (no `/`, `?` or `#`, nothing a URL parser would change);
 * `decode` is its exact inverse and may throw on text that `encode` never gives.
 */
export interface UrlCodec {
  encode(url: string): string;
  decode(encoded: string): string;
}

/** The built-in codecs, by a name that survives JSON: settings travel to the page as JSON, functions would be lost. */
export type UrlCodecName = 'component' | 'base64url';

const component: UrlCodec = {
  encode: (url) => encodeURIComponent(url),
  decode: (encoded) => decodeURIComponent(encoded),
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 section 5 without padding, over UTF-8. Written out because `btoa` is not in every realm we run in. */
const base64url: UrlCodec = {
  encode(url) {
    const bytes = new TextEncoder().encode(url);
    let encoded = '';
    for (let i = 0; i < bytes.length; i += 3) {
      const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      const digits = Math.min(bytes.length - i, 3) + 1;
      for (let digit = 0; digit < digits; digit++) encoded += alphabet[(group >> (18 - 6 * digit)) & 63];
    }
    return encoded;
  },
  decode(encoded) {
    const bytes = new Uint8Array(Math.floor((encoded.length * 3) / 4));
    let written = 0;
    let bits = 0;
    let group = 0;
    for (const digit of encoded) {
      const value = alphabet.indexOf(digit);
      if (value < 0) throw new RangeError(`Failed to decode ${JSON.stringify(encoded)}: it is not base64url.`);
      group = ((group << 6) | value) & 0xffffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[written++] = (group >> bits) & 0xff;
      }
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, written));
  },
};

export const urlCodecs: Readonly<Record<UrlCodecName, UrlCodec>> = { component, base64url };

/** The codec that settings ask for; `component` is the default. */
export function resolveUrlCodec(codec: UrlCodec | UrlCodecName | undefined): UrlCodec {
  if (codec === undefined) return component;
  return typeof codec === 'string' ? urlCodecs[codec] : codec;
}
