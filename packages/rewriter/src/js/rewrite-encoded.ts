/**
 * @module Scripts as they come from the network, in whatever encoding: what is inserted is ASCII, so a script leaves in the
 * encoding that it came in, and the browser decodes it as it would have.
 */
import { encoderFor } from '../text/encode-text.js';
import { supportedEncoding } from '../text/encoding-label.js';
import { sniffByteOrderMark } from '../text/sniff-encoding.js';
import { rewriteScript, rewriteScriptBytes, type ScriptOptions } from './rewrite-script.js';

/**
 * @param encoding as `encodingFromLabel` names it; null where nobody says. A byte order mark wins over it.
 * @param fallback what it is likely to be in then: the encoding of the document
 * @returns the array that was given, where there is nothing to edit
 * @example rewriteEncodedScript(bytes, { kind: 'script' }, 'shift_jis')
 */
export function rewriteEncodedScript(
  source: Uint8Array<ArrayBuffer>,
  options: ScriptOptions,
  encoding: string | null,
  fallback: string | null = null,
): Uint8Array<ArrayBuffer> {
  const mark = sniffByteOrderMark(source);
  const known = mark ?? encoding ?? utf16Of(source);
  if (known === 'utf-8' || known === 'replacement') return rewriteScriptBytes(source, options);
  if (known === null) return guessed(source, options, fallback);
  const hasStates = known === 'iso-2022-jp' || known.startsWith('utf-16');
  if (!hasStates && isAscii(source)) return rewriteScriptBytes(source, options);
  return transcoded(source, options, supportedEncoding(known), mark === null);
}

/** A `<script charset>` may say something else than the guess, so that no byte may be lost to it. */
function guessed(
  source: Uint8Array<ArrayBuffer>,
  options: ScriptOptions,
  fallback: string | null,
): Uint8Array<ArrayBuffer> {
  const hasEscapes = fallback === 'iso-2022-jp' && source.includes(0x1b);
  if (!hasEscapes && isUtf8(source)) return rewriteScriptBytes(source, options);
  if (fallback === null || !isWritten(source, fallback)) return throughUnits(source, options);
  return transcoded(source, options, supportedEncoding(fallback), true);
}

/** Do the bytes come back from a decoder and an encoder as they were? */
function isWritten(source: Uint8Array, encoding: string): boolean {
  const text = new TextDecoder(supportedEncoding(encoding)).decode(source);
  const bytes = encoderFor(encoding, () => '')(text);
  return bytes.length === source.length && bytes.every((byte, index) => byte === source[index]);
}

/** What does not decode there comes out as what does not decode either. */
function transcoded(
  source: Uint8Array<ArrayBuffer>,
  options: ScriptOptions,
  encoding: string,
  hasNoMark: boolean,
): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder(encoding).decode(source);
  const rewritten = rewriteScript(text, options);
  if (rewritten === text) return source;
  const encode = encoderFor(encoding, (codePoint) => `\\u{${codePoint.toString(16)}}`);
  return encode(hasNoMark ? rewritten : `\ufeff${rewritten}`);
}

/** Of what may be in any encoding, each byte is a character: outside of strings and comments few scripts have others than ASCII. */
function throughUnits(source: Uint8Array<ArrayBuffer>, options: ScriptOptions): Uint8Array<ArrayBuffer> {
  let text = '';
  const step = 0x2000;
  for (let start = 0; start < source.length; start += step)
    text += String.fromCharCode(...source.subarray(start, start + step));
  const rewritten = rewriteScript(text, options);
  if (rewritten === text) return source;
  return Uint8Array.from(rewritten, (unit) => unit.charCodeAt(0));
}

/** Latin letters in UTF-16 have a NUL on one side; no other script holds one. */
function utf16Of(source: Uint8Array): string | null {
  const zero = source.indexOf(0);
  return zero < 0 ? null : zero % 2 === 0 ? 'utf-16be' : 'utf-16le';
}

function isAscii(source: Uint8Array): boolean {
  for (let index = 0; index < source.length; index++) if (source[index]! >= 0x80) return false;
  return true;
}

function isUtf8(source: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(source);
    return true;
  } catch {
    // The decoder's way to say that it is not.
    return false;
  }
}
