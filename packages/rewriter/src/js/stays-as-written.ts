/**
 * @module Tells without any parser in reach that a script stays as it is: for callers that load the rewriter on first need.
 */
import { needsNoEdits } from './pre-filter.js';
import { resemblesInsertions } from './resembles-insertions.js';

/** True only where `rewriteScript` gives back the text it was given. */
export function staysAsWritten(source: string): boolean {
  return needsNoEdits(source) && !resemblesInsertions(source);
}
