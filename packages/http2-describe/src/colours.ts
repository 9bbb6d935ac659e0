/**
 * @module
 * The colours of the text on a terminal.
 */

export interface Palette {
  heading(text: string): string;
  label(text: string): string;
  bytes(text: string): string;
  error(text: string): string;
  rule(text: string): string;
}

const same = (text: string) => text;
const sgr = (code: number) => (text: string) => (text === '' ? '' : `\x1b[${code}m${text}\x1b[0m`);

export const plain: Palette = { heading: same, label: same, bytes: same, error: same, rule: same };
export const coloured: Palette = { heading: sgr(1), label: sgr(36), bytes: sgr(2), error: sgr(31), rule: sgr(90) };
