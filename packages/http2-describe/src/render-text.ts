/**
 * @module
 * Descriptions as the text that people read. Colours apart, it is the same on a terminal and in a file.
 */
import { coloured, type Palette, plain } from './colours.js';
import type { Description, DescriptionItem } from './description.js';
import { hexdumpRows } from './hexdump.js';

export interface TextOptions {
  colour?: boolean;
}

const indent = '   ';
const rule = '-'.repeat(40);

/** Its lines and the rule after them, each with its line end. */
export function renderText(description: Description, options: TextOptions = {}): string {
  const palette = options.colour ? coloured : plain;
  const lines = description.items.flatMap((item) => renderItem(item, palette));
  return [...lines, palette.rule(rule)].map((line) => `${line}\n`).join('');
}

function renderItem(item: DescriptionItem, palette: Palette): string[] {
  switch (item.kind) {
    case 'field':
      return [`${palette.label(item.label)} = ${item.text}`];
    case 'block':
      return [`${palette.label(item.label)} =`, ...item.lines.map((line) => indent + line)];
    case 'hexdump':
      return [
        `${palette.label(`Hexdump (${item.label})`)} =`,
        ...hexdumpRows(item.bytes).map((row) => palette.bytes(indent + row)),
      ];
    case 'error': {
      const { code, offset, field, reason } = item.error;
      return [palette.error(`Error = ${code} at byte ${offset}, ${field}: ${reason}`)];
    }
  }
}
