/**
 * @module The stream that a stylesheet goes through on its way to the browser.
 */
import { encodingFromLabel, sniffByteOrderMark } from '../text/index.js';
import { CssSplicer } from './css-splicer.js';
import { rewritesStylesheets, type StylesheetContext } from './rewrite-stylesheet.js';

/** How much of a stylesheet may hold its `@charset`. */
const prescanLength = 1024;
const charsetRule = /^@charset "([^"]*)";/;

/**
 * Bytes in any encoding in, UTF-8 out: the response must then say `charset=utf-8`, which wins over any `@charset`.
 * Where no class that stylesheets hold is scoped (`rewritesStylesheets`), bytes pass through as they are. Never errors
 * by itself.
 *
 * @param options `charset` is that of the Content-Type header; `environment` is the encoding of the document that asked
 */
export function cssRewritingStream(
  context: StylesheetContext,
  options: { charset?: string; environment?: string } = {},
): TransformStream<Uint8Array, Uint8Array> {
  if (!rewritesStylesheets(context.settings)) return new TransformStream<Uint8Array, Uint8Array>();
  const splicer = new CssSplicer(context);
  const encoder = new TextEncoder();
  let decoder: TextDecoder | null = null;
  let start = new Uint8Array(0);
  const send = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (text !== '') controller.enqueue(encoder.encode(text));
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (decoder !== null) {
        send(splicer.write(decoder.decode(chunk, { stream: true })), controller);
        return;
      }
      start = concatenate(start, chunk);
      if (start.length < prescanLength) return;
      decoder = new TextDecoder(encodingOf(start, options));
      send(splicer.write(decoder.decode(start, { stream: true })), controller);
    },
    flush(controller) {
      const rest = decoder === null ? new TextDecoder(encodingOf(start, options)).decode(start) : decoder.decode();
      send(splicer.write(rest) + splicer.end(), controller);
    },
  });
}

/** https://drafts.csswg.org/css-syntax/#input-byte-stream */
function encodingOf(bytes: Uint8Array, { charset, environment }: { charset?: string; environment?: string }): string {
  const encoding =
    sniffByteOrderMark(bytes) ?? known(charset) ?? known(charsetOf(bytes)) ?? known(environment) ?? 'utf-8';
  // Neither is one that TextDecoder knows; the second agrees with windows-1252 in ASCII.
  if (encoding === 'replacement') return 'utf-8';
  return encoding === 'x-user-defined' ? 'windows-1252' : encoding;
}

function known(label: string | undefined): string | null {
  return label === undefined ? null : encodingFromLabel(label);
}

function charsetOf(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, prescanLength));
  const label = charsetRule.exec(text)?.[1];
  // What is written in ASCII is not UTF-16.
  return label !== undefined && /^utf-16/i.test(label) ? 'utf-8' : label;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
