/**
 * @module The YAML at the top of a test262 file, as far as running it needs.
 *
 * @see https://github.com/tc39/test262/blob/main/INTERPRETING.md
 */

/**
 * @typedef {object} Metadata
 * @property {Set<string>} flags
 * @property {string[]} includes
 * @property {{ phase: string, type: string } | null} negative
 */

/** @returns {Metadata} */
export function parseMetadata(source) {
  const yaml = /\/\*---\r?\n?([^]*?)---\*\//.exec(source)?.[1] ?? '';
  const negative = /^negative:[ \t]*\r?\n((?:[ \t]+.*\r?\n?)+)/m.exec(yaml)?.[1];
  return {
    flags: new Set(list(yaml, 'flags')),
    includes: list(yaml, 'includes'),
    negative: negative === undefined ? null : { phase: field(negative, 'phase'), type: field(negative, 'type') },
  };
}

function field(yaml, name) {
  return new RegExp(`^[ \\t]+${name}:[ \\t]*(\\w+)`, 'm').exec(yaml)?.[1] ?? '';
}

/** `name: [a, b]`, over several lines too, or one `- a` a line. */
function list(yaml, name) {
  const inline = new RegExp(`^${name}:\\s*\\[([^\\]]*)\\]`, 'm').exec(yaml)?.[1];
  if (inline !== undefined)
    return inline
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const lines = new RegExp(`^${name}:[ \\t]*\\r?\\n((?:[ \\t]*-.*(?:\\r?\\n|$))+)`, 'm').exec(yaml)?.[1];
  return lines === undefined ? [] : [...lines.matchAll(/^[ \t]*-[ \t]*(\S+)/gm)].map((match) => match[1]);
}
