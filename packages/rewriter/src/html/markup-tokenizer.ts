/**
 * @module parse5's tokenizer, told to leave text alone. A splice never looks into text, so its states skip to the next
 * character that could end it: no character tokens, no references decoded, most of a document never visited by the
 * state machine. Tags, comments and doctypes are tokenized by parse5 itself.
 */
import { Token, Tokenizer, TokenizerMode, type TokenHandler } from 'parse5';
import { TagScanner, type WantedAttributes } from './tag-scanner.js';

const { START_TAG, END_TAG } = Token.TokenType;

const HYPHEN_MINUS = 0x2d;
const LESS_THAN_SIGN = 0x3c;
const GREATER_THAN_SIGN = 0x3e;
const END_OF_INPUT = -1;

/** An attribute value up to what the state machine has to see: its end, a reference, a NUL, a line break to normalize. */
const plainDoubleQuoted = /[^"&\0\r\n\ud800-\udfff]+/y;
const plainSingleQuoted = /[^'&\0\r\n\ud800-\udfff]+/y;

/** Text in the escaped states of a script. */
const plainEscaped = /[^-<]*/y;

/** A tag that is cut off by the end of a chunk waits for the next one, up to this length. */
const longestWait = 4096;

export class MarkupTokenizer extends Tokenizer {
  /**
   * Everything before it is text or complete tokens. While a token is in progress, this is where it starts; when a
   * handler is called for a tag, this is the offset of its `<`.
   */
  textEnd = 0;

  /** Where the data of a comment in progress has been read to. */
  commentDataEnd = 0;

  readonly #scanner: TagScanner;

  /** @param wanted the attributes that tokens have to tell of; which others they tell of is left open */
  constructor(handler: TokenHandler, wanted: WantedAttributes = 'all') {
    super({ sourceCodeLocationInfo: false }, handler);
    this.#scanner = new TagScanner(wanted);
  }

  /** The start of a tag, of which the end is not there yet. */
  #waiting = '';

  /** A tag in two pieces would be read a character at a time. */
  override write(chunk: string, isLastChunk: boolean): void {
    const text = this.#waiting + chunk;
    const start = isLastChunk ? -1 : startOfCutTag(text);
    this.#waiting = start < 0 ? '' : text.slice(start);
    super.write(start < 0 ? text : text.slice(0, start), isLastChunk);
  }

  /** The offset just after what has been consumed: in a handler, the end of its token. */
  get consumedEnd(): number {
    return this.preprocessor.offset + 1;
  }

  protected override _stateData(cp: number): void {
    if (cp === LESS_THAN_SIGN && this.#takePlainMarkup()) return;
    if (this.#skipTextTo('<', cp)) super._stateData(cp);
  }

  protected override _stateRcdata(cp: number): void {
    if (this.#skipTextTo('<', cp)) super._stateRcdata(cp);
  }

  protected override _stateRawtext(cp: number): void {
    if (this.#skipTextTo('<', cp)) super._stateRawtext(cp);
  }

  protected override _stateScriptData(cp: number): void {
    if (this.#skipTextTo('<', cp)) super._stateScriptData(cp);
  }

  protected override _statePlaintext(cp: number): void {
    if (this.#skipTextTo('', cp)) super._statePlaintext(cp);
  }

  protected override _stateCdataSection(cp: number): void {
    if (this.#skipTextTo(']', cp)) super._stateCdataSection(cp);
  }

  // Inside `<!-- -->` of a script every dash counts, and every `<`; what is between is skipped.
  protected override _stateScriptDataEscaped(cp: number): void {
    this.textEnd = this.preprocessor.offset;
    if (this.#skipsEscaped(cp)) return;
    super._stateScriptDataEscaped(cp);
  }

  protected override _stateScriptDataEscapedDash(cp: number): void {
    this.textEnd = this.preprocessor.offset;
    super._stateScriptDataEscapedDash(cp);
  }

  protected override _stateScriptDataEscapedDashDash(cp: number): void {
    this.textEnd = this.preprocessor.offset;
    super._stateScriptDataEscapedDashDash(cp);
  }

  protected override _stateScriptDataDoubleEscaped(cp: number): void {
    this.textEnd = this.preprocessor.offset;
    if (this.#skipsEscaped(cp)) return;
    super._stateScriptDataDoubleEscaped(cp);
  }

  /** A comment's data is never changed, so it need not be held back or collected. */
  protected override _stateComment(cp: number): void {
    if (cp === HYPHEN_MINUS || cp === END_OF_INPUT) {
      super._stateComment(cp);
      return;
    }
    const { html, pos } = this.preprocessor;
    // (The states that begin with "<" only report errors: they do not change where a comment ends.)
    const dash = html.indexOf('-', pos);
    this.commentDataEnd = this.#advanceTo(dash < 0 ? html.length : dash);
  }

  protected override _stateBogusComment(cp: number): void {
    if (cp === GREATER_THAN_SIGN || cp === END_OF_INPUT) {
      super._stateBogusComment(cp);
      return;
    }
    const end = this.preprocessor.html.indexOf('>', this.preprocessor.pos);
    this.commentDataEnd = this.#advanceTo(end < 0 ? this.preprocessor.html.length : end);
  }

  protected override _stateAttributeValueDoubleQuoted(cp: number): void {
    super._stateAttributeValueDoubleQuoted(cp);
    this.#takeRun(plainDoubleQuoted);
  }

  protected override _stateAttributeValueSingleQuoted(cp: number): void {
    super._stateAttributeValueSingleQuoted(cp);
    this.#takeRun(plainSingleQuoted);
  }

  // Text is never looked at. (Attribute values and comments collect their own text by another way.)
  protected override _emitCodePoint(): void {}
  protected override _emitChars(): void {}

  /**
   * Takes tags and the text between them until something comes that the state machine has to read, from its first
   * character on. Most of a document goes through here.
   *
   * @returns false when that is so at once
   */
  #takePlainMarkup(): boolean {
    const { preprocessor } = this;
    const scanner = this.#scanner;
    const { html, droppedBufferSize } = preprocessor;
    let position = preprocessor.pos;
    if (!scanner.scan(html, position)) return false;
    do {
      this.textEnd = droppedBufferSize + position;
      preprocessor.pos = scanner.end - 1;
      this.#emitTag();
      position = scanner.end;
      if (this.state !== TokenizerMode.DATA) break;
      const next = html.indexOf('<', position);
      position = next < 0 ? html.length : next;
      preprocessor.pos = position - 1;
      this.textEnd = droppedBufferSize + position;
    } while (position < html.length && scanner.scan(html, position));
    preprocessor.dropParsedChunk();
    return true;
  }

  #emitTag(): void {
    const { isEndTag, tagName, selfClosing, attrs } = this.#scanner;
    const type = (isEndTag ? END_TAG : START_TAG) as Token.TagToken['type'];
    const token = { type, tagName, tagID: 0, selfClosing, ackSelfClosing: false, attrs, location: null };
    if (isEndTag) {
      this.handler.onEndTag(token);
    } else {
      this.lastStartTagName = tagName;
      this.handler.onStartTag(token);
    }
  }

  /** Whether the state machine has to see `cp`; if not, all text before the next `delimiter` has been consumed. */
  #skipTextTo(delimiter: string, cp: number): boolean {
    const { preprocessor } = this;
    if (cp === END_OF_INPUT || (delimiter !== '' && cp === delimiter.charCodeAt(0))) {
      this.textEnd = preprocessor.offset;
      return true;
    }
    const next = delimiter === '' ? -1 : preprocessor.html.indexOf(delimiter, preprocessor.pos + 1);
    this.textEnd = this.#advanceTo(next < 0 ? preprocessor.html.length : next);
    return false;
  }

  /**
   * Consumes up to `end`, an index into what the preprocessor holds, and lets go of what it no longer needs.
   *
   * @returns the offset of `end` in the whole input
   */
  #advanceTo(end: number): number {
    const { preprocessor } = this;
    preprocessor.pos = Math.max(preprocessor.pos, end - 1);
    const offset = preprocessor.droppedBufferSize + preprocessor.pos + 1;
    // The pending run is empty in text and is not read in comments, so its indexes may become stale.
    this.runStart = this.runEnd = 0;
    preprocessor.dropParsedChunk();
    return offset;
  }

  /** @returns whether text up to the next dash or `<` has been consumed */
  #skipsEscaped(cp: number): boolean {
    if (cp === END_OF_INPUT || cp === HYPHEN_MINUS || cp === LESS_THAN_SIGN) return false;
    const { html, pos } = this.preprocessor;
    plainEscaped.lastIndex = pos;
    plainEscaped.test(html);
    this.textEnd = this.#advanceTo(plainEscaped.lastIndex);
    return true;
  }

  /** Extends the attribute value by a run that needs no thought, in one step. */
  #takeRun(pattern: RegExp): void {
    const { preprocessor } = this;
    if (this.runEnd !== preprocessor.pos + 1) return;
    pattern.lastIndex = preprocessor.pos + 1;
    if (!pattern.test(preprocessor.html)) return;
    // The last one in the tokenizer's own way: a carriage return before the run is then none before what follows it.
    preprocessor.pos = pattern.lastIndex - 2;
    preprocessor.advance();
    this.runEnd = pattern.lastIndex;
  }
}

/** @returns -1 if no tag is cut off by the end of the text, or too much of one is there already */
function startOfCutTag(text: string): number {
  const start = text.lastIndexOf('<');
  if (start < 0 || text.length - start > longestWait || text.includes('>', start)) return -1;
  return start + 1 === text.length || /[a-z/]/i.test(text[start + 1]!) ? start : -1;
}
