/**
 * @module The text of SVG scripts and styles, which is markup: references and CDATA sections have to be read before it
 * can be rewritten, and written again after.
 */
import { Tokenizer, type Token, type TokenHandler } from 'parse5';

/** @param source markup without tags and comments */
export function decodeForeignText(source: string): string {
  if (!/[&<]/.test(source)) return source;
  let text = '';
  const collect = (token: Token.CharacterToken): void => {
    text += token.chars;
  };
  const ignore = (): void => {};
  const handler: TokenHandler = {
    onCharacter: collect,
    onWhitespaceCharacter: collect,
    onNullCharacter: collect,
    onComment: ignore,
    onDoctype: ignore,
    onStartTag: ignore,
    onEndTag: ignore,
    onEof: ignore,
  };
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, handler);
  tokenizer.inForeignNode = true;
  tokenizer.write(source, true);
  return text;
}

export function encodeForeignText(text: string): string {
  return text.replace(/[&<]/g, (character) => (character === '&' ? '&amp;' : '&lt;'));
}
