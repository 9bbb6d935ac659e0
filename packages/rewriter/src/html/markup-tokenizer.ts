/**
 * @module parse5's tokenizer, told to leave text alone. A splice never looks into text, so its states skip to the next
 * character that could end it: no character tokens, no references decoded, most of a document never visited by the
 * state machine. Tags, comments and doctypes are tokenized by parse5 itself.
 */
import { Token, Tokenizer, type TokenHandler } from 'parse5';
import { decodeAttributeValue } from './attribute-value.js';

const { START_TAG, END_TAG } = Token.TokenType;

const HYPHEN_MINUS = 0x2d;
const LESS_THAN_SIGN = 0x3c;
const GREATER_THAN_SIGN = 0x3e;
const END_OF_INPUT = -1;

/** An attribute value up to what the state machine has to see: its end, a reference, a NUL, a line break to normalize. */
const plainDoubleQuoted = /[^"&\0\r\n\ud800-\udfff]+/y;
const plainSingleQuoted = /[^'&\0\r\n\ud800-\udfff]+/y;

/** Exact where they match: no CR or NUL, which the state machine would have to change. */
const plainTagName = /<(\/?)([a-z][a-z0-9-]*)(?=[\t\n />])/y;
const plainAttribute =
  /[\t\n ]+([!#-&(-.0-;?-~]+)(?:="([^"\0\r]*)"|='([^'\0\r]*)'|=([^\s"'=<>`&\0]+)(?=[\t\n >])|(?=[\t\n >]))/y;
const plainTagEnd = /[\t\n ]*(\/?)>/y;

/** Names are compared one by one; parse5 keeps a set of many. */
const mostPlainAttributes = 32;

/** Most values with references are of attributes that nobody asks about. */
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

export class MarkupTokenizer extends Tokenizer {
  /**
   * Everything before it is text or complete tokens. While a token is in progress, this is where it starts; when a
   * handler is called for a tag, this is the offset of its `<`.
   */
  textEnd = 0;

  /** Where the data of a comment in progress has been read to. */
  commentDataEnd = 0;

  constructor(handler: TokenHandler) {
    super({ sourceCodeLocationInfo: false }, handler);
  }

  /** The offset just after what has been consumed: in a handler, the end of its token. */
  get consumedEnd(): number {
    return this.preprocessor.offset + 1;
  }

  protected override _stateData(cp: number): void {
    if (cp === LESS_THAN_SIGN && this.#takePlainTag()) return;
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

  // Inside `<!-- -->` of a script every dash counts, so these go on a character at a time, marking where they are.
  protected override _stateScriptDataEscaped(cp: number): void {
    this.textEnd = this.preprocessor.offset;
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
   * Most tags are whole, in lower case and without errors: those are read by a few sticky expressions. What they do not
   * match in every detail is left to the state machine, from its `<` on.
   */
  #takePlainTag(): boolean {
    const { preprocessor } = this;
    const { html, pos } = preprocessor;
    plainTagName.lastIndex = pos;
    const name = plainTagName.exec(html);
    if (name === null) return false;
    const isEndTag = name[1] === '/';
    const attrs: Token.Attribute[] = [];
    let end = plainTagName.lastIndex;
    while (html.charCodeAt(end) !== GREATER_THAN_SIGN) {
      plainAttribute.lastIndex = end;
      const attribute = plainAttribute.exec(html);
      if (attribute === null || isEndTag) break;
      const attributeName = attribute[1]!.toLowerCase();
      if (attrs.length >= mostPlainAttributes) return false;
      for (const { name: earlier } of attrs) if (earlier === attributeName) return false;
      const value = attribute[2] ?? attribute[3] ?? attribute[4] ?? '';
      attrs.push(value.includes('&') ? new ReferringAttribute(attributeName, value) : { name: attributeName, value });
      end = plainAttribute.lastIndex;
    }
    plainTagEnd.lastIndex = end;
    const tagEnd = plainTagEnd.exec(html);
    if (tagEnd === null) return false;

    const token: Token.TagToken = {
      type: (isEndTag ? END_TAG : START_TAG) as Token.TagToken['type'],
      tagName: name[2]!,
      tagID: 0,
      selfClosing: tagEnd[1] === '/',
      ackSelfClosing: false,
      attrs,
      location: null,
    };
    this.textEnd = preprocessor.offset;
    preprocessor.pos = plainTagEnd.lastIndex - 1;
    if (isEndTag) {
      this.handler.onEndTag(token);
    } else {
      this.lastStartTagName = token.tagName;
      this.handler.onStartTag(token);
    }
    preprocessor.dropParsedChunk();
    return true;
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

  /** Extends the attribute value by a run that needs no thought, in one step. */
  #takeRun(pattern: RegExp): void {
    const { preprocessor } = this;
    if (this.runEnd !== preprocessor.pos + 1) return;
    pattern.lastIndex = preprocessor.pos + 1;
    if (!pattern.test(preprocessor.html)) return;
    preprocessor.pos = pattern.lastIndex - 1;
    this.runEnd = pattern.lastIndex;
  }
}
