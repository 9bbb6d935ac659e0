/**
 * @module The insertions of a pass and the text around them, put together: as a string, or as bytes by copies of ranges.
 */
import { pieceTexts } from './pieces.js';
import { Piece, pieceBits, pieceMask, type Recorder } from './recorder.js';

const pieceBytes = pieceTexts.map(asciiBytes);

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether an insertion was decided against. */
function isDropped(edit: number, verdicts: Uint8Array): boolean {
  const decision = edit >> pieceBits;
  const piece: Piece = edit & pieceMask;
  return piece !== Piece.Text && decision !== 0 && verdicts[decision] === 0;
}

export function joinText(pass: Recorder, source: string, verdicts: Uint8Array, isBeyondAscii: boolean): string {
  if (isBeyondAscii) toUnits(pass);
  const { edits, editPositions, editCount, texts } = pass;
  let output = '';
  let copied = 0;
  for (let index = 0; index < editCount; index++) {
    const edit = edits[index]!;
    if (isDropped(edit, verdicts)) continue;
    const piece: Piece = edit & pieceMask;
    const text = piece === Piece.Text ? texts[edit >> pieceBits]! : pieceTexts[piece]!;
    const position = editPositions[index]!;
    output += source.slice(copied, position) + text;
    copied = position;
  }
  return copied === 0 && output === '' ? source : output + source.slice(copied);
}

/** Positions in bytes become positions in UTF-16 code units; edits are in order. */
function toUnits(pass: Recorder): void {
  const { bytes, editPositions, editCount } = pass;
  const words = new Int32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length >> 2);
  let shift = 0;
  let read = 0;
  for (let index = 0; index < editCount; index++) {
    const position = editPositions[index]!;
    while (read < position) {
      // Four bytes of ASCII at once.
      if ((read & 3) === 0 && read + 4 <= position && (words[read >> 2]! & 0x80808080) === 0) {
        read += 4;
        continue;
      }
      const byte = bytes[read++]!;
      // A continuation is no unit; the first byte of four stands for two.
      if (byte >= 0x80) shift += byte < 0xc0 ? 1 : byte >= 0xf0 ? -1 : 0;
    }
    editPositions[index] = position - shift;
  }
}

export function joinBytes(
  pass: Recorder,
  source: Uint8Array<ArrayBuffer>,
  verdicts: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { edits, editPositions, editCount } = pass;
  const texts = pass.texts.map(asciiBytes);
  const textOf = (edit: number) =>
    (edit & pieceMask) === Piece.Text ? texts[edit >> pieceBits]! : pieceBytes[edit & pieceMask]!;
  let size = source.length;
  for (let index = 0; index < editCount; index++) {
    if (!isDropped(edits[index]!, verdicts)) size += textOf(edits[index]!).length;
  }
  if (size === source.length) return source;
  const output = new Uint8Array(size);
  let copied = 0;
  let written = 0;
  for (let index = 0; index < editCount; index++) {
    const edit = edits[index]!;
    if (isDropped(edit, verdicts)) continue;
    const text = textOf(edit);
    const position = editPositions[index]!;
    output.set(source.subarray(copied, position), written);
    written += position - copied;
    copied = position;
    for (let at = 0; at < text.length; at++) output[written++] = text[at]!;
  }
  output.set(source.subarray(copied), written);
  return output;
}
