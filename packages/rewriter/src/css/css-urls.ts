/**
 * @module Finds the URLs in CSS text with css-tree's tokenizer, so that comments, strings, escapes and unquoted URLs
 * are what the standard says they are. No tree: a URL's class follows from the at-rule and the function it stands in.
 */
import { tokenize, tokenTypes } from 'css-tree/tokenizer';
import type { UrlClass } from '../url/index.js';
import { unescapeCss } from './css-strings.js';

/** One URL: `[start, end)` is what to replace, a string with its quotes or a whole unquoted `url(...)`. */
export interface CssUrl {
  start: number;
  end: number;
  form: 'string' | 'url';
  value: string;
  urlClass: UrlClass;
}

/** What the strings directly inside a function are. */
type FunctionKind = 'url' | 'image-set' | 'other';

/** The reference: what the fast way has to agree with. */
export function findCssUrlsByTokens(css: string, onUrl: (url: CssUrl) => void): void {
  const tokens = new CssUrlTokens(onUrl);
  tokenize(css, (type, start, end) => tokens.take(css, type, start, end));
}

/** Takes the tokens of a stylesheet, of one text or of several that follow each other, and reports the URLs in them. */
export class CssUrlTokens {
  readonly #onUrl: (url: CssUrl) => void;
  readonly #functions: FunctionKind[] = [];
  /** A `url(` or `src(` takes one string; modifiers may follow it. */
  #expectsString = false;
  #prelude: 'import' | 'font-face' | 'ignored' | null = null;
  #depth = 0;
  #fontFaceDepth = -1;

  constructor(onUrl: (url: CssUrl) => void) {
    this.#onUrl = onUrl;
  }

  take(css: string, type: number, start: number, end: number): void {
    switch (type) {
      case tokenTypes.AtKeyword: {
        const name = unescapeCss(css.slice(start + 1, end)).toLowerCase();
        if (name === 'import' || name === 'font-face') this.#prelude = name;
        else this.#prelude = name === 'namespace' || name.endsWith('document') ? 'ignored' : null;
        break;
      }
      case tokenTypes.Semicolon:
        this.#prelude = null;
        break;
      case tokenTypes.LeftCurlyBracket:
        this.#depth++;
        if (this.#prelude === 'font-face') this.#fontFaceDepth = this.#depth;
        this.#prelude = null;
        break;
      case tokenTypes.RightCurlyBracket:
        if (this.#depth === this.#fontFaceDepth) this.#fontFaceDepth = -1;
        this.#depth = Math.max(0, this.#depth - 1);
        break;
      case tokenTypes.Url: {
        // "url(" may be spelled with escapes, its parenthesis not; the closing one may be missing at the end.
        const open = css.indexOf('(', start) + 1;
        const text = css.slice(open, css[end - 1] === ')' && !isEscaped(css, end - 1) ? end - 1 : end);
        this.#report('url', start, end, text.replace(/^[ \t\n\r\f]+/, '').replace(/(?<!\\)[ \t\n\r\f]+$/, ''));
        break;
      }
      case tokenTypes.Function: {
        const kind = functionKind(unescapeCss(css.slice(start, end - 1)).toLowerCase());
        this.#functions.push(kind);
        this.#expectsString = kind === 'url';
        break;
      }
      case tokenTypes.LeftParenthesis:
        this.#functions.push('other');
        break;
      case tokenTypes.RightParenthesis:
        this.#functions.pop();
        this.#expectsString = false;
        break;
      case tokenTypes.String: {
        const kind = this.#functions.at(-1);
        const isUrl = kind === 'image-set' || (kind === 'url' && this.#expectsString);
        if (isUrl || (this.#prelude === 'import' && this.#functions.length === 0)) {
          const isClosed = end - start > 1 && css[end - 1] === css[start] && !isEscaped(css, end - 1);
          this.#report('string', start, end, css.slice(start + 1, isClosed ? end - 1 : end));
        }
        this.#expectsString = false;
        break;
      }
    }
  }

  #report(form: CssUrl['form'], start: number, end: number, text: string): void {
    if (this.#prelude === 'ignored') return;
    const isImport = this.#prelude === 'import';
    if (isImport) this.#prelude = null; // what follows (layer, supports, media) holds no URL of the rule
    const urlClass = isImport ? 'stylesheet' : this.#fontFaceDepth >= 0 ? 'font' : 'image';
    this.#onUrl({ start, end, form, value: unescapeCss(text), urlClass });
  }
}

function functionKind(name: string): FunctionKind {
  if (name === 'url' || name === 'src') return 'url';
  return name === 'image-set' || name === '-webkit-image-set' ? 'image-set' : 'other';
}

function isEscaped(css: string, position: number): boolean {
  let backslashes = 0;
  while (css[position - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
