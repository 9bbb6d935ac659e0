/**
 * @module The stream that an XML document goes through on its way to the browser.
 */
import {
  characterReference,
  encoderFor,
  encodingFromLabel,
  sniffByteOrderMark,
  type TextToBytes,
} from '../text/index.js';
import { XmlSplicer, type XmlContext } from './xml-splicer.js';

/** An XML declaration is the first thing of a document, or there is none. So many bytes say the encoding. */
export const longestDeclaration = 256;
const declaration = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/;

/**
 * Bytes in any encoding in, bytes in the same out. The response should say it (`xmlEncoding`). Never errors by itself.
 *
 * @param options `charset` is that of the Content-Type header
 */
export function xmlRewritingStream(
  context: XmlContext,
  options: { charset?: string } = {},
): TransformStream<Uint8Array, Uint8Array> {
  const splicer = new XmlSplicer(context);
  let encode: TextToBytes | null = null;
  let decoder: TextDecoder | null = null;
  let start: number[] = [];
  const send = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (text !== '') controller.enqueue(encode!(text));
  };
  const begin = (bytes: Uint8Array): TextDecoder => {
    const encoding = xmlEncoding(bytes, options.charset);
    encode = encoderFor(encoding, characterReference);
    return new TextDecoder(encoding);
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (decoder !== null) {
        send(splicer.write(decoder.decode(chunk, { stream: true })), controller);
        return;
      }
      for (const byte of chunk) start.push(byte);
      if (start.length < longestDeclaration) return;
      decoder = begin(Uint8Array.from(start));
      send(splicer.write(decoder.decode(Uint8Array.from(start), { stream: true })), controller);
      start = [];
    },
    flush(controller) {
      const bytes = Uint8Array.from(start);
      const rest = (decoder ?? begin(bytes)).decode(bytes);
      send(splicer.write(rest) + splicer.end(), controller);
    },
  });
}

/**
 * What an XML document is in: byte order mark, then Content-Type, then its declaration.
 *
 * @param bytes the first `longestDeclaration` of it
 */
export function xmlEncoding(bytes: Uint8Array, charset: string | undefined): string {
  const label = charset ?? declaration.exec(String.fromCharCode(...bytes.subarray(0, longestDeclaration)))?.[1];
  const encoding = sniffByteOrderMark(bytes) ?? (label === undefined ? null : encodingFromLabel(label)) ?? 'utf-8';
  return encoding === 'replacement' || encoding === 'x-user-defined' ? 'utf-8' : encoding;
}
