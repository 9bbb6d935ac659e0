/**
 * @module Reads a whole tag in one pass over its characters, for the tags that need no error handling beyond what is the
 * same everywhere. Attributes that nobody asks about are stepped over: they make no strings.
 */
import type { Token } from 'parse5';
import { decodeAttributeValue } from './attribute-value.js';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const FORM_FEED = 0x0c;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const APOSTROPHE = 0x27;
const SOLIDUS = 0x2f;
const EQUALS_SIGN = 0x3d;
const GREATER_THAN_SIGN = 0x3e;
const SMALL_O = 0x6f;
const SMALL_N = 0x6e;

/** What the state machine would change in a value: it has to do so. */
const changedByParser = /[\0\r]/;

/** Which attributes are asked about, besides event handlers. `all` is every one. */
export type WantedAttributes = 'all' | { readonly names: ReadonlySet<string>; readonly prefix: string };

/** Most values with references are of attributes that nobody reads. */
class ReferringAttribute implements Token.Attribute {
  readonly #written: string;
  #value: string | null = null;

  constructor(
    readonly name: string,
    written: string,
  ) {
    this.#written = written;
  }

  get value(): string {
    return (this.#value ??= decodeAttributeValue(this.#written));
  }
}

const noAttributes: readonly Token.Attribute[] = [];

export class TagScanner {
  /** After a scan that succeeded. */
  isEndTag = false;
  tagName = '';
  selfClosing = false;
  attrs: Token.Attribute[] = [];
  /** Just after the `>`. */
  end = 0;

  readonly #wanted: WantedAttributes;
  /** Whether a wanted name begins with that character and has that length: one look-up for most attributes. */
  readonly #lengths: Uint8Array | null;

  constructor(wanted: WantedAttributes) {
    this.#wanted = wanted;
    this.#lengths = wanted === 'all' ? null : nameLengths(wanted);
  }

  /**
   * @param start where a `<` stands
   * @returns false when the state machine has to read it: no tag, not all of it is there yet, or a rare error in it
   */
  scan(html: string, start: number): boolean {
    let position = start + 1;
    let code = html.charCodeAt(position);
    this.isEndTag = code === SOLIDUS;
    if (this.isEndTag) code = html.charCodeAt(++position);
    if (!isLetter(code)) return false;

    const nameStart = position;
    let hasCapital = false;
    for (;;) {
      if (code >= 0x41 && code <= 0x5a) hasCapital = true;
      code = html.charCodeAt(++position);
      if (code > SOLIDUS ? code === GREATER_THAN_SIGN : code === SPACE || code === SOLIDUS) break;
      if (code !== code || code === 0) return false; // NaN: the end of what is there
      if (code <= CARRIAGE_RETURN && isSpace(code)) break;
    }
    const name = html.slice(nameStart, position);
    this.tagName = hasCapital ? toLowerCase(name) : name;
    this.selfClosing = false;
    this.attrs = noAttributes as Token.Attribute[];
    return code === GREATER_THAN_SIGN ? this.#endAt(position) : this.#scanAttributes(html, position);
  }

  #endAt(position: number): true {
    this.end = position + 1;
    return true;
  }

  #scanAttributes(html: string, from: number): boolean {
    let position = from;
    for (;;) {
      // Before attribute name; a solidus that ends no tag is a space.
      let code = html.charCodeAt(position);
      while (isSpace(code) || code === SOLIDUS) {
        const next = html.charCodeAt(++position);
        if (code === SOLIDUS && next === GREATER_THAN_SIGN) {
          this.selfClosing = true;
          return this.#endAt(position);
        }
        code = next;
      }
      if (code === GREATER_THAN_SIGN) return this.#endAt(position);
      if (code === EQUALS_SIGN) return false;

      const nameStart = position;
      while (!(code === EQUALS_SIGN || code === GREATER_THAN_SIGN || code === SOLIDUS || isSpace(code))) {
        if (code !== code || code === 0) return false;
        code = html.charCodeAt(++position);
      }
      const nameEnd = position;
      while (isSpace(code)) code = html.charCodeAt(++position);

      let valueStart = nameEnd;
      let valueEnd = nameEnd;
      if (code === EQUALS_SIGN) {
        do code = html.charCodeAt(++position);
        while (isSpace(code));
        if (code === QUOTATION_MARK || code === APOSTROPHE) {
          valueStart = position + 1;
          valueEnd = html.indexOf(code === QUOTATION_MARK ? '"' : "'", valueStart);
          if (valueEnd < 0) return false;
          position = valueEnd + 1;
        } else {
          valueStart = position;
          while (code !== GREATER_THAN_SIGN && !isSpace(code)) {
            if (code !== code) return false;
            code = html.charCodeAt(++position);
          }
          valueEnd = position;
        }
      }
      if (!this.isEndTag && this.#mayBeWanted(html, nameStart, nameEnd)) {
        if (!this.#take(html.slice(nameStart, nameEnd), html.slice(valueStart, valueEnd))) return false;
      }
    }
  }

  #mayBeWanted(html: string, start: number, end: number): boolean {
    if (this.#lengths === null) return true;
    const first = html.charCodeAt(start) | 0x20;
    if (first === SMALL_O && (html.charCodeAt(start + 1) | 0x20) === SMALL_N) return true;
    return first < 0x80 && this.#lengths[(first << 5) | Math.min(end - start, longestTold)] === 1;
  }

  /** @returns false where the value is not what is written, in a way that is not ours to know */
  #take(written: string, value: string): boolean {
    const name = toLowerCase(written);
    const wanted = this.#wanted;
    if (wanted !== 'all' && !wanted.names.has(name) && !name.startsWith('on') && !name.startsWith(wanted.prefix)) {
      return true;
    }
    // Of several attributes of one name the first is the attribute.
    for (const { name: earlier } of this.attrs) if (earlier === name) return true;
    if (changedByParser.test(value)) return false;
    const refers = value.includes('&');
    if (refers && value.includes('"') && value.includes("'")) return false;
    if (this.attrs.length === 0) this.attrs = [];
    this.attrs.push(refers ? new ReferringAttribute(name, value) : { name, value });
    return true;
  }
}

/** ASCII only, as the tokenizer does it. */
function toLowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : name;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB || code === CARRIAGE_RETURN || code === FORM_FEED;
}

/** Names of 31 characters and more share a place. */
const longestTold = 31;

function nameLengths({ names, prefix }: Exclude<WantedAttributes, 'all'>): Uint8Array {
  const lengths = new Uint8Array(0x80 << 5);
  const placeOf = (name: string, length: number): number => (name.charCodeAt(0) << 5) | Math.min(length, longestTold);
  for (const name of names) lengths[placeOf(name, name.length)] = 1;
  for (let length = prefix.length; length <= longestTold; length++) lengths[placeOf(prefix, length)] = 1;
  return lengths;
}
