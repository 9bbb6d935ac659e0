/**
 * @module ISO-2022-JP, the one encoding whose bytes mean something else after an escape sequence.
 * https://encoding.spec.whatwg.org/#iso-2022-jp-encoder
 */
import { ByteBuffer } from './byte-buffer.js';
import type { Substitute, TextToBytes } from './encode-text.js';

/** Two bytes, or one; of which character set. */
interface Code {
  escape: string;
  code: number;
}

const ascii = '(B';
let codes: Map<string, Code> | null = null;

/**
 * An escape sequence stands right before a character of another set and nowhere else: two of them in a row are an error
 * to the decoder. So the state lasts from one piece of the text to the next.
 */
export function encodeIso2022Jp(substitute: Substitute): TextToBytes {
  codes ??= readCodes();
  const known = codes;
  let state = ascii;
  return (text) => {
    const buffer = new ByteBuffer(text.length);
    const enter = (escape: string): void => {
      if (state !== escape) buffer.pushAscii(`\x1b${escape}`);
      state = escape;
    };
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      const found = unit < 0x80 ? undefined : known.get(text[index]!);
      if (found !== undefined) {
        enter(found.escape);
        buffer.pushNumber(found.code);
        continue;
      }
      enter(ascii);
      const codePoint = text.codePointAt(index)!;
      if (unit < 0x80) buffer.push(unit);
      // A byte that is no character in any set: what was replaced is replaced again.
      else if (unit === 0xfffd) buffer.push(0xff);
      else buffer.pushAscii(substitute(codePoint));
      if (codePoint > 0xffff) index++;
    }
    return buffer.take();
  };
}

function readCodes(): Map<string, Code> {
  const decoder = new TextDecoder('iso-2022-jp');
  const read = new Map<string, Code>();
  const note = (escape: string, bytes: number[]): void => {
    const text = decoder.decode(Uint8Array.from([0x1b, escape.charCodeAt(0), escape.charCodeAt(1), ...bytes]));
    const code = bytes.reduce((number, byte) => number * 0x100 + byte, 0);
    if (text.length === 1 && text !== '\ufffd' && text.charCodeAt(0) >= 0x80 && !read.has(text))
      read.set(text, { escape, code });
  };
  for (const byte of [0x5c, 0x7e]) note('(J', [byte]);
  for (let lead = 0x21; lead < 0x7f; lead++) {
    for (let trail = 0x21; trail < 0x7f; trail++) note('$B', [lead, trail]);
  }
  for (let byte = 0x21; byte < 0x60; byte++) note('(I', [byte]);
  return read;
}
