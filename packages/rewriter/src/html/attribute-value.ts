/**
 * @module Character references in attribute values, by the tokenizer that would have read them in their tag.
 */
import { Tokenizer, type TokenHandler } from 'parse5';

let decoded = '';

const ignore = (): void => {};

const handler: TokenHandler = {
  onStartTag(token) {
    decoded = token.attrs[0]!.value;
  },
  onEndTag: ignore,
  onComment: ignore,
  onDoctype: ignore,
  onEof: ignore,
  onCharacter: ignore,
  onNullCharacter: ignore,
  onWhitespaceCharacter: ignore,
  onParseError: null,
};

const common: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'" };

/** A reference, or what may be one. A name without a semicolon before `=` is none in an attribute: the next parameter of a query. */
const reference = /&(?:(amp|quot|lt|gt|#39);|(?![a-z\d]+=)(?=[a-z\d#]))/gi;

/** @param written a quoted value without its quotes, so with one kind of quote at most */
export function decodeAttributeValue(written: string): string {
  let isPlain = true;
  const plain = written.replace(reference, (found, name: string | undefined) => {
    const character = name === undefined ? undefined : common[name];
    if (character === undefined) isPlain = false;
    return character ?? found;
  });
  if (isPlain) return plain;
  const quote = written.includes('"') ? "'" : '"';
  new Tokenizer({ sourceCodeLocationInfo: false }, handler).write(`<a a=${quote}${written}${quote}>`, false);
  return decoded;
}
