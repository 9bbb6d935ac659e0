/**
 * @module Tells rewritten script text from text as written, and undoes it. In HTML it holds U+000B; in XML documents, which
 * can't, U+1680 (docs/decisions/0005). A text holds one or the other: what a script of an XML document evaluates holds
 * U+000B again.
 */
import { unrewriteScript, unrewriteXmlScript, xmlScriptMarker } from '@culvert/rewriter';
import { stringIndexOf } from '../natives.js';

/** The character that stands beside everything the script rewriter inserts. */
const marker = '\v';

export function mayHoldRewrites(text: string): boolean {
  return stringIndexOf(text, marker) >= 0 || stringIndexOf(text, xmlScriptMarker) >= 0;
}

/** The text itself where nothing in it is ours. */
export function asWritten(text: string): string {
  if (stringIndexOf(text, marker) >= 0) return unrewriteScript(text);
  return stringIndexOf(text, xmlScriptMarker) < 0 ? text : unrewriteXmlScript(text);
}
