/**
 * @module Functions and classes: what declares names.
 */
import { parenthesis, restFix, restFixExpression } from '../insertions.js';
import { Byte, identifierPart } from './scanner.js';
import { inAsync, inGenerator } from './operands.js';
import { Patterns, isDigit } from './patterns.js';
import { NameUse, Piece, ScopeKind, scopeIsStrict } from './recorder.js';
import { Word, wordAt } from './words.js';

export abstract class Functions extends Patterns {
  abstract parseStatement(): void;

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
    const outerFixes = this.fixes;
    this.context = context;
    const { scope } = this;
    const fixes = this.#parseParameters();
    const body = this.scope;
    this.fixes = null;
    this.parseFixedBody(fixes);
    // The directive is the body's, but it makes the parameters strict too.
    if ((this.scopeFlags[body]! & scopeIsStrict) !== 0) this.scopeFlags[scope]! |= scopeIsStrict;
    this.fixes = outerFixes;
    this.context = outerContext;
    this.scope = outer;
  }

  /** Parameters in parentheses; enters the scope of the body if it has one of its own. @returns the rests to be fixed */
  #parseParameters(): string[] | null {
    const { bytes } = this;
    const fixes: string[] = [];
    this.fixes = fixes;
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
        this.fixes = fixes;
      }
      if (bytes[this.pos] !== Byte.ParenClose) this.expect(Byte.Comma);
    }
    this.expect(Byte.ParenClose);
    if (!isSimple) this.enterScope(ScopeKind.Function, this.isStrict);
    return fixes.length > 0 ? fixes : null;
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
    const outerFixes = this.fixes;
    const outer = this.enterScope(ScopeKind.Function, this.isStrict);
    this.context = isAsync ? inAsync : 0;
    const { scope } = this;
    let fixes: string[] | null = null;
    if (bytes[this.pos] === Byte.ParenOpen) fixes = this.#parseParameters();
    else this.parseBindingName(scope, false);
    if (bytes[this.pos] !== Byte.Equals || bytes[this.pos + 1] !== Byte.Greater || this.hasLineBreak)
      this.notSure('syntax');
    this.advance(this.pos + 2);
    this.fixes = null;
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
    this.fixes = outerFixes;
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

const useStrict = Array.from('use strict', (letter) => letter.charCodeAt(0));

function matchesUseStrict(bytes: Uint8Array, start: number): boolean {
  return useStrict.every((letter, at) => bytes[start + at] === letter);
}
