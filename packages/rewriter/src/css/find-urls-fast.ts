/**
 * @module Finds the URLs in CSS text by one regular expression that swallows strings, without tokens: an order of
 * magnitude faster than the tokenizer, and the same wherever it is sure. It is not sure where a backslash stands
 * outside a string, where a string, a comment or a URL has no end, and for what is rare (`image-set()`, `@namespace`).
 */
import type { CssUrl } from './css-urls.js';
import { unescapeCss } from './css-strings.js';

/**
 * Where something begins that matters. Long strings and those with escapes are found by their quote alone: the loops of
 * an expression take memory for each character, and a page must not be able to exhaust it.
 */
const candidate = /"[^"\\\n\r\f]{0,200}"|'[^'\\\n\r\f]{0,200}'|["'\\\0]|\/\*|url\(|@(?:im|fo|na|-|doc)/gi;

/** The same inside `@font-face {}`, whose end has to be seen. */
const candidateInFontFace = /"[^"\\\n\r\f]{0,200}"|'[^'\\\n\r\f]{0,200}'|["'\\\0@{}]|\/\*|url\(/gi;

/** No browser has the one and few stylesheets the other: looked for by itself, so that the rest has less to look for (one by one, which is twice as fast). */
const srcFunction = /src\(/i;
const imageSetFunction = /image-set\(/i;

const atKeyword = /@(import|font-face|namespace|[-\w]*document)(?![-\w\u0080-\uffff\\])/iy;
const fontFaceStart = /[ \t\n\r\f]*\{/y;
const importStart = /[ \t\n\r\f]*(?=["']|url\()/iy;

/** Not in an unquoted URL: quotes, parentheses, backslashes, spaces, what cannot be printed. */
const notInUrl = /["'(\\\0-\x08\x0b\x0e-\x1f\x7f \t\n\r\f]/;

/** Where a string may end or has to be looked at. */
const stringStop = { '"': /["\\\n\r\f]/g, "'": /['\\\n\r\f]/g } as const;

/**
 * @returns every URL in order, as the tokenizer finds them; null when the tokenizer has to
 */
export function findCssUrlsFast(css: string): CssUrl[] | null {
  const urls: CssUrl[] = [];
  // (The first may be a mark that the tokenizer skips.)
  if (css.charCodeAt(0) >= 0xfefe || srcFunction.test(css) || imageSetFunction.test(css)) return null;
  let pattern = candidate;
  let isInFontFace = false;
  let position = 0;
  for (;;) {
    pattern.lastIndex = position;
    const match = pattern.exec(css);
    if (match === null) return urls;
    const found = match[0];
    position = pattern.lastIndex;
    switch (found[0]) {
      case '"':
      case "'":
        if (found.length > 1) break;
        position = stringEnd(css, match.index);
        if (position < 0) return null;
        break;
      case '/':
        position = css.indexOf('*/', position) + 2;
        if (position < 2) return null;
        break;
      case 'u':
      case 'U': {
        const isUrl = isUrlFunction(css, match.index);
        if (isUrl === undefined) return null;
        if (!isUrl) break;
        const url = urlAt(css, match.index, isInFontFace ? 'font' : 'image');
        if (url === null) return null;
        urls.push(url);
        position = url.end;
        break;
      }
      case '@': {
        if (isInFontFace) return null;
        atKeyword.lastIndex = match.index;
        const keyword = atKeyword.exec(css);
        if (keyword === null) break;
        position = atKeyword.lastIndex;
        const rule = keyword[1]!.toLowerCase();
        if (rule === 'font-face') {
          fontFaceStart.lastIndex = position;
          if (!fontFaceStart.test(css)) return null;
          position = fontFaceStart.lastIndex;
          isInFontFace = true;
          pattern = candidateInFontFace;
        } else if (rule === 'import') {
          const url = importAt(css, position, match.index);
          if (url === null) return null;
          urls.push(url);
          position = url.end;
        } else {
          return null;
        }
        break;
      }
      case '}':
        isInFontFace = false;
        pattern = candidate;
        break;
      default: // a backslash, a NUL, or a block inside @font-face
        return null;
    }
  }
}

/** Whether a name begins at `start`, or only goes on there; undefined when only the tokenizer can tell. */
function isUrlFunction(css: string, start: number): boolean | undefined {
  const before = css.charCodeAt(start - 1);
  if (before === 0x23 || before === 0x40) return false; // part of a hash or of an at-keyword
  if (!isNameCode(before)) return true;
  return before === 0x2d && css.startsWith('<!--', start - 4) ? undefined : false;
}

/** NaN, before the first character, is none. */
function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f ||
    code >= 0x80
  );
}

/** The URL in a `url(` that begins at `start`; null when it is anything but one string, or one unquoted URL. */
function urlAt(css: string, start: number, urlClass: CssUrl['urlClass']): CssUrl | null {
  const open = start + 4;
  let first = open;
  while (isSpaceCode(css.charCodeAt(first))) first++;
  const quote = css[first];
  if (quote === '"' || quote === "'") return stringAt(css, first, urlClass);
  const close = css.indexOf(')', first);
  if (close < 0) return null;
  let last = close;
  while (last > first && isSpaceCode(css.charCodeAt(last - 1))) last--;
  const value = css.slice(first, last);
  if (notInUrl.test(value)) return null;
  return { start, end: close + 1, form: 'url', value, urlClass };
}

function stringAt(css: string, start: number, urlClass: CssUrl['urlClass']): CssUrl | null {
  const end = stringEnd(css, start);
  if (end < 0) return null;
  return { start, end, form: 'string', value: unescapeCss(css.slice(start + 1, end - 1)), urlClass };
}

/** What `@import` imports, if it says so at once and stands where no parenthesis is open. */
function importAt(css: string, position: number, ruleStart: number): CssUrl | null {
  importStart.lastIndex = position;
  if (!importStart.test(css)) return null;
  const start = importStart.lastIndex;
  const isString = css[start] === '"' || css[start] === "'";
  if (!isString) return urlAt(css, start, 'stylesheet');
  const open = css.indexOf('(');
  return open >= 0 && open < ruleStart ? null : stringAt(css, start, 'stylesheet');
}

/** Just after the string that begins at `start`; -1 when it does not end. */
function stringEnd(css: string, start: number): number {
  const stop = stringStop[css[start] as '"' | "'"];
  stop.lastIndex = start + 1;
  for (;;) {
    const match = stop.exec(css);
    if (match === null) return -1;
    if (match[0] !== '\\') return match[0] === css[start] ? stop.lastIndex : -1;
    stop.lastIndex += css.startsWith('\r\n', stop.lastIndex) ? 2 : 1;
    if (stop.lastIndex > css.length) return -1;
  }
}

function isSpaceCode(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c;
}
