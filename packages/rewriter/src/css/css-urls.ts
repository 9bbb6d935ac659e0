/**
 * @module Finds the URLs in CSS text with css-tree's tokenizer, so that comments, strings, escapes and unquoted URLs
 * are what the standard says they are. No tree: a URL's class follows from the at-rule and the function it stands in.
 */
import { tokenize, tokenTypes } from 'css-tree/tokenizer';
import type { UrlClass } from '../url/index.js';
import { unescapeCss } from './css-strings.js';
import { findCssUrlsFast } from './find-urls-fast.js';

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

/** By the fast way where that is sure, else by tokens. */
export function findCssUrls(css: string, onUrl: (url: CssUrl) => void): void {
  const urls = findCssUrlsFast(css);
  if (urls === null) findCssUrlsByTokens(css, onUrl);
  else urls.forEach(onUrl);
}

/** The reference: what the fast way has to agree with. */
export function findCssUrlsByTokens(css: string, onUrl: (url: CssUrl) => void): void {
  const functions: FunctionKind[] = [];
  /** A `url(` or `src(` takes one string; modifiers may follow it. */
  let expectsString = false;
  let prelude: 'import' | 'font-face' | 'ignored' | null = null;
  let depth = 0;
  let fontFaceDepth = -1;

  const report = (form: CssUrl['form'], start: number, end: number, text: string): void => {
    if (prelude === 'ignored') return;
    const isImport = prelude === 'import';
    if (isImport) prelude = null; // what follows (layer, supports, media) holds no URL of the rule
    const urlClass = isImport ? 'stylesheet' : fontFaceDepth >= 0 ? 'font' : 'image';
    onUrl({ start, end, form, value: unescapeCss(text), urlClass });
  };

  tokenize(css, (type, start, end) => {
    switch (type) {
      case tokenTypes.AtKeyword: {
        const name = unescapeCss(css.slice(start + 1, end)).toLowerCase();
        if (name === 'import' || name === 'font-face') prelude = name;
        else prelude = name === 'namespace' || name.endsWith('document') ? 'ignored' : null;
        break;
      }
      case tokenTypes.Semicolon:
        prelude = null;
        break;
      case tokenTypes.LeftCurlyBracket:
        depth++;
        if (prelude === 'font-face') fontFaceDepth = depth;
        prelude = null;
        break;
      case tokenTypes.RightCurlyBracket:
        if (depth === fontFaceDepth) fontFaceDepth = -1;
        depth = Math.max(0, depth - 1);
        break;
      case tokenTypes.Url: {
        // "url(" may be spelled with escapes, its parenthesis not; the closing one may be missing at the end.
        const open = css.indexOf('(', start) + 1;
        const text = css.slice(open, css[end - 1] === ')' && !isEscaped(css, end - 1) ? end - 1 : end);
        report('url', start, end, text.replace(/^[ \t\n\r\f]+/, '').replace(/(?<!\\)[ \t\n\r\f]+$/, ''));
        break;
      }
      case tokenTypes.Function: {
        const kind = functionKind(unescapeCss(css.slice(start, end - 1)).toLowerCase());
        functions.push(kind);
        expectsString = kind === 'url';
        break;
      }
      case tokenTypes.LeftParenthesis:
        functions.push('other');
        break;
      case tokenTypes.RightParenthesis:
        functions.pop();
        expectsString = false;
        break;
      case tokenTypes.String: {
        const kind = functions.at(-1);
        const isUrl = kind === 'image-set' || (kind === 'url' && expectsString);
        if (isUrl || (prelude === 'import' && functions.length === 0)) {
          const isClosed = end - start > 1 && css[end - 1] === css[start] && !isEscaped(css, end - 1);
          report('string', start, end, css.slice(start + 1, isClosed ? end - 1 : end));
        }
        expectsString = false;
        break;
      }
    }
  });
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
