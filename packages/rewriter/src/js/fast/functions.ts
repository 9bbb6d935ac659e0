/**
 * @module Functions, classes and patterns: what declares names.
 */
import { parenthesis, patternSlot, restFix, restFixExpression, shorthandKey } from '../insertions.js';
import { Byte, identifierPart } from './scanner.js';
import { Expressions } from './expressions.js';
import { inAsync, inGenerator } from './operands.js';
import { NameUse, Piece, ScopeKind, scopeIsStrict } from './recorder.js';
import { KeyDoubt, Operand, Shape, keyDoubt } from './shapes.js';
import { Word, wordAt } from './words.js';

export abstract class Functions extends Expressions {
  /** Object rests of the parameters being read. */
  #fixes: string[] | null = null;
  abstract parseStatement(): void;

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
        this.#parseArrayBinding(scope, isVar);
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

  #parseArrayBinding(scope: number, isVar: boolean): void {
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
      this.parseBinding(scope, isVar, false, true);
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
    if (!isFixable || this.#fixes === null) return this.notSure('pattern');
    const end = this.identifierEnd(this.pos);
    for (let pos = this.pos; pos < end; pos++) if (this.bytes[pos]! >= 0x80) this.notSure('pattern');
    this.#fixes.push(this.textOf(this.pos, end));
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
        return this.#parseArrayTarget();
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

  #parseArrayTarget(): void {
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
      this.parseTarget();
      this.parseDefault();
      if (bytes[this.pos] !== Byte.BracketClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
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

  // Functions.

  override parseFunction(start: number, isAsync: boolean, isStatement: boolean): void {
    const isGenerator = this.take(Byte.Star);
    const { bytes, pos } = this;
    const nameEnd = this.identifierEnd(pos);
    if (isStatement && nameEnd > pos) {
      const { isInBlock } = this;
      const scope = isInBlock ? this.scope : this.variableScopes[this.scope]!;
      this.declare(scope, pos, nameEnd - pos, NameUse.DeclaredUnknown);
      if (isInBlock && !this.isStrict && !isAsync && !isGenerator) {
        this.noteName(this.scope, pos, nameEnd - pos, NameUse.BlockFunction, 0);
      }
    }
    const outer = this.enterScope(ScopeKind.Function, this.isStrict);
    if (nameEnd > pos) {
      if (!isStatement) this.declare(this.scope, pos, nameEnd - pos, NameUse.DeclaredUnknown);
      this.advance(nameEnd);
    }
    if (bytes[this.pos] !== Byte.ParenOpen || start < 0) this.notSure('syntax');
    this.#parseParametersAndBody((isAsync ? inAsync : 0) | (isGenerator ? inGenerator : 0), outer);
  }

  override parseMethod(isAsync: boolean, isGenerator: boolean): void {
    const outer = this.enterScope(ScopeKind.Function, this.isStrict);
    this.#parseParametersAndBody((isAsync ? inAsync : 0) | (isGenerator ? inGenerator : 0), outer);
  }

  #parseParametersAndBody(context: number, outer: number): void {
    const outerContext = this.context;
    const outerFixes = this.#fixes;
    this.context = context;
    const { scope } = this;
    const fixes = this.#parseParameters();
    const body = this.scope;
    this.#fixes = null;
    this.parseFixedBody(fixes);
    // The directive is the body's, but it makes the parameters strict too.
    if ((this.scopeFlags[body]! & scopeIsStrict) !== 0) this.scopeFlags[scope]! |= scopeIsStrict;
    this.#fixes = outerFixes;
    this.context = outerContext;
    this.scope = outer;
  }

  /** Parameters in parentheses; enters the scope of the body if it has one of its own. @returns the rests to be fixed */
  #parseParameters(): string[] | null {
    const { bytes } = this;
    const fixes: string[] = [];
    this.#fixes = fixes;
    const { scope } = this;
    let isSimple = true;
    this.expect(Byte.ParenOpen);
    while (bytes[this.pos] !== Byte.ParenClose) {
      if (bytes[this.pos] === Byte.Dot) {
        this.takeSpread();
        isSimple = false;
      }
      const byte = bytes[this.pos]!;
      if (byte === Byte.BraceOpen || byte === Byte.BracketOpen) isSimple = false;
      this.parseBinding(scope, false, false, true);
      if (bytes[this.pos] === Byte.Equals) {
        isSimple = false;
        this.parseDefault();
        this.#fixes = fixes;
      }
      if (bytes[this.pos] !== Byte.ParenClose) this.expect(Byte.Comma);
    }
    this.expect(Byte.ParenClose);
    if (!isSimple) this.enterScope(ScopeKind.Function, this.isStrict);
    return fixes.length > 0 ? fixes : null;
  }

  /** The parameter of a catch clause. @returns the rests to be fixed */
  parseCatchParameter(): string[] | null {
    const outerFixes = this.#fixes;
    const fixes: string[] = [];
    this.#fixes = fixes;
    this.parseBinding(this.scope, false, false, true);
    this.#fixes = outerFixes;
    return fixes.length > 0 ? fixes : null;
  }

  /** Patterns behind this are no parameters: rests cannot be fixed. @returns what to give to `endUnfixable` */
  startUnfixable(): string[] | null {
    const fixes = this.#fixes;
    this.#fixes = null;
    return fixes;
  }

  endUnfixable(fixes: string[] | null): void {
    this.#fixes = fixes;
  }

  /** A block that mends rests first. Its scope is entered by the caller. */
  parseFixedBody(fixes: string[] | null): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    this.parseDirectives(fixes);
    while (bytes[this.pos] !== Byte.BraceClose) this.parseStatement();
    this.advance(this.pos + 1);
  }

  /** Directives, and the statement behind them if it could be taken for one. */
  parseDirectives(fixes: string[] | null): void {
    const { bytes } = this;
    for (;;) {
      const { pos } = this;
      const byte = bytes[pos]!;
      const mark = this.editCount;
      if (byte === Byte.Quote || byte === Byte.Apostrophe) {
        const end = this.stringEnd(pos);
        this.parseStatement();
        if (this.statementIsString) {
          if (end - pos === 12 && matchesUseStrict(bytes, pos + 1)) this.scopeFlags[this.scope]! |= scopeIsStrict;
          continue;
        }
      }
      if (fixes !== null && byte !== Byte.BraceClose) this.insertText(mark, pos, fixes.map(restFix).join(''));
      return;
    }
  }

  /** Whether the last expression statement was a string and nothing else. */
  statementIsString = false;

  override parseArrow(_start: number, isAsync: boolean, noIn: boolean): void {
    const { bytes } = this;
    const outerContext = this.context;
    const outerFixes = this.#fixes;
    const outer = this.enterScope(ScopeKind.Function, this.isStrict);
    this.context = isAsync ? inAsync : 0;
    const { scope } = this;
    let fixes: string[] | null = null;
    if (bytes[this.pos] === Byte.ParenOpen) fixes = this.#parseParameters();
    else this.parseBindingName(scope, false);
    if (bytes[this.pos] !== Byte.Equals || bytes[this.pos + 1] !== Byte.Greater || this.hasLineBreak)
      this.notSure('syntax');
    this.advance(this.pos + 2);
    this.#fixes = null;
    if (bytes[this.pos] === Byte.BraceOpen) {
      const body = this.scope;
      this.parseFixedBody(fixes);
      if ((this.scopeFlags[body]! & scopeIsStrict) !== 0) this.scopeFlags[scope]! |= scopeIsStrict;
    } else {
      const start = this.pos;
      if (fixes !== null) {
        this.addText(start, parenthesis + fixes.map(restFixExpression).join(''));
      }
      this.parseAssignment(noIn);
      if (fixes !== null) this.addEdit(this.end, Piece.Closer);
    }
    this.#fixes = outerFixes;
    this.context = outerContext;
    this.scope = outer;
  }

  // Classes.

  override parseClass(isStatement: boolean): void {
    const { bytes, pos } = this;
    const nameEnd = this.identifierEnd(pos);
    const isNamed = nameEnd > pos && wordAt(bytes, pos, nameEnd - pos) !== Word.Extends;
    if (isNamed && isStatement) this.declare(this.scope, pos, nameEnd - pos, NameUse.DeclaredUnknown);
    const outer = this.enterScope(ScopeKind.Block, true);
    if (isNamed) {
      this.declare(this.scope, pos, nameEnd - pos, NameUse.DeclaredUnknown);
      this.advance(nameEnd);
    }
    if (identifierPart[bytes[this.pos]!] === 1) {
      const end = this.identifierEnd(this.pos);
      if (wordAt(bytes, this.pos, end - this.pos) !== Word.Extends) this.notSure('syntax');
      this.advance(end);
      if (this.parseChain(false)) this.notSure('syntax');
    }
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      if (!this.take(Byte.Semicolon)) this.#parseElement();
    }
    this.advance(this.pos + 1);
    this.scope = outer;
  }

  #parseElement(): void {
    const { bytes } = this;
    let isAsync = false;
    let isGenerator = false;
    for (let isStaticAllowed = true; ;) {
      const start = this.pos;
      const byte = bytes[start]!;
      if (byte === Byte.Star) {
        isGenerator = true;
        this.advance(start + 1);
        continue;
      }
      const isWord = identifierPart[byte] === 1 && !isDigit(byte);
      if (!isWord) {
        if (byte === Byte.At) this.notSure('syntax');
        this.parseKey();
        break;
      }
      const end = this.identifierEnd(start);
      if (end === start) this.notSure('syntax');
      this.advance(end);
      const next = bytes[this.pos]!;
      if (next === Byte.ParenOpen || next === Byte.Equals || next === Byte.Semicolon || next === Byte.BraceClose) break;
      const word = wordAt(bytes, start, end - start);
      if (word === Word.Static && isStaticAllowed) {
        isStaticAllowed = false;
        if (next === Byte.BraceOpen) return this.#parseStaticBlock();
      } else if (word === Word.Async && !this.hasLineBreak) isAsync = true;
      else if (word !== Word.Get && word !== Word.Set) {
        // A field that ends with its line.
        if (!this.hasLineBreak) this.notSure('syntax');
        return;
      } else if (this.hasLineBreak) this.notSure('syntax');
    }
    if (bytes[this.pos] === Byte.ParenOpen) return this.parseMethod(isAsync, isGenerator);
    if (bytes[this.pos] === Byte.Equals) {
      const { context } = this;
      const fixes = this.startUnfixable();
      this.context = 0;
      this.advance(this.pos + 1);
      // Not the top level of a module: no await.
      const outer = this.enterBlock();
      this.parseAssignment(false);
      this.scope = outer;
      this.context = context;
      this.endUnfixable(fixes);
    }
    this.endStatement();
  }

  #parseStaticBlock(): void {
    const { context } = this;
    const outer = this.enterScope(ScopeKind.Function, true);
    const fixes = this.startUnfixable();
    this.context = 0;
    this.advance(this.pos + 1);
    while (this.bytes[this.pos] !== Byte.BraceClose) this.parseStatement();
    this.advance(this.pos + 1);
    this.context = context;
    this.endUnfixable(fixes);
    this.scope = outer;
  }

  /** A semicolon, or where none need stand. */
  endStatement(): void {
    const byte = this.bytes[this.pos]!;
    if (byte === Byte.Semicolon) this.advance(this.pos + 1);
    else if (byte !== Byte.BraceClose && !this.hasLineBreak && this.pos < this.length) this.notSure('syntax');
  }
}

function isDigit(byte: number): boolean {
  return byte >= Byte.Digit0 && byte <= Byte.Digit9;
}

const useStrict = Array.from('use strict', (letter) => letter.charCodeAt(0));

function matchesUseStrict(bytes: Uint8Array, start: number): boolean {
  return useStrict.every((letter, at) => bytes[start + at] === letter);
}
