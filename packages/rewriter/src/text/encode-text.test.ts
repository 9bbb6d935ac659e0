import { expect, it } from 'vitest';
import { characterReference, encoderFor } from './encode-text.js';

const encodings = [
  ...['windows-1250', 'windows-1251', 'windows-1252', 'windows-1253', 'windows-1255', 'windows-1257', 'windows-874'],
  ...['iso-8859-2', 'iso-8859-7', 'iso-8859-8', 'koi8-r', 'ibm866', 'macintosh'],
  ...['shift_jis', 'euc-jp', 'euc-kr', 'big5', 'gbk', 'gb18030', 'utf-16le', 'utf-16be'],
];

/** Three control characters, which Node's ICU mixes up in some encodings and browsers do not. */
const mixedUp = new Set([0x1a, 0x1c, 0x7f]);

/** Every sequence of up to two bytes, and longer ones at random. */
function allBytes(): Uint8Array {
  const bytes: number[] = [];
  for (let first = 0; first < 256; first++)
    for (let second = 0; second < 256; second++) bytes.push(first, second, 0x0a);
  let seed = 7;
  for (let index = 0; index < 200_000; index++)
    bytes.push(((seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16) & 0xff);
  return Uint8Array.from(bytes.filter((byte) => !mixedUp.has(byte)));
}

it.each(encodings)('writes all that can be read of %s, so that it reads the same', (encoding) => {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const all = decoder.decode(allBytes());
  // In these two Node's ICU has no byte that is an error by itself; browsers have 0xFF.
  const text = encoding === 'gbk' || encoding === 'big5' ? all.replaceAll('\ufffd', '') : all;
  const encode = encoderFor(encoding, () => '(none)');
  const written = decoder.decode(encode(text));
  expect(written === text).toBe(true);
});

it('writes ISO-2022-JP in pieces, with an escape sequence before each change alone', () => {
  const text = 'a日本b¥‾ｱ\ufffd語\n終';
  const encode = encoderFor('iso-2022-jp', characterReference);
  const bytes = [...text].flatMap((character) => [...encode(character)]);
  expect(new TextDecoder('iso-2022-jp').decode(Uint8Array.from(bytes))).toBe(text);
  expect(bytes).toEqual([...encoderFor('iso-2022-jp', characterReference)(text)]);
});

it('puts a reference for what the encoding does not have', () => {
  const ascii = (encoding: string, text: string) =>
    String.fromCharCode(...encoderFor(encoding, characterReference)(text));
  expect(ascii('koi8-r', 'a😀é')).toBe('a&#128512;&#233;');
  expect(ascii('iso-2022-jp', '😀')).toBe('&#128512;');
  expect(ascii('big5', '\u0304')).toBe('&#772;');
});

it('writes UTF-8 for the replacement encoding', () => {
  expect([...encoderFor('replacement', characterReference)('\ufffd')]).toEqual([0xef, 0xbf, 0xbd]);
});

it('writes what only four bytes of GB 18030 can say', () => {
  const text = '€\u0080\u2e80😀\u{10ffff}';
  const bytes = encoderFor('gb18030', characterReference)(text);
  expect(new TextDecoder('gb18030').decode(bytes)).toBe(text);
});
