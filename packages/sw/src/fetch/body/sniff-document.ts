/**
 * @module
 * What a document without a type is.
 *
 * @see https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
 */
import { peekBytes } from './peek-bytes.js';

const headerSize = 1445;
const htmlTags =
  /^[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]|^[\t\n\f\r ]*<!--/i;

/** In the order of the standard; the bytes as one code unit each. */
const signatures: readonly [pattern: RegExp, mimeType: string][] = [
  [/^[\t\n\f\r ]*<\?xml/, 'text/xml'],
  [/^%PDF-/, 'application/pdf'],
  [/^%!PS-Adobe-/, 'application/postscript'],
  [/^(?:\xfe\xff|\xff\xfe|\xef\xbb\xbf)/, 'text/plain'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^RIFF[^]{4}WEBPVP/, 'image/webp'],
  [/^BM/, 'image/bmp'],
  [/^\0\0[\x01\x02]\0/, 'image/x-icon'],
  [/^[^]{4}ftyp/, 'video/mp4'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
  [/^OggS\0/, 'application/ogg'],
  [/^ID3/, 'audio/mpeg'],
  [/^RIFF[^]{4}WAVE/, 'audio/wave'],
  [/^\x1f\x8b\x08/, 'application/x-gzip'],
  [/^PK\x03\x04/, 'application/zip'],
];

const binaryData = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/** @param noSniff `X-Content-Type-Options: nosniff`: then it may not turn out to be something that runs. */
export async function sniffDocument(
  body: ReadableStream<Uint8Array>,
  noSniff: boolean,
): Promise<{ mimeType: string; body: ReadableStream<Uint8Array> }> {
  const peeked = await peekBytes(body, headerSize);
  return { mimeType: sniffMimeType(peeked.bytes.subarray(0, headerSize), noSniff), body: peeked.body };
}

export function sniffMimeType(bytes: Uint8Array, noSniff: boolean): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (!noSniff && htmlTags.test(text)) return 'text/html';
  for (const [pattern, mimeType] of signatures) {
    if (pattern.test(text) && !(noSniff && mimeType === 'text/xml')) return mimeType;
  }
  return binaryData.test(text) ? 'application/octet-stream' : 'text/plain';
}
