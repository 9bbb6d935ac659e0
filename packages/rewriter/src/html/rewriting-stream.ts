/**
 * @module The stream that a document goes through on its way to the browser: bytes in any encoding in, bytes in the same out.
 */
import { characterReference, encoderFor, type TextToBytes } from '../text/index.js';
import { HtmlDecoder } from './html-decoder.js';
import type { HtmlContext } from './html-context.js';
import { HtmlSplicer } from './html-splicer.js';

/**
 * What is inserted may move a `<meta>` out of the first 1024 bytes, so the response must say the encoding:
 * `charset=${outputEncoding(sniffEncoding(firstBytes, charset))}`. Never errors by itself.
 *
 * @param options `charset` is that of the Content-Type header; a byte order mark wins over it, and without both the
 * first 1024 bytes are held back to look for a `<meta>`.
 * @example response.body.pipeThrough(htmlRewritingStream({ documentUrl, settings, bootHtml }, { charset: 'shift_jis' }))
 */
export function htmlRewritingStream(
  context: HtmlContext,
  options: { charset?: string } = {},
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new HtmlDecoder(options.charset);
  let splicer: HtmlSplicer | null = null;
  let encode: TextToBytes | null = null;
  const pass = (text: string, isLast: boolean, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (decoder.encoding === null) return;
    splicer ??= new HtmlSplicer({ ...context, encoding: decoder.encoding });
    const output = isLast ? splicer.write(text) + splicer.end() : splicer.write(text);
    encode ??= encoderFor(decoder.encoding, characterReference);
    if (output !== '') controller.enqueue(encode(output));
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      pass(decoder.write(chunk), false, controller);
    },
    flush(controller) {
      pass(decoder.end(), true, controller);
    },
  });
}
