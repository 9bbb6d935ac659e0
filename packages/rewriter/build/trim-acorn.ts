/**
 * @module acorn without what the rewriter never calls, for Vite's `plugins`: a sixth of the JavaScript part.
 *
 * Two things go. The validation of regular expressions, with its tables of Unicode properties: `parse.ts` overrides it, since the engine knows
 * them better, but no bundler can tell. And the tables of letters that may stand in identifiers: the engine that runs the rewriter is
 * the one that will run the script, and `\p{ID_Start}` asks it.
 */
import type { Plugin } from 'vite';

/** Its licence asks for it. */
const notice = '/*! acorn: MIT License, Copyright (C) 2012-2022 by various contributors */';

/** What stands in acorn's module, exactly once, and what takes its place. */
interface Replacement {
  /** Up to `to`, which stays; or just this text. */
  from: string | RegExp;
  to?: string;
  by: string;
}

const replacements: readonly Replacement[] = [
  {
    from: 'var scriptValuesAddedInUnicode = ',
    to: '// Object type used to represent tokens.',
    by: `var RegExpValidationState = function () {};
RegExpValidationState.prototype.reset = function () {};
Parser.prototype.validateRegExpFlags = function () {};
Parser.prototype.validateRegExpPattern = function () {};

`,
  },
  { from: /^var astralIdentifierCodes = .*$/m, by: '' },
  { from: /^var astralIdentifierStartCodes = .*$/m, by: '' },
  { from: /^var nonASCIIidentifierChars = .*$/m, by: '' },
  { from: /^var nonASCIIidentifierStartChars = .*$/m, by: '' },
  {
    from: /^var nonASCIIidentifierStart = .*$/m,
    by: String.raw`var nonASCIIidentifierStart = /^\p{ID_Start}/u;`,
  },
  {
    from: /^var nonASCIIidentifier = .*$/m,
    by: String.raw`var nonASCIIidentifier = /^[\p{ID_Continue}\u200c\u200d]/u;`,
  },
  { from: 'function isInAstralSet(code, set) {', to: '// Test whether a given character code starts', by: '' },
  {
    from: 'return isInAstralSet(code, astralIdentifierStartCodes)\n',
    // Behind the end of a text, the code is NaN.
    by: 'return code > 0xffff && nonASCIIidentifierStart.test(String.fromCodePoint(code))\n',
  },
  {
    from: 'return isInAstralSet(code, astralIdentifierStartCodes) || isInAstralSet(code, astralIdentifierCodes)\n',
    by: 'return code > 0xffff && nonASCIIidentifier.test(String.fromCodePoint(code))\n',
  },
  // Nobody asks the class for its module.
  { from: 'Parser.acorn = {', to: '// The main exported interface', by: '' },
];

/** @throws if the module is not the one that the table was written for */
export function trim(code: string): string {
  return replacements.reduce(replaceOnce, code);
}

function replaceOnce(code: string, { from, to, by }: Replacement): string {
  const text = typeof from === 'string' ? from : (from.exec(code)?.[0] ?? '');
  const start = code.indexOf(text);
  if (text === '' || start < 0 || code.includes(text, start + 1)) {
    throw new Error(
      `acorn does not have ${String(from)} once: look at the table in trim-acorn.ts and at what is new in acorn.`,
    );
  }
  const end = to === undefined ? start + text.length : code.indexOf(to, start);
  if (end < start)
    throw new Error(`acorn does not have ${String(to)} behind ${text}: look at the table in trim-acorn.ts.`);
  return code.slice(0, start) + by + code.slice(end);
}

export const trimAcorn: Plugin = {
  name: 'culvert:trim-acorn',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/acorn\/dist\/acorn\.m?js$/.test(id.replaceAll('\\', '/'))) return null;
    return { code: `${notice}\n${trim(code)}`, map: null };
  },
};
