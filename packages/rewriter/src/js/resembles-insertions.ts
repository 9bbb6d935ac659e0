/**
 * @module What of a text can be told without `\v` and `cv$` in it cannot be mistaken for an insertion.
 */
import { marker } from './insertions.js';

export function resemblesInsertions(source: string): boolean {
  if (source.includes(marker)) return true;
  // `$` is rarer than `c`: four times as fast as a search for all three.
  for (let at = source.indexOf('$'); at >= 0; at = source.indexOf('$', at + 1)) {
    if (source.charCodeAt(at - 1) === 0x76 && source.charCodeAt(at - 2) === 0x63) return true;
  }
  return false;
}

/** The same for a text in UTF-8. */
export function bytesResembleInsertions(source: Uint8Array): boolean {
  if (source.includes(0x0b)) return true;
  for (let at = source.indexOf(0x24); at >= 0; at = source.indexOf(0x24, at + 1)) {
    if (source[at - 1] === 0x76 && source[at - 2] === 0x63) return true;
  }
  return false;
}
