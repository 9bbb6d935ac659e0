/**
 * @module The inverse of `rewriteScript`, for whole scripts and for any slice of one (a function's text).
 *
 * A script that holds the marker itself, in a place where it could be taken for ours, is rewritten with a trailing
 * comment that lists the insertions; only a slice of such a script falls back on what the pieces look like.
 */
import { insertedPiece, marker } from './insertions.js';

const listStart = '\n/*cv$\v@';
const listEnd = '*/';
const listedInsertions = /\n\/\*cv\$\v@([0-9a-z,]*)\*\/$/;

export function unrewriteScript(text: string): string {
  if (!text.includes(marker)) return text;
  const list = text.endsWith(listEnd) ? listedInsertions.exec(text) : null;
  if (list === null) return text.replace(insertedPiece, '');
  return removeRanges(text.slice(0, list.index), list[1]!);
}

/** The trailing comment: distance from the end of the last piece, and length, of each. */
export function insertionList(ranges: readonly (readonly [offset: number, length: number])[]): string {
  const numbers: string[] = [];
  let end = 0;
  for (const [offset, length] of ranges) {
    numbers.push((offset - end).toString(36), length.toString(36));
    end = offset + length;
  }
  return listStart + numbers.join() + listEnd;
}

function removeRanges(text: string, list: string): string {
  if (list === '') return text;
  const numbers = list.split(',').map((digits) => parseInt(digits, 36));
  let output = '';
  let position = 0;
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const start = position + numbers[index]!;
    output += text.slice(position, start);
    position = start + numbers[index + 1]!;
  }
  return output + text.slice(position);
}
