/**
 * @module The stream that an XML document goes through on its way to the browser.
 */
import { encodingFromLabel, sniffByteOrderMark } from '../text/index.js';
import { XmlSplicer, type XmlContext } from './xml-splicer.js';

/** An XML declaration is the first thing of a document, or there is none. */
const longestDeclaration = 256;
const declaration = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/;

/**
 * Bytes in any encoding in, UTF-8 out: the response must then say `charset=utf-8`, which wins over the declaration in
 * the document. Never errors by itself.
 *
 * @param options `charset` is that of the Content-Type header
 */
export function xmlRewritingStream(
  context: XmlContext,
  options: { charset?: string } = {},
): TransformStream<Uint8Array, Uint8Array> {
  const splicer = new XmlSplicer(context);
  const encoder = new TextEncoder();
  let decoder: TextDecoder | null = null;
  let start: number[] = [];
  const send = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (text !== '') controller.enqueue(encoder.encode(text));
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (decoder !== null) {
        send(splicer.write(decoder.decode(chunk, { stream: true })), controller);
        return;
      }
      for (const byte of chunk) start.push(byte);
      if (start.length < longestDeclaration) return;
      decoder = new TextDecoder(encodingOf(Uint8Array.from(start), options.charset));
      send(splicer.write(decoder.decode(Uint8Array.from(start), { stream: true })), controller);
      start = [];
    },
    flush(controller) {
      const bytes = Uint8Array.from(start);
      const rest = (decoder ?? new TextDecoder(encodingOf(bytes, options.charset))).decode(bytes);
      send(splicer.write(rest) + splicer.end(), controller);
    },
  });
}

function encodingOf(bytes: Uint8Array, charset: string | undefined): string {
  const label = charset ?? declaration.exec(String.fromCharCode(...bytes.subarray(0, longestDeclaration)))?.[1];
  const encoding = sniffByteOrderMark(bytes) ?? (label === undefined ? null : encodingFromLabel(label)) ?? 'utf-8';
  return encoding === 'replacement' || encoding === 'x-user-defined' ? 'utf-8' : encoding;
}
