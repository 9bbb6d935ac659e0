/**
 * @module White space and comments between two tokens.
 */
const trivia = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y;

/** The position of the next token at or after `position`, which must not stand in the middle of one. */
export function skipTrivia(source: string, position: number): number {
  trivia.lastIndex = position;
  trivia.test(source);
  return trivia.lastIndex;
}
