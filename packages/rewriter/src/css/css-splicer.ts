/**
 * @module Rewrites a stylesheet as it comes in. Holds back no more than the token in progress.
 */
import { tokenize } from 'css-tree/tokenizer';
import { CssUrlTokens } from './css-urls.js';
import { proxyUrlFor, spell, type StylesheetContext } from './rewrite-stylesheet.js';

/** No token depends on more than three characters after its end. */
const furthestLookahead = 4;

export class CssSplicer {
  readonly #context: StylesheetContext;
  readonly #tokens: CssUrlTokens;
  #source = '';
  /** How long the source has to be before it is worth another look: a long token is not read again for each chunk. */
  #nextLength = 0;
  #output = '';
  #copied = 0;

  constructor(context: StylesheetContext) {
    this.#context = context;
    this.#tokens = new CssUrlTokens((url) => {
      const replacement = proxyUrlFor(url, this.#context);
      if (replacement === null) return;
      this.#output += this.#source.slice(this.#copied, url.start) + spell(replacement, url, this.#source);
      this.#copied = url.end;
    });
  }

  /** Takes more of the stylesheet and returns what of it can leave. */
  write(css: string): string {
    this.#source += css;
    if (this.#source.length < this.#nextLength) return '';
    return this.#advance(this.#source.length - furthestLookahead);
  }

  /** The rest. */
  end(): string {
    // (A bad URL that is cut off in an escape ends after the text, for the tokenizer.)
    return this.#advance(Infinity) + this.#leave(this.#source.length);
  }

  /** Takes the tokens that end at `last` or before, which more input cannot change. */
  #advance(last: number): string {
    const source = this.#source;
    const waiting: number[] = [];
    let taken = 0;
    tokenize(source, (type, start, end) => {
      if (end > last) return;
      waiting.push(type, start, end);
      // The tokenizer skips a byte order mark at the start of a text, so none may start with one that is no mark.
      if (isMark(source.charCodeAt(end))) return;
      for (let i = 0; i < waiting.length; i += 3) {
        this.#tokens.take(source, waiting[i]!, waiting[i + 1]!, waiting[i + 2]!);
      }
      waiting.length = 0;
      taken = end;
    });
    return this.#leave(taken);
  }

  #leave(end: number): string {
    const output = this.#output + this.#source.slice(this.#copied, end);
    this.#output = '';
    this.#copied = 0;
    this.#source = this.#source.slice(end);
    this.#nextLength = this.#source.length * 2;
    return output;
  }
}

/** What css-tree takes for a byte order mark, of either order. */
function isMark(code: number): boolean {
  return code === 0xfeff || code === 0xfffe;
}
