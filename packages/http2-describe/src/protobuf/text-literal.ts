/**
 * @module
 * Strings and bytes as protobuf's text format writes them.
 */

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', "'": "\\'", '\\': '\\\\' };

/** `"\n\013users.proto"`: what is not printable ASCII is octal. */
export function quotedBytes(bytes: Buffer): string {
  const text = bytes
    .toString('latin1')
    .replace(/[^ !#-&(-[\]-~]/g, (character) => named[character] ?? octal(character));
  return `"${text}"`;
}

/** Text stays readable in any language; only controls are escaped. */
export function quotedText(text: string): string {
  return `"${text.replace(/[\x00-\x1f\x7f"'\\]/g, (character) => named[character] ?? octal(character))}"`;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
