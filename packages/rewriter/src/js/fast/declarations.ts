/**
 * @module Declarations of variables, and the heads of `for` loops, which may hold one.
 */
import { Byte, identifierPart } from './scanner.js';
import { NameUse, Piece } from './recorder.js';
import { Functions } from './functions.js';
import { Operand, Shape, valueKind } from './shapes.js';
import { Word, wordAt } from './words.js';

export abstract class Declarations extends Functions {
  expectWord(word: Word): void {
    const end = this.identifierEnd(this.pos);
    if (wordAt(this.bytes, this.pos, end - this.pos) !== word) this.notSure('syntax');
    this.advance(end);
  }

  takeWord(word: Word): boolean {
    const end = this.identifierEnd(this.pos);
    if (end === this.pos || wordAt(this.bytes, this.pos, end - this.pos) !== word) return false;
    this.advance(end);
    return true;
  }

  isWordAhead(word: Word): boolean {
    const end = this.identifierEnd(this.pos);
    return end > this.pos && wordAt(this.bytes, this.pos, end - this.pos) === word;
  }

  isBindingAhead(): boolean {
    const byte = this.bytes[this.pos]!;
    if (byte === Byte.BracketOpen || byte === Byte.BraceOpen) return true;
    if (identifierPart[byte] === 0 || (byte >= Byte.Digit0 && byte <= Byte.Digit9)) return false;
    const word = wordAt(this.bytes, this.pos, this.identifierEnd(this.pos) - this.pos);
    return word !== Word.In && word !== Word.Instanceof;
  }

  /** @returns bits: 1 a pattern that may read hot properties of what is not known yet, 2 without an initialiser */
  parseDeclarations(kind: Word, noIn: boolean): number {
    const { bytes } = this;
    const target = kind === Word.Var ? this.variableScopes[this.scope]! : this.scope;
    // Other scripts can write a variable of the global scope.
    const isUnknown =
      target === 0 && (kind === Word.Var ? this.topLevelIsVariable : kind === Word.Let && this.topLevelIsGlobal);
    for (let count = 0; ; count++) {
      const start = this.pos;
      const byte = bytes[start]!;
      if (byte === Byte.BracketOpen || byte === Byte.BraceOpen) {
        const fixes = this.startUnfixable();
        const readsHot = this.parseBinding(target, kind === Word.Var, true, false);
        this.endUnfixable(fixes);
        if (bytes[this.pos] !== Byte.Equals) {
          if (!noIn || count > 0) this.notSure('syntax');
          return readsHot ? 3 : 2;
        }
        this.advance(this.pos + 1);
        const mark = this.editCount;
        const valueStart = this.pos;
        this.parseAssignment(noIn);
        if (readsHot) this.#wrapValue(mark, valueStart);
      } else {
        const end = this.identifierEnd(start);
        if (end === start || (byte >= Byte.Digit0 && byte <= Byte.Digit9)) this.notSure('syntax');
        if (kind === Word.Var) this.checkGlobal(target, start, end);
        this.advance(end);
        if (bytes[this.pos] === Byte.Equals) {
          this.advance(this.pos + 1);
          const valueStart = this.pos;
          const shape = this.parseAssignment(noIn);
          const value = valueKind(shape, this.operand, valueStart);
          this.declare(target, start, end - start, isUnknown ? NameUse.DeclaredUnknown : NameUse.DeclaredValue, value);
        } else {
          this.declare(target, start, end - start, isUnknown ? NameUse.DeclaredUnknown : NameUse.Declared);
          if (noIn && count === 0 && bytes[this.pos] !== Byte.Comma && bytes[this.pos] !== Byte.Semicolon) return 2;
        }
      }
      if (!this.take(Byte.Comma)) return 0;
    }
  }

  #wrapValue(mark: number, start: number): void {
    const isParenthesized = this.needsParenthesis(start);
    this.addEdit(this.end, isParenthesized ? Piece.DoubleCloser : Piece.Closer);
    this.insertEdit(mark, start, isParenthesized ? Piece.ParenthesizedStandIn : Piece.StandIn);
  }

  parseFor(end: number): void {
    const { bytes } = this;
    this.advance(end);
    if (this.bytes[this.pos] !== Byte.ParenOpen) this.expectWord(Word.Await);
    this.expect(Byte.ParenOpen);
    const outer = this.enterBlock();
    const { pos } = this;
    if (bytes[pos] !== Byte.Semicolon) {
      const wordEnd = this.identifierEnd(pos);
      const word = wordEnd > pos ? wordAt(bytes, pos, wordEnd - pos) : Word.None;
      if (word === Word.Var || word === Word.Const || word === Word.Let) {
        this.advance(wordEnd);
        // `for (let in o)`: a variable of that name.
        if (!this.isBindingAhead()) this.notSure('syntax');
        const { nameCount, editCount, decisionCount, scopeCount, temporaries } = this;
        const start = this.pos;
        const found = this.parseDeclarations(word, true);
        if (found === 3 && this.isWordAhead(Word.Of)) {
          // What each turn gives cannot be wrapped: the pattern is read again.
          Object.assign(this, { nameCount, editCount, decisionCount, scopeCount, temporaries });
          this.advance(start);
          const target = word === Word.Var ? this.variableScopes[this.scope]! : this.scope;
          const fixes = this.startUnfixable();
          this.parseBinding(target, word === Word.Var, false, false);
          this.endUnfixable(fixes);
        }
        if ((found & 2) !== 0) {
          // Whatever the loop gives it.
          for (let at = nameCount; at < this.nameCount; at += 7) {
            if (this.names[at + 3] === NameUse.Declared) this.names[at + 3] = NameUse.DeclaredUnknown;
          }
          this.#parseIteration();
          this.scope = outer;
          return;
        }
      } else {
        if (word === Word.Async) this.notSure('syntax');
        const shape = this.parseExpression(true);
        if (bytes[this.pos] !== Byte.Semicolon) {
          if (shape !== Shape.None) this.notSure('syntax');
          this.#parseHeadTarget();
          this.#parseIteration();
          this.scope = outer;
          return;
        }
      }
    }
    this.expect(Byte.Semicolon);
    if (bytes[this.pos] !== Byte.Semicolon) this.parseExpression(false);
    this.expect(Byte.Semicolon);
    if (bytes[this.pos] !== Byte.ParenClose) this.parseExpression(false);
    this.expect(Byte.ParenClose);
    this.parseStatement();
    this.scope = outer;
  }

  /** What was read as an expression is what the loop assigns to. */
  #parseHeadTarget(): void {
    switch (this.operand) {
      case Operand.Name:
        this.refuseDynamic();
        this.noteName(this.scope, this.operandStart, this.operandEnd - this.operandStart, NameUse.WrittenUnknown, 0);
        return;
      case Operand.Array:
      case Operand.Object:
        this.rewind();
        return this.parseTarget();
      case Operand.Member:
        return;
      default:
        return this.notSure('pattern');
    }
  }

  /** `of x) …` or `in x) …` */
  #parseIteration(): void {
    if (this.takeWord(Word.In)) this.parseExpression(false);
    else {
      this.expectWord(Word.Of);
      this.parseAssignment(false);
    }
    this.expect(Byte.ParenClose);
    this.parseStatement();
  }
}
