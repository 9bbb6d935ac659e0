/**
 * @module Tells without a parse that a script needs no edit. It may err only on the side of parsing.
 */

/**
 * In this order: a hot word; an escape in which letters of one may hide (`lo\u0063ation`, `"lo\cation"`); an object
 * rest; a bracket whose content is not a single plain string or number. The rest of brackets may be computed members
 * or computed keys of a pattern.
 */
const mayNeedEdits =
  /\b(?:location|top|eval|postMessage|import)\b|\\[uxlocaip0-7\r\n\u2028\u2029]|\.\.\.|\[(?!\s*(?:\]|\d+\s*\]|"[^"\\\r\n]*"\s*\]|'[^'\\\r\n]*'\s*\]))/;

export function needsNoEdits(source: string): boolean {
  return !mayNeedEdits.test(source);
}
