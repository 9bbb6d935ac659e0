/**
 * @module Every piece of text that a rewrite inserts, and the one regular expression that finds them all again.
 *
 * Each piece holds the marker U+000B, which JavaScript takes for white space and which no script holds by chance, at
 * the side of the original text. No piece holds a line terminator, `<` or a character beyond ASCII. The pieces of a pair
 * need not stand together: a function's own text is a slice of the rewritten script and may hold one half.
 */
import { helperNames } from './helper-names.js';

export const marker = '\v';

/** What names a temporary: the scratch global, `cv$1`, and `cv$1_1x2y` at the top level of a script. */
const temporary = String.raw`cv\$(?:v|\d\w*)`;
const hot = '(?:location|top)';
const identifier = String.raw`[\w$\\{}]+`;

const { globals, scratch, absentKey, fixRest, writeDynamic, dynamicReference, standIn, value } = helperNames;

/** `cv$l(~` and its kin; the closer of a call is `closer`. */
export const opener = (helper: string) => `${helper}(\v`;
export const closer = '\v)';
/** Before an opener, where a call must not stand bare: in the callee of `new`, or right behind a keyword. */
export const parenthesis = '(\v';
/** Turns `a?.b.location` into `cv$l(a?.b)?.location`, so that a chain that ended early stays ended. */
export const optionalDot = '\v?';
export const optionalBracket = '\v?.';

/** `{location}` becomes `{location:~…}`. */
export const shorthandKey = (name: string) => `${name}:\v`;
export const globalPrefix = `${globals}\v.`;

export const declaredScratch = `${scratch}\v=`;
/** Declares what a var pattern that became an assignment no longer does. */
export const hoistedVars = (names: string[]) => `var ${[scratch, ...names].join()};\v`;
export const commentStart = '/*cv$\v';
export const commentEnd = '\vcv$*/';
/** Between the two characters of an end of comment that stands in commented-out text. */
export const commentBreak = '\vcv$\v';

export const dynamicWriteStart = (name: string) => `${writeDynamic}(${name},cv$x=>\v`;
export const dynamicWriteValue = 'cv$x,\v';
export const dynamicPrefix = (name: string) => `${dynamicReference}(${name},cv$x=>${name}=cv$x)\v.`;
export const restTargetStart = `${dynamicReference}(0,cv$x=>\v`;
export const restTargetEnd = `\v=${fixRest}(cv$x)).location`;

/** How the value behind a temporary reaches the target of a pattern. */
export interface PatternSlot {
  /** Before the target: binds the value to the temporary and starts a property that is never there. */
  start: string;
  /** After a target without a default. */
  end: string;
  /** Around the default of a target that has one. */
  defaultStart: string;
  defaultEnd: string;
}

/**
 * @param wrapsValue the property is hot: its value is mapped
 * @param wrapsReceiver the target is a pattern that reads hot properties of the value
 */
export function patternSlot(name: string, wrapsValue: boolean, wrapsReceiver: boolean): PatternSlot {
  const mapped = wrapsValue ? `${value}(${name})` : name;
  const [open, close] = wrapsReceiver ? [`${standIn}(`, ')'] : ['', ''];
  return {
    start: `${name},[${absentKey}]:\v`,
    end: `\v=${open}${mapped}${close}`,
    defaultStart: `${open}${name}===void 0?\v`,
    defaultEnd: `\v:${mapped}${close}`,
  };
}

/** Around an anonymous function or class that an identifier would have given its name: the key of an object does the same. */
export const namedStart = (name: string) => `{[${asciiLiteral(name)}]:${marker}`;
export const namedEnd = (name: string) => `${marker}}[${asciiLiteral(name)}]`;

export const restFix = (name: string) => `${fixRest}(${name});\v`;
export const restFixExpression = (name: string) => `${fixRest}(${name}),\v`;
export const restFixDeclarator = (temporaryName: string, name: string) => `\v,${temporaryName}=${fixRest}(${name})`;
export const blockStart = '{\v';
export const blockEnd = '\v}';

/** A literal that takes the place of what is then commented out. */
export const replacementStart = (literal: string) => `\v${literal}${commentStart}`;
export const specifierBase = (literal: string) => `\v,${literal})`;

/** A string literal without `<`, marker, line terminator or a character beyond ASCII. */
export function asciiLiteral(text: string): string {
  return JSON.stringify(text).replace(
    /[<\v\x7f-\uffff]/g,
    (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** An identifier in ASCII. */
export function asciiIdentifier(name: string): string {
  return name.replace(/[\u0080-\u{10ffff}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

const pieces = [
  String.raw`cv\$[ailmrw]\(\v`,
  String.raw`\v\)`,
  String.raw`cv\$p\v\.`,
  String.raw`\(\v(?=cv\$)`,
  String.raw`\v\?(?:\.(?=\[))?`,
  String.raw`${hot}:\v(?=cv\$|\(\vcv\$)`,
  String.raw`cv\$v\v=`,
  String.raw`var cv\$v(?:,${identifier})*;\v`,
  String.raw`\v"[^"\v]*"\/\*cv\$\v`,
  String.raw`\/\*cv\$\v`,
  String.raw`\vcv\$(?:\*\/|\v)`,
  String.raw`cv\$t\(${hot},cv\$x=>\v`,
  String.raw`cv\$x,\v`,
  String.raw`cv\$d\(${hot},cv\$x=>${hot}=cv\$x\)\v\.`,
  String.raw`cv\$d\(0,cv\$x=>\v`,
  String.raw`\v=cv\$f\(cv\$x\)\)\.location`,
  String.raw`${temporary},\[cv\$u\]:\v`,
  String.raw`\v=cv\$l\((?:cv\$w\(${temporary}\)|${temporary})\)`,
  String.raw`\v=cv\$w\(${temporary}\)`,
  String.raw`(?:cv\$l\()?${temporary}===void 0\?\v`,
  String.raw`\v:(?:cv\$w\(${temporary}\)\)?|${temporary}\))`,
  String.raw`cv\$f\(${identifier}\)[;,]\v`,
  String.raw`\v,${temporary}=cv\$f\(${identifier}\)`,
  String.raw`\{\["[^"\v]*"\]:\v`,
  String.raw`\v\}\["[^"\v]*"\]`,
  String.raw`\{\v(?=cv\$f)`,
  String.raw`\v\}`,
  String.raw`\v,"[^"\v]*"\)`,
];

/** Matches each inserted piece; nothing else in a script that holds no marker of its own. */
export const insertedPiece = new RegExp(pieces.join('|'), 'g');
