/**
 * @module Patterns, those that declare and those that assign.
 */
import { patternSlot, shorthandKey } from '../insertions.js';
import { Byte, identifierPart } from './scanner.js';
import { Expressions } from './expressions.js';
import { NameUse } from './recorder.js';
import { KeyDoubt, Operand, Shape, keyDoubt } from './shapes.js';
import { Word, wordAt } from './words.js';

export abstract class Patterns extends Expressions {
  /** Object rests of the parameters being read. */
  fixes: string[] | null = null;

  // Patterns that declare.

  /**
   * @param isWrapped what the pattern takes apart is wrapped if need be
   * @param isFixable a rest may be mended by the body
   * @returns whether its first level may read a hot property
   */
  parseBinding(scope: number, isVar: boolean, isWrapped: boolean, isFixable: boolean): boolean {
    const { bytes, pos } = this;
    switch (bytes[pos]) {
      case Byte.BracketOpen:
        this.#parseArrayPattern(() => this.parseBinding(scope, isVar, false, true));
        return false;
      case Byte.BraceOpen:
        return this.#parseObjectBinding(scope, isVar, isWrapped, isFixable);
      default:
        this.parseBindingName(scope, isVar);
        return false;
    }
  }

  parseBindingName(scope: number, isVar: boolean): void {
    const { pos } = this;
    const end = this.identifierEnd(pos);
    if (end === pos || isDigit(this.bytes[pos]!)) this.notSure('syntax');
    if (isVar) this.checkGlobal(scope, pos, end);
    this.declare(scope, pos, end - pos, NameUse.DeclaredUnknown);
    this.advance(end);
  }

  /** A hot name that `var` would declare at the top level. */
  checkGlobal(scope: number, start: number, end: number): void {
    if (scope !== 0 || !this.topLevelIsVariable) return;
    const word = wordAt(this.bytes, start, end - start);
    if (word === Word.Location || word === Word.Top) this.notSure('global-variable');
  }

  /** The elements of an array pattern, each read by `parseElement`. */
  #parseArrayPattern(parseElement: () => void): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    for (;;) {
      const byte = bytes[this.pos]!;
      if (byte === Byte.BracketClose) break;
      if (byte === Byte.Comma) {
        this.advance(this.pos + 1);
        continue;
      }
      if (byte === Byte.Dot) this.takeSpread();
      parseElement();
      this.parseDefault();
      if (bytes[this.pos] !== Byte.BracketClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
  }

  parseDefault(): void {
    if (this.bytes[this.pos] !== Byte.Equals) return;
    this.advance(this.pos + 1);
    this.parseAssignment(false);
  }

  #parseObjectBinding(scope: number, isVar: boolean, isWrapped: boolean, isFixable: boolean): boolean {
    const { bytes } = this;
    let readsHot = false;
    this.advance(this.pos + 1);
    while (bytes[this.pos] !== Byte.BraceClose) {
      if (bytes[this.pos] === Byte.Dot) {
        this.takeSpread();
        readsHot = true;
        if (!isWrapped) this.#noteFix(isFixable);
        this.parseBindingName(scope, isVar);
      } else if (this.#parsePropertyBinding(scope, isVar, isWrapped)) readsHot = true;
      if (bytes[this.pos] !== Byte.BraceClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
    return readsHot;
  }

  #noteFix(isFixable: boolean): void {
    if (!isFixable || this.fixes === null) return this.notSure('pattern');
    const end = this.identifierEnd(this.pos);
    for (let pos = this.pos; pos < end; pos++) if (this.bytes[pos]! >= 0x80) this.notSure('pattern');
    this.fixes.push(this.textOf(this.pos, end));
  }

  /** @returns whether the key is hot, or may be */
  #parsePropertyBinding(scope: number, isVar: boolean, isWrapped: boolean): boolean {
    const { bytes, pos } = this;
    const isHot = this.#parsePatternKey();
    const wrapsValue = isHot && !isWrapped;
    const outer = this.temporaries;
    let temporary = wrapsValue ? this.#temporary(scope) : '';
    const isShorthand = bytes[this.pos] !== Byte.Colon;
    const mark = this.editCount;
    let wrapsReceiver = false;
    let start = pos;
    if (!isShorthand) {
      this.advance(this.pos + 1);
      start = this.pos;
      const before = this.temporaries;
      wrapsReceiver = this.parseBinding(scope, isVar, true, false);
      if (wrapsReceiver && !wrapsValue) {
        // The temporary of the outer pattern comes first.
        if (this.temporaries !== before) this.notSure('pattern');
        this.temporaries = outer;
        temporary = this.#temporary(scope);
      }
    } else {
      if (identifierPart[bytes[pos]!] === 0 || isDigit(bytes[pos]!)) this.notSure('syntax');
      if (isVar) this.checkGlobal(scope, pos, this.end);
      this.declare(scope, pos, this.end - pos, NameUse.DeclaredUnknown);
    }
    if (temporary === '') {
      this.parseDefault();
      return isHot;
    }
    const slot = patternSlot(temporary, wrapsValue, wrapsReceiver);
    this.insertText(mark, start, (isShorthand ? shorthandKey(this.textOf(pos, this.end)) : '') + slot.start);
    if (bytes[this.pos] !== Byte.Equals) this.addText(this.end, slot.end);
    else {
      this.advance(this.pos + 1);
      this.addText(this.pos, slot.defaultStart);
      this.refuseNamed(this.parseAssignment(false));
      this.addText(this.end, slot.defaultEnd);
    }
    return isHot;
  }

  /** Temporaries of the top level have names that depend on the text. */
  #temporary(scope: number): string {
    if (scope === 0) this.notSure('pattern');
    return `cv$${++this.temporaries}`;
  }

  /** @returns whether the key is hot, or may be */
  #parsePatternKey(): boolean {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (byte === Byte.BracketOpen) {
      this.advance(pos + 1);
      const start = this.pos;
      const shape = this.parseExpression(false);
      const { operand, end } = this;
      this.expect(Byte.BracketClose);
      if (shape === Shape.None && (operand === Operand.String || operand === Operand.Template))
        return this.#isHotString(start, end);
      if (shape === Shape.None && operand === Operand.Name) return true;
      const key = keyDoubt(shape, operand);
      return key === KeyDoubt.Depends ? this.notSure('key') : key === KeyDoubt.Hot;
    }
    this.parseKey();
    if (byte === Byte.Quote || byte === Byte.Apostrophe) return this.#isHotString(pos, this.end);
    const word = wordAt(bytes, pos, this.end - pos);
    return word === Word.Location || word === Word.Top;
  }

  #isHotString(start: number, end: number): boolean {
    for (let pos = start; pos < end; pos++) if (this.bytes[pos] === Byte.Backslash) this.notSure('escape');
    const word = wordAt(this.bytes, start + 1, end - start - 2);
    return word === Word.Location || word === Word.Top;
  }

  // Patterns that assign.

  override parseTarget(): void {
    switch (this.bytes[this.pos]) {
      case Byte.BracketOpen:
        return this.#parseArrayPattern(() => this.parseTarget());
      case Byte.BraceOpen:
        return this.#parseObjectTarget();
      default:
        return this.#parseTargetLeaf();
    }
  }

  #parseTargetLeaf(): void {
    if (this.bytes[this.pos] === Byte.ParenOpen) this.notSure('pattern');
    if (this.parseChain(false)) this.notSure('syntax');
    if (this.operand === Operand.Name) {
      this.refuseDynamic();
      this.noteName(this.scope, this.operandStart, this.operandEnd - this.operandStart, NameUse.WrittenUnknown, 0);
    } else if (this.operand !== Operand.Member) this.notSure('syntax');
  }

  #parseObjectTarget(): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    while (bytes[this.pos] !== Byte.BraceClose) {
      const { pos } = this;
      if (bytes[pos] === Byte.Dot && bytes[pos + 1] === Byte.Dot) {
        this.hasPatternDoubt = true;
        this.takeSpread();
        this.parseTarget();
        if (bytes[this.pos] !== Byte.BraceClose) this.notSure('syntax');
        continue;
      }
      if (this.#parsePatternKey()) this.hasPatternDoubt = true;
      if (bytes[this.pos] === Byte.Colon) {
        this.advance(this.pos + 1);
        this.parseTarget();
      } else {
        if (identifierPart[bytes[pos]!] === 0 || isDigit(bytes[pos]!)) this.notSure('syntax');
        this.noteName(this.scope, pos, this.end - pos, NameUse.WrittenUnknown, 0);
      }
      this.parseDefault();
      if (bytes[this.pos] !== Byte.BraceClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
  }

  /** The parameter of a catch clause. @returns the rests to be fixed */
  parseCatchParameter(): string[] | null {
    const outerFixes = this.fixes;
    const fixes: string[] = [];
    this.fixes = fixes;
    this.parseBinding(this.scope, false, false, true);
    this.fixes = outerFixes;
    return fixes.length > 0 ? fixes : null;
  }

  /** Patterns behind this are no parameters: rests cannot be fixed. @returns what to give to `endUnfixable` */
  startUnfixable(): string[] | null {
    const fixes = this.fixes;
    this.fixes = null;
    return fixes;
  }

  endUnfixable(fixes: string[] | null): void {
    this.fixes = fixes;
  }
}

export function isDigit(byte: number): boolean {
  return byte >= Byte.Digit0 && byte <= Byte.Digit9;
}
