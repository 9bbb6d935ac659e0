/**
 * @module The stream that a document goes through on its way to the browser: bytes in any encoding in, UTF-8 out.
 */
import { HtmlDecoder } from './html-decoder.js';
import type { HtmlContext } from './html-context.js';
import { HtmlSplicer } from './html-splicer.js';

/**
 * The response must then say `charset=utf-8`, which wins over any `<meta>` in the document. Never errors by itself.
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
  const splicer = new HtmlSplicer(context);
  const encoder = new TextEncoder();
  const send = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (text !== '') controller.enqueue(encoder.encode(text));
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      send(splicer.write(decoder.write(chunk)), controller);
    },
    flush(controller) {
      send(splicer.write(decoder.end()), controller);
      send(splicer.end(), controller);
    },
  });
}
