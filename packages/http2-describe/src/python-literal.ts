/**
 * @module
 * Strings and bytes written as Python's `repr` writes them, which is how the output quotes what came over the wire.
 */

const namedEscapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** `'text'`, or `"it's"` where that needs fewer escapes; what does not print is escaped. */
export function stringLiteral(text: string): string {
  const quote = quoteFor(text);
  let literal = '';
  for (const character of text) {
    const named = namedEscapes[character];
    if (named !== undefined) literal += named;
    else if (character === quote) literal += `\\${quote}`;
    else if (character !== ' ' && /[\p{C}\p{Z}]/u.test(character)) literal += escape(character.codePointAt(0)!);
    else literal += character;
  }
  return quote + literal + quote;
}

/** `b'text\x00'` */
export function bytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  let literal = '';
  for (const byte of bytes) literal += byte === 0x27 && quote === "'" ? "\\'" : byteLiterals[byte]!;
  return `b${quote}${literal}${quote}`;
}

/** How each byte is written, the quotes apart. */
const byteLiterals = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return namedEscapes[character] ?? (byte < 0x20 || byte > 0x7e ? escape(byte) : character);
});

function quoteFor(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

function escape(codePoint: number): string {
  const digits = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return codePoint < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
