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
  // From the end, within the copy: what stands before the first insertion stays where it is.
  const output = new Uint8Array(size);
  output.set(source);
  let end = source.length;
  let written = size;
  for (let index = editCount - 1; index >= 0; index--) {
    const edit = edits[index]!;
    if (isDropped(edit, verdicts)) continue;
    const position = editPositions[index]!;
    written -= end - position;
    moveUp(output, position, end, written);
    end = position;
    const text = textOf(edit);
    written -= text.length;
    for (let at = 0; at < text.length; at++) output[written + at] = text[at]!;
  }
  return output;
}

/** Up to this length a loop is faster than a call of `copyWithin`. */
const shortMove = 64;

function moveUp(bytes: Uint8Array, start: number, end: number, target: number): void {
  if (end - start > shortMove) bytes.copyWithin(target, start, end);
  else for (let from = end - 1, to = target + end - start - 1; from >= start; from--, to--) bytes[to] = bytes[from]!;
}
