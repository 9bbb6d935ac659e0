/**
 * @module
 * The Huffman code of HPACK (RFC 7541 section 5.2 and appendix B). The code is canonical, so the lengths of the codes are
 * the whole table: codes of one length count up in the order of their symbols.
 */

// prettier-ignore
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const endOfString = 256;
const longestCode = 30;

/** For each code length: its first code, and where the symbols of that length begin in `symbols`. */
const symbols = [...codeLengths.keys()].sort((a, b) => codeLengths[a]! - codeLengths[b]! || a - b);
const firstCode: number[] = [];
const firstSymbol: number[] = [];
const countOfLength: number[] = [];
for (let length = 0, code = 0, index = 0; length <= longestCode; length++) {
  code *= 2;
  const count = length === 0 ? 0 : codeLengths.filter((other) => other === length).length;
  firstCode.push(code);
  firstSymbol.push(index);
  countOfLength.push(count);
  code += count;
  index += count;
}

/** The decoded bytes, or in words why there are none. */
export function decodeHuffman(encoded: Uint8Array): Buffer | string {
  // No code is shorter than five bits.
  const decoded = Buffer.allocUnsafe(Math.ceil((encoded.length * 8) / 5));
  let size = 0;
  let code = 0;
  let length = 0;
  for (const byte of encoded) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      length++;
      const index = code - firstCode[length]!;
      if (index >= countOfLength[length]!) continue;
      const symbol = symbols[firstSymbol[length]! + index]!;
      if (symbol === endOfString) return 'the Huffman code for the end of the string is in it';
      decoded[size++] = symbol;
      code = length = 0;
    }
  }
  if (length > 7) return 'its Huffman padding is longer than seven bits';
  if (code !== 2 ** length - 1) return 'its Huffman padding is not all ones';
  // A copy: most strings are far shorter than what was allocated for them.
  return Buffer.from(decoded.subarray(0, size));
}
