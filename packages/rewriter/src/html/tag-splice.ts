/**
 * @module Changes attributes inside the source text of a start tag and leaves all else of it as it was written.
 */
import { companionName } from './companion.js';

/** By attribute name: a new value and its companion, or null to take the attribute out. */
export type AttributeEdits = ReadonlyMap<string, { value: string; companion?: string } | null>;

/** One attribute: slashes and space before it, then name, and a value in one of the three ways to write one. */
const attribute =
  /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"[^"]*"|'[^']*'|[^\t\n\f\r >]*))?/y;

/**
 * @param source the whole tag, `<` to `>`, as it was tokenized
 */
export function spliceStartTag(source: string, edits: AttributeEdits): string {
  const pending = new Map(edits);
  let output = '';
  let copied = 0;
  let position = /^<[^\t\n\f\r />]*/.exec(source)![0].length;
  for (;;) {
    attribute.lastIndex = position;
    const match = attribute.exec(source);
    if (match === null || pending.size === 0) return output + source.slice(copied);
    const end = attribute.lastIndex;
    const written = match[1]!;
    // Names are compared as the tokenizer gives them; of several attributes of one name the first is the attribute.
    const name = written.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('\0', '\ufffd');
    const edit = pending.get(name);
    if (edit !== undefined) {
      pending.delete(name);
      const start = position + match[0].indexOf(written);
      output += source.slice(copied, start) + serialize(written, edit);
      copied = end;
    }
    position = end;
  }
}

function serialize(name: string, edit: { value: string; companion?: string } | null): string {
  if (edit === null) return '';
  const rewritten = `${name}="${escapeAttribute(edit.value)}"`;
  if (edit.companion === undefined) return rewritten;
  return `${rewritten} ${companionName(name)}="${escapeAttribute(edit.companion)}"`;
}

/** So that the tokenizer reads back exactly `value`: it would turn a carriage return into a line feed. */
function escapeAttribute(value: string): string {
  return value.replace(/[&"\r]/g, (character) =>
    character === '&' ? '&amp;' : character === '"' ? '&quot;' : '&#13;',
  );
}
