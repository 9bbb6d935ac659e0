/**
 * @module Splits the text of consecutive `document.write` calls where a rewriter that keeps no state between two texts
 * may be handed the first part: outside tags, comments and the contents of raw text elements. What stands behind the
 * split waits for the next write. It rewrites nothing itself.
 */

/** Elements whose content is text for the HTML tokenizer while scripting is on. */
const rawTextElements = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
]);

/** The length of the longest prefix of `markup` that ends in the tokenizer's data state with nothing open. */
export function completeMarkupLength(markup: string): number {
  let position = 0;
  for (;;) {
    const tagStart = markup.indexOf('<', position);
    if (tagStart === -1) return markup.length;
    const end = endOfConstruct(markup, tagStart);
    if (end === null) return tagStart;
    position = end;
  }
}

/** Where the markup that begins with the `<` at `start` ends, or null when its end has not been written yet. */
function endOfConstruct(markup: string, start: number): number | null {
  const next = markup[start + 1];
  if (next === undefined) return null;
  if (next === '!') return endOfDeclaration(markup, start);
  if (next === '?') return after(markup, '>', start);
  if (next === '/') {
    const letter = markup[start + 2];
    if (letter === undefined) return null;
    // `</>` and `</3` are not end tags: nothing, and a bogus comment up to the next `>`.
    return isLetter(letter) ? endOfTag(markup, start + 2) : after(markup, '>', start);
  }
  if (!isLetter(next)) return start + 1;
  const tagEnd = endOfTag(markup, start + 1);
  if (tagEnd === null) return null;
  const name = tagName(markup, start + 1);
  if (name === 'plaintext') return markup.length;
  return rawTextElements.has(name) ? endOfRawText(markup, name, tagEnd) : tagEnd;
}

function endOfDeclaration(markup: string, start: number): number | null {
  if (!'<!--'.startsWith(markup.slice(start, start + 4))) return after(markup, '>', start);
  if (markup.length < start + 4) return null;
  // `<!-->` and `<!--->` are complete, empty comments.
  const empty = /^-?>/.exec(markup.slice(start + 4, start + 6));
  if (empty) return start + 4 + empty[0].length;
  const ends = /--!?>/g;
  ends.lastIndex = start + 4;
  return ends.exec(markup) ? ends.lastIndex : null;
}

/** Walks over a tag's attributes, so that a `>` inside a quoted value does not end the tag. */
function endOfTag(markup: string, nameStart: number): number | null {
  const token = /\/?>|=[\t\n\f\r ]*(?:"[^"]*("?)|'[^']*('?)|[^\t\n\f\r >"']?)|[^=>/]+|\//y;
  token.lastIndex = nameStart;
  while (token.lastIndex < markup.length) {
    const match = token.exec(markup);
    if (!match) return null;
    const text = match[0];
    if (text.endsWith('>') && (text === '>' || text === '/>')) return token.lastIndex;
    if (match[1] === '' || match[2] === '') return null;
  }
  return null;
}

function endOfRawText(markup: string, name: string, from: number): number | null {
  const endTag = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
  endTag.lastIndex = from;
  const match = endTag.exec(markup);
  return match ? endOfTag(markup, match.index + 2) : null;
}

function tagName(markup: string, start: number): string {
  return (/^[^\t\n\f\r />]*/.exec(markup.slice(start, start + 32)) ?? [''])[0].toLowerCase();
}

function isLetter(character: string): boolean {
  return /[a-z]/i.test(character);
}

function after(markup: string, text: string, from: number): number | null {
  const index = markup.indexOf(text, from);
  return index === -1 ? null : index + text.length;
}
