/**
 * @module Text as bytes of any encoding of the standard, so that a document can leave in the encoding that it came in.
 * What the platform decodes, this encodes: tables are made by asking TextDecoder, when a document first needs them.
 */
import { encodeIso2022Jp } from './encode-iso-2022-jp.js';
import { LegacyTable } from './legacy-table.js';
import { supportedEncoding } from './encoding-label.js';

/** Encodes a text that comes in pieces. */
export type TextToBytes = (text: string) => Uint8Array<ArrayBuffer>;

/** ASCII that stands for a character that the encoding does not have. */
export type Substitute = (codePoint: number) => string;

/** In text and attributes of HTML and XML. */
export const characterReference: Substitute = (codePoint) => `&#${codePoint};`;

/**
 * @param encoding as `sniffEncoding` names it; the `replacement` encoding is written as UTF-8, as browsers do
 * @example encoderFor('shift_jis', characterReference)('日本') // 93 fa 96 7b
 */
export function encoderFor(encoding: string, substitute: Substitute): TextToBytes {
  const name = outputEncoding(encoding);
  switch (name) {
    case 'utf-8': {
      const encoder = new TextEncoder();
      return (text) => encoder.encode(text);
    }
    case 'utf-16le':
    case 'utf-16be':
      return (text) => encodeUtf16(text, name === 'utf-16be');
    case 'iso-2022-jp':
      return encodeIso2022Jp(substitute);
    default: {
      const table = LegacyTable.of(name);
      return (text) => table.encode(text, substitute);
    }
  }
}

/** What a document of an encoding is sent in: its own, unless nothing can be written in that. */
export function outputEncoding(encoding: string): string {
  return encoding === 'replacement' ? 'utf-8' : supportedEncoding(encoding);
}

function encodeUtf16(text: string, isBigEndian: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = isBigEndian ? unit >> 8 : unit & 0xff;
    bytes[index * 2 + 1] = isBigEndian ? unit & 0xff : unit >> 8;
  }
  return bytes;
}
