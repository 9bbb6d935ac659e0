/**
 * @module Which tokenizer state the content of an HTML element is in, as the tree construction stage would switch it.
 */
import { TokenizerMode } from 'parse5';

export type TextMode = (typeof TokenizerMode)[keyof typeof TokenizerMode];

const modes: ReadonlyMap<string, TextMode> = new Map<string, TextMode>([
  ['textarea', TokenizerMode.RCDATA],
  ['title', TokenizerMode.RCDATA],
  ['iframe', TokenizerMode.RAWTEXT],
  ['noembed', TokenizerMode.RAWTEXT],
  ['noframes', TokenizerMode.RAWTEXT],
  // Scripting is enabled in every document that we have a runtime in.
  ['noscript', TokenizerMode.RAWTEXT],
  ['style', TokenizerMode.RAWTEXT],
  ['xmp', TokenizerMode.RAWTEXT],
  ['script', TokenizerMode.SCRIPT_DATA],
  ['plaintext', TokenizerMode.PLAINTEXT],
]);

/** undefined: the content is markup. */
export function textModeOf(tagName: string): TextMode | undefined {
  return modes.get(tagName);
}
