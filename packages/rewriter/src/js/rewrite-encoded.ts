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
 * @returns the array that was given, where there is nothing to edit
 * @example rewriteEncodedScript(bytes, { kind: 'script' }, 'shift_jis')
 */
export function rewriteEncodedScript(
  source: Uint8Array<ArrayBuffer>,
  options: ScriptOptions,
  encoding: string | null,
): Uint8Array<ArrayBuffer> {
  const mark = sniffByteOrderMark(source);
  const known = mark ?? encoding ?? utf16Of(source);
  if (known === 'utf-8' || known === 'replacement') return rewriteScriptBytes(source, options);
  const hasStates = known === 'iso-2022-jp' || known?.startsWith('utf-16');
  if (!hasStates && (known === null ? isUtf8(source) : isAscii(source))) return rewriteScriptBytes(source, options);
  if (known === null) return throughUnits(source, options);
  return transcoded(source, options, supportedEncoding(known), mark === null);
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
