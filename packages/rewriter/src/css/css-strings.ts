/**
 * @module Strings and URLs of CSS: escapes out, escapes in.
 */

/** https://drafts.csswg.org/css-syntax/#consume-escaped-code-point, over a whole string without its quotes. */
export function unescapeCss(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|([^]?))/gi,
    (_whole, hex, newline, other) => {
      if (newline !== undefined) return ''; // a line that goes on
      if (hex === undefined) return other as string;
      const codePoint = Number.parseInt(hex as string, 16);
      const isInvalid = codePoint === 0 || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff);
      return isInvalid ? '\ufffd' : String.fromCodePoint(codePoint);
    },
  );
}

/** A CSS string; always quoted, since an unquoted `url()` could not hold the parentheses and quotes of a proxy URL. */
export function quoteCss(text: string, quote: '"' | "'" = '"'): string {
  const escaped = text.replace(/["'\\\n\r\f]/g, (character) => {
    if (character === '\\' || character === quote) return '\\' + character;
    if (character === '"' || character === "'") return character;
    return `\\${character.charCodeAt(0).toString(16)} `;
  });
  return quote + escaped + quote;
}
