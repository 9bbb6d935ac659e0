/**
 * @module
 * The public suffix of a host name, by the list in `public-suffix-rules.ts`. What stands below a label is read when it is first asked for.
 *
 * @see https://github.com/publicsuffix/list/wiki/Format#algorithm
 */
import { exceptions, rules } from './public-suffix-rules.js';

interface Label {
  isRule: boolean;
  /** Where in the rules those to its left begin; -1 if there are none. */
  start: number;
  inner: ReadonlyMap<string, Label> | null;
}

const root: Label = { isRule: false, start: 0, inner: null };
const noLabels: ReadonlyMap<string, Label> = new Map();

/** @param hostname in ASCII, lower case, no address. One that no rule names has its last label for a suffix. */
export function publicSuffix(hostname: string): string {
  const labels = hostname.split('.');
  let length = 1;
  let current = root;
  for (let count = 1; count <= labels.length; count++) {
    const inner = labelsIn(current);
    const found = inner.get(labels[labels.length - count]!) ?? inner.get('*');
    if (!found) break;
    if (found.isRule) length = count;
    current = found;
  }
  const suffix = labels.slice(-length).join('.');
  return exceptions.has(suffix) ? suffix.slice(suffix.indexOf('.') + 1) : suffix;
}

/** @returns `null` for what is a public suffix itself */
export function registrableDomain(hostname: string): string | null {
  const suffix = publicSuffix(hostname);
  if (suffix.length === hostname.length) return null;
  const rest = hostname.slice(0, -suffix.length - 1);
  return hostname.slice(rest.lastIndexOf('.') + 1);
}

function labelsIn(label: Label): ReadonlyMap<string, Label> {
  return (label.inner ??= label.start < 0 ? noLabels : readLabels(label.start));
}

const noRule = 'N'.charCodeAt(0);
const leastShared = 'A'.charCodeAt(0);

function readLabels(start: number): ReadonlyMap<string, Label> {
  const labels = new Map<string, Label>();
  let position = start;
  let text = '';
  while (position < rules.length && rules[position] !== ')') {
    const code = rules.charCodeAt(position++);
    const isRule = code < noRule;
    const from = position;
    while (position < rules.length && !isSign(rules.charCodeAt(position))) position++;
    text = text.slice(0, code - (isRule ? leastShared : noRule)) + rules.slice(from, position);
    const hasInner = rules[position] === '(';
    labels.set(text, { isRule, start: hasInner ? position + 1 : -1, inner: null });
    if (hasInner) position = endOfInner(position);
  }
  return labels;
}

/** Parentheses and capital letters. */
function isSign(code: number): boolean {
  return code === 0x28 || code === 0x29 || (code >= 0x41 && code <= 0x5a);
}

/** @param position of the opening parenthesis. @returns what follows the closing one */
function endOfInner(position: number): number {
  for (let depth = 0; ; position++) {
    const code = rules.charCodeAt(position);
    if (code === 0x28) depth++;
    else if (code === 0x29 && --depth === 0) return position + 1;
  }
}
