/**
 * @module Tokens, read where they stand: nothing is made of them but positions. The text is UTF-8 with a NUL behind it.
 */
import { NotSure, type Doubt } from './not-sure.js';

export const enum Byte {
  Exclamation = 0x21, Quote = 0x22, Hash = 0x23, Dollar = 0x24, Percent = 0x25, Ampersand = 0x26, Apostrophe = 0x27,
  ParenOpen = 0x28, ParenClose = 0x29, Star = 0x2a, Plus = 0x2b, Comma = 0x2c, Minus = 0x2d, Dot = 0x2e, Slash = 0x2f,
  Digit0 = 0x30, Digit9 = 0x39, Colon = 0x3a, Semicolon = 0x3b, Less = 0x3c, Equals = 0x3d, Greater = 0x3e,
  Question = 0x3f, At = 0x40, BracketOpen = 0x5b, Backslash = 0x5c, BracketClose = 0x5d, Caret = 0x5e,
  Backtick = 0x60, BraceOpen = 0x7b, Bar = 0x7c, BraceClose = 0x7d, Tilde = 0x7e,
} // prettier-ignore

/** 1: goes on an identifier. A byte beyond ASCII does too, unless the scanner finds it to be white space. */
export const identifierPart = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (byte >= 0x80 || /[\w$]/.test(String.fromCharCode(byte))) identifierPart[byte] = 1;
}

/** 1: goes on an identifier, and is ASCII: nearly all do. */
const asciiPart = identifierPart.map((isPart, byte) => (byte < 0x80 ? isPart : 0));

/** What an operand that begins with a byte can be. */
export const enum Start {
  None,
  Word,
  Digit,
  String,
  Parenthesis,
  Bracket,
  Brace,
  Backtick,
  Slash,
  Dot,
  Hash,
  Less,
  /** `!` and `~`, `+` and `-`. */
  Prefix,
  Sign,
}

export const operandStart = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) if (identifierPart[byte] === 1) operandStart[byte] = Start.Word;
for (let digit: number = Byte.Digit0; digit <= Byte.Digit9; digit++) operandStart[digit] = Start.Digit;
for (const [byte, start] of [
  [Byte.Quote, Start.String],
  [Byte.Apostrophe, Start.String],
  [Byte.ParenOpen, Start.Parenthesis],
  [Byte.BracketOpen, Start.Bracket],
  [Byte.BraceOpen, Start.Brace],
  [Byte.Backtick, Start.Backtick],
  [Byte.Slash, Start.Slash],
  [Byte.Dot, Start.Dot],
  [Byte.Hash, Start.Hash],
  [Byte.Less, Start.Less],
  [Byte.Exclamation, Start.Prefix],
  [Byte.Tilde, Start.Prefix],
  [Byte.Plus, Start.Sign],
  [Byte.Minus, Start.Sign],
] as const) {
  operandStart[byte] = start;
}

/** 1: a member, call, template or `?.` may start with it. */
export const linkStart = new Uint8Array(256);
for (const byte of [Byte.Dot, Byte.BracketOpen, Byte.ParenOpen, Byte.Backtick, Byte.Question]) linkStart[byte] = 1;

/** 1: ends an expression or an argument, or a part of a condition: nothing is chained to the operand before it. */
export const operandEnd = tableOf(',;)]}:');

/** 1: ends a string or a line, or begins an escape or what may be a line break beyond ASCII. */
const stringStop = tableOf('"\'\\\n\r');
const lineStop = tableOf('\n\r\xe2');
const asciiSpace = tableOf(' \t\v\f\n\r');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** 1: certainly no white space, and no comment: those of HTML begin with `<!--` and `-->`. */
const commentStart = tableOf('/<-');
const tokenStart = new Uint8Array(256).map((_, byte) =>
  byte > 0x20 && byte < 0x80 && commentStart[byte] === 0 ? 1 : 0,
);

/** Up to this length a loop is faster than a call of `indexOf`. */
const shortComment = 48;

/** U+2028 or U+2029, of which the first byte is 0xE2. */
function isLineSeparator(bytes: Uint8Array, pos: number): boolean {
  return bytes[pos + 1] === 0x80 && (bytes[pos + 2]! & 0xfe) === 0xa8;
}

export class Scanner {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;
  /** Where the token ahead starts. */
  pos = 0;
  /** Where the last token ended. */
  end = 0;
  /** A module has no comments of HTML. */
  isModule = false;
  /** Whether a line break stands between the two: so few places ask that it is looked for when they do. */
  get hasLineBreak(): boolean {
    return this.pos > this.end && this.#breaksLine();
  }

  notSure(doubt: Doubt): never {
    throw new NotSure(doubt, this.pos);
  }

  /** Goes to the next token, from the end of the last one. */
  advance(from: number): void {
    this.end = from;
    this.pos = tokenStart[this.bytes[from]!] === 1 ? from : this.#skipTrivia(from);
  }

  #skipTrivia(from: number): number {
    const { bytes } = this;
    // A single space, or a line break and nothing more.
    if (asciiSpace[bytes[from]!] === 1 && tokenStart[bytes[from + 1]!] === 1) return from + 1;
    let pos = from;
    for (;;) {
      const byte = bytes[pos]!;
      if (asciiSpace[byte] === 1) pos++;
      else if (byte === Byte.Slash) {
        const next = bytes[pos + 1]!;
        if (next === Byte.Slash) pos = this.#skipLineComment(pos + 2);
        else if (next === Byte.Star) pos = this.#skipBlockComment(pos + 2);
        else break;
      } else if (byte === Byte.Less || byte === Byte.Minus) {
        if (!this.#isHtmlComment(byte, from, pos)) break;
        pos = this.#skipLineComment(pos + 3);
      } else if (byte >= 0x80) {
        const length = this.#exoticSpace(pos);
        if (length === 0) break;
        pos += length;
      } else break;
    }
    return pos;
  }

  /** `<!--` anywhere, and `-->` where nothing but white space and comments stands before it in its line. Annex B.1.1 */
  #isHtmlComment(byte: number, from: number, pos: number): boolean {
    if (this.isModule) return false;
    const { bytes } = this;
    const isDash = (at: number): boolean => bytes[at] === Byte.Minus;
    if (byte === Byte.Less) return bytes[pos + 1] === Byte.Exclamation && isDash(pos + 2) && isDash(pos + 3);
    if (!isDash(pos + 1) || bytes[pos + 2] !== Byte.Greater) return false;
    return from === 0 || this.#breaksLine(from, pos);
  }

  /** A break of a line in white space or in a comment, which counts as well. */
  #breaksLine(from = this.end, pos = this.pos): boolean {
    const { bytes } = this;
    for (let at = from; at < pos; at++) {
      const byte = bytes[at]!;
      if (lineStop[byte] === 1 && (byte !== 0xe2 || isLineSeparator(bytes, at))) return true;
    }
    return false;
  }

  /** The length of white space beyond ASCII at a position, or 0. */
  #exoticSpace(pos: number): number {
    const { bytes } = this;
    const [first, second, third] = [bytes[pos]!, bytes[pos + 1]!, bytes[pos + 2]!];
    if (first === 0xc2) return second === 0xa0 ? 2 : 0;
    if (first === 0xe2) {
      if (second === 0x80 && ((third >= 0x80 && third <= 0x8a) || third === 0xaf)) return 3;
      if (second === 0x80 && (third === 0xa8 || third === 0xa9)) return 3;
      return second === 0x81 && third === 0x9f ? 3 : 0;
    }
    if (first === 0xef) return second === 0xbb && third === 0xbf ? 3 : 0;
    if (first === 0xe1) return second === 0x9a && third === 0x80 ? 3 : 0;
    return first === 0xe3 && second === 0x80 && third === 0x80 ? 3 : 0;
  }

  #skipLineComment(from: number): number {
    const { bytes, length } = this;
    let pos = from;
    for (; pos < length; pos++) {
      const byte = bytes[pos]!;
      if (lineStop[byte] === 0) continue;
      if (byte !== 0xe2 || isLineSeparator(bytes, pos)) break;
    }
    return pos;
  }

  #skipBlockComment(from: number): number {
    const { bytes, length } = this;
    let pos = from;
    for (const near = Math.min(from + shortComment, length); pos < near; pos++) {
      if (bytes[pos] === Byte.Star && bytes[pos + 1] === Byte.Slash) return pos + 2;
    }
    // Slashes are rare in a long one.
    for (;;) {
      pos = bytes.indexOf(Byte.Slash, pos + 1);
      if (pos < 0 || pos >= length) return this.notSure('syntax');
      if (bytes[pos - 1] === Byte.Star) return pos + 1;
    }
  }

  /** The end of the identifier that starts at a position; the position itself if none does. */
  identifierEnd(from: number): number {
    const { bytes } = this;
    let pos = from;
    while (asciiPart[bytes[pos]!] === 1) pos++;
    const byte = bytes[pos]!;
    if (byte < 0x80 && byte !== Byte.Backslash) return pos;
    while (identifierPart[bytes[pos]!] === 1) pos++;
    if (bytes[pos] === Byte.Backslash) this.notSure('escape');
    return this.#exoticIdentifierEnd(from, pos);
  }

  /** As `identifierEnd`, for a name that stands for no variable: escapes beyond ASCII make it no word of ours. */
  keyEnd(from: number): number {
    const { bytes } = this;
    let pos = from;
    while (asciiPart[bytes[pos]!] === 1) pos++;
    const byte = bytes[pos]!;
    return byte < 0x80 && byte !== Byte.Backslash ? pos : this.#exoticKeyEnd(from, pos);
  }

  #exoticKeyEnd(from: number, to: number): number {
    const { bytes } = this;
    let pos = to;
    for (;;) {
      if (bytes[pos] !== Byte.Backslash) return bytes[pos]! >= 0x80 ? this.identifierEnd(from) : pos;
      const [, hex] = /^\\u([\da-f]{4})/i.exec(String.fromCharCode(...bytes.subarray(pos, pos + 6))) ?? [];
      if (hex === undefined || parseInt(hex, 16) < 0x80) this.notSure('escape');
      pos += 6;
      while (asciiPart[bytes[pos]!] === 1) pos++;
    }
  }

  #exoticIdentifierEnd(from: number, to: number): number {
    for (let pos = from; pos < to; pos++) {
      if (this.bytes[pos]! >= 0xc2 && this.#exoticSpace(pos) > 0) return pos;
    }
    return to;
  }

  /** The end of the string whose quote stands at a position. */
  stringEnd(from: number): number {
    const { bytes, length } = this;
    const quote = bytes[from]!;
    for (let pos = from + 1; pos < length; pos++) {
      const byte = bytes[pos]!;
      if (stringStop[byte] === 0) continue;
      if (byte === quote) return pos + 1;
      if (byte === Byte.Backslash) {
        pos++;
        if (bytes[pos] === 0x0d && bytes[pos + 1] === 0x0a) pos++;
      } else if (byte === 0x0a || byte === 0x0d) break;
    }
    return this.notSure('syntax');
  }

  numberEnd(from: number): number {
    const { bytes } = this;
    let pos = from;
    const isPrefixed = bytes[pos] === Byte.Digit0 && (bytes[pos + 1]! | 0x20) >= 0x61;
    let hasDot = false;
    for (;;) {
      const byte = bytes[pos]!;
      if (byte === Byte.Dot && !hasDot && !isPrefixed) {
        // `0777.toString()`: legacy octal numbers have no fraction.
        if (bytes[from] === Byte.Digit0 && pos > from + 1) this.notSure('syntax');
        hasDot = true;
      } else if (identifierPart[byte] === 0) break;
      else if ((byte | 0x20) === 0x65 && !isPrefixed && (bytes[pos + 1] === Byte.Plus || bytes[pos + 1] === Byte.Minus))
        pos++;
      else if (byte >= 0x80) return this.identifierEnd(pos) === pos ? pos : this.notSure('syntax');
      pos++;
    }
    if (bytes[pos] === Byte.Backslash) this.notSure('syntax');
    return pos;
  }

  regexEnd(from: number): number {
    const { bytes, length } = this;
    let inClass = false;
    for (let pos = from + 1; pos < length; pos++) {
      const byte = bytes[pos]!;
      if (byte === Byte.Backslash) {
        pos++;
        if (bytes[pos] === 0x0a || bytes[pos] === 0x0d) break;
      } else if (byte === Byte.BracketOpen) inClass = true;
      else if (byte === Byte.BracketClose) inClass = false;
      else if (byte === 0x0a || byte === 0x0d) break;
      else if (byte === 0xe2 && isLineSeparator(bytes, pos)) break;
      else if (byte === Byte.Slash && !inClass) return this.identifierEnd(pos + 1);
    }
    return this.notSure('syntax');
  }

  /** Goes over a byte that must stand ahead. */
  expect(byte: number): void {
    if (this.bytes[this.pos] !== byte) this.notSure('syntax');
    this.advance(this.pos + 1);
  }

  /** Goes over a byte if it stands ahead. */
  take(byte: number): boolean {
    if (this.bytes[this.pos] !== byte) return false;
    this.advance(this.pos + 1);
    return true;
  }
}
