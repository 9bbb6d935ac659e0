/**
 * @module Statements and the program.
 */
import { restFix } from '../insertions.js';
import { Byte, identifierPart } from './scanner.js';
import { inAsync, inGenerator } from './operands.js';
import { NameUse, Piece, ScopeKind } from './recorder.js';
import { Functions } from './functions.js';
import { Operand, Shape, valueKind } from './shapes.js';
import { Word, wordAt } from './words.js';

export class Statements extends Functions {
  rootKind: ScopeKind = ScopeKind.Program;

  parseProgram(isStrict: boolean): void {
    const { bytes } = this;
    this.scope = 0;
    this.context = 0;
    this.repeated = 0;
    this.hasPatternDoubt = false;
    this.plainNameStart = -1;
    this.enterScope(this.rootKind, isStrict);
    this.advance(0);
    if (bytes[0] === Byte.Hash && bytes[1] === Byte.Exclamation) {
      let pos = 2;
      while (pos < this.length && bytes[pos] !== 0x0a && bytes[pos] !== 0x0d) pos++;
      for (let at = 2; at < pos; at++) if (bytes[at]! >= 0x80) this.notSure('syntax');
      this.advance(pos);
    }
    this.parseDirectives(null);
    while (this.pos < this.length) this.parseStatement();
    if (this.hasPatternDoubt) this.notSure('pattern');
  }

  override parseStatement(): void {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (identifierPart[byte] === 0 || byte < 0x61) {
      if (byte === Byte.BraceOpen) return this.#parseBlock();
      if (byte === Byte.Semicolon) return this.advance(pos + 1);
      return this.#parseExpressionStatement();
    }
    const end = this.identifierEnd(pos);
    const word = wordAt(bytes, pos, end - pos);
    if (word === Word.None) {
      this.plainNameStart = pos;
      this.plainNameEnd = end;
      return this.#parseExpressionStatement();
    }
    switch (word) {
      case Word.Var:
        this.advance(end);
        this.#parseDeclarations(word, false);
        return this.endStatement();
      case Word.Const:
        this.advance(end);
        this.#parseDeclarations(word, false);
        return this.endStatement();
      case Word.Let: {
        this.advance(end);
        if (!this.#isBindingAhead()) {
          this.advance(pos);
          this.end = pos;
          return this.#parseExpressionStatement();
        }
        this.#parseDeclarations(word, false);
        return this.endStatement();
      }
      case Word.If:
        return this.#parseIf();
      case Word.Return:
        this.advance(end);
        if (!this.hasLineBreak && !this.#isStatementEnd()) this.parseExpression(false);
        return this.endStatement();
      case Word.Throw:
        this.advance(end);
        if (this.hasLineBreak) this.notSure('syntax');
        this.parseExpression(false);
        return this.endStatement();
      case Word.For:
        return this.#parseFor(end);
      case Word.While:
        this.advance(end);
        this.#parseCondition();
        return this.#parseBody();
      case Word.Do:
        this.advance(end);
        this.#parseBody();
        this.#expectWord(Word.While);
        this.#parseCondition();
        this.take(Byte.Semicolon);
        return;
      case Word.Break:
      case Word.Continue:
      case Word.Debugger:
        this.advance(end);
        if (!this.hasLineBreak && identifierPart[bytes[this.pos]!] === 1) this.advance(this.identifierEnd(this.pos));
        return this.endStatement();
      case Word.Switch:
        return this.#parseSwitch(end);
      case Word.Try:
        return this.#parseTry(end);
      case Word.Function:
        this.advance(end);
        return this.parseFunction(pos, false, true);
      case Word.Class:
        this.advance(end);
        return this.parseClass(true);
      case Word.Async:
        this.advance(end);
        if (!this.hasLineBreak && wordAt(bytes, this.pos, this.identifierEnd(this.pos) - this.pos) === Word.Function) {
          this.advance(this.identifierEnd(this.pos));
          return this.parseFunction(pos, true, true);
        }
        this.advance(pos);
        return this.#parseExpressionStatement();
      case Word.Import:
        this.advance(end);
        if (bytes[this.pos] === Byte.ParenOpen || bytes[this.pos] === Byte.Dot) {
          this.advance(pos);
          return this.#parseExpressionStatement();
        }
        return this.#parseImportDeclaration();
      case Word.Export:
        this.advance(end);
        return this.#parseExportDeclaration();
      case Word.With:
        return this.notSure('with');
      case Word.Location:
      case Word.Top:
        this.advance(end);
        // A label.
        if (this.take(Byte.Colon)) return this.parseStatement();
        this.advance(pos);
        return this.#parseExpressionStatement();
      case Word.Enum:
        return this.notSure('syntax');
      default:
        return this.#parseExpressionStatement();
    }
  }

  #parseExpressionStatement(): void {
    const start = this.pos;
    const shape = this.parseExpression(false);
    if (
      this.bytes[this.pos] === Byte.Colon &&
      shape === Shape.None &&
      this.operand === Operand.Name &&
      this.operandStart === start
    ) {
      // A label.
      this.advance(this.pos + 1);
      return this.parseStatement();
    }
    this.endStatement();
    this.statementIsString = shape === Shape.None && this.operand === Operand.String;
  }

  #isStatementEnd(): boolean {
    const byte = this.bytes[this.pos]!;
    return byte === Byte.Semicolon || byte === Byte.BraceClose || this.pos >= this.length;
  }

  #parseBlock(): void {
    const outer = this.enterBlock();
    this.#parseStatements();
    this.scope = outer;
  }

  #parseStatements(): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) this.parseStatement();
    this.advance(this.pos + 1);
  }

  #parseCondition(): void {
    this.expect(Byte.ParenOpen);
    this.parseExpression(false);
    this.expect(Byte.ParenClose);
  }

  /** A statement that is no declaration. */
  #parseBody(): void {
    this.parseStatement();
  }

  #expectWord(word: Word): void {
    const end = this.identifierEnd(this.pos);
    if (wordAt(this.bytes, this.pos, end - this.pos) !== word) this.notSure('syntax');
    this.advance(end);
  }

  #takeWord(word: Word): boolean {
    const end = this.identifierEnd(this.pos);
    if (end === this.pos || wordAt(this.bytes, this.pos, end - this.pos) !== word) return false;
    this.advance(end);
    return true;
  }

  #parseIf(): void {
    do {
      this.advance(this.pos + 2);
      this.#parseCondition();
      this.#parseBranch();
      if (!this.#takeWord(Word.Else)) return;
    } while (this.#isWordAhead(Word.If));
    this.#parseBranch();
  }

  #isWordAhead(word: Word): boolean {
    const end = this.identifierEnd(this.pos);
    return end > this.pos && wordAt(this.bytes, this.pos, end - this.pos) === word;
  }

  /** A function in the place of a statement is in a block of its own. */
  #parseBranch(): void {
    if (this.bytes[this.pos] !== 0x66 || !this.#isWordAhead(Word.Function)) return this.parseStatement();
    const outer = this.enterBlock();
    this.parseStatement();
    this.scope = outer;
  }

  #parseSwitch(end: number): void {
    const { bytes } = this;
    this.advance(end);
    this.#parseCondition();
    const outer = this.enterBlock();
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      if (this.#takeWord(Word.Case)) {
        this.parseExpression(false);
        this.expect(Byte.Colon);
      } else if (this.#takeWord(Word.Default)) this.expect(Byte.Colon);
      else this.parseStatement();
    }
    this.advance(this.pos + 1);
    this.scope = outer;
  }

  #parseTry(end: number): void {
    this.advance(end);
    this.#parseBlock();
    if (this.#takeWord(Word.Catch)) {
      const outer = this.enterBlock();
      let fixes: string[] | null = null;
      if (this.take(Byte.ParenOpen)) {
        fixes = this.parseCatchParameter();
        this.expect(Byte.ParenClose);
      }
      this.enterBlock();
      this.parseCatchBody(fixes);
      this.scope = outer;
    }
    if (this.#takeWord(Word.Finally)) this.#parseBlock();
  }

  /** Statements in braces, the rests of a parameter being mended first. No directive can stand there. */
  parseCatchBody(fixes: string[] | null): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    if (fixes !== null && bytes[this.pos] !== Byte.BraceClose) this.addText(this.pos, fixes.map(restFix).join(''));
    while (bytes[this.pos] !== Byte.BraceClose) this.parseStatement();
    this.advance(this.pos + 1);
  }

  // Declarations.

  #isBindingAhead(): boolean {
    const byte = this.bytes[this.pos]!;
    if (byte === Byte.BracketOpen || byte === Byte.BraceOpen) return true;
    if (identifierPart[byte] === 0 || (byte >= Byte.Digit0 && byte <= Byte.Digit9)) return false;
    const word = wordAt(this.bytes, this.pos, this.identifierEnd(this.pos) - this.pos);
    return word !== Word.In && word !== Word.Instanceof;
  }

  /** @returns bits: 1 a pattern that may read hot properties of what is not known yet, 2 without an initialiser */
  #parseDeclarations(kind: Word, noIn: boolean): number {
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

  #parseFor(end: number): void {
    const { bytes } = this;
    this.advance(end);
    if (this.bytes[this.pos] !== Byte.ParenOpen) this.#expectWord(Word.Await);
    this.expect(Byte.ParenOpen);
    const outer = this.enterBlock();
    const { pos } = this;
    if (bytes[pos] !== Byte.Semicolon) {
      const wordEnd = this.identifierEnd(pos);
      const word = wordEnd > pos ? wordAt(bytes, pos, wordEnd - pos) : Word.None;
      if (word === Word.Var || word === Word.Const || word === Word.Let) {
        this.advance(wordEnd);
        // `for (let in o)`: a variable of that name.
        if (!this.#isBindingAhead()) this.notSure('syntax');
        const { nameCount, editCount, decisionCount, scopeCount, temporaries } = this;
        const start = this.pos;
        const found = this.#parseDeclarations(word, true);
        if (found === 3 && this.#isWordAhead(Word.Of)) {
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
    this.#parseBody();
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
    if (this.#takeWord(Word.In)) this.parseExpression(false);
    else {
      this.#expectWord(Word.Of);
      this.parseAssignment(false);
    }
    this.expect(Byte.ParenClose);
    this.#parseBody();
  }

  // Modules.

  #parseImportDeclaration(): void {
    if (!this.isModule) this.notSure('goal');
    const { bytes } = this;
    if (bytes[this.pos] !== Byte.Quote && bytes[this.pos] !== Byte.Apostrophe) {
      if (identifierPart[bytes[this.pos]!] === 1) {
        this.parseBindingName(0, false);
        if (!this.take(Byte.Comma)) return this.#parseFrom();
      }
      if (this.take(Byte.Star)) {
        this.advance(this.identifierEnd(this.pos));
        this.parseBindingName(0, false);
      } else this.#parseImportSpecifiers();
      return this.#parseFrom();
    }
    this.#parseSource();
  }

  #parseImportSpecifiers(): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      const { pos } = this;
      const isString = bytes[pos] === Byte.Quote || bytes[pos] === Byte.Apostrophe;
      const end = isString ? this.stringEnd(pos) : this.identifierEnd(pos);
      if (end === pos) this.notSure('syntax');
      this.advance(end);
      if (bytes[this.pos] !== Byte.Comma && bytes[this.pos] !== Byte.BraceClose) {
        // as
        this.advance(this.identifierEnd(this.pos));
        this.parseBindingName(0, false);
      } else {
        if (isString) this.notSure('syntax');
        this.declare(0, pos, end - pos, NameUse.DeclaredUnknown);
      }
      if (bytes[this.pos] !== Byte.BraceClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
  }

  #parseFrom(): void {
    const { bytes, pos } = this;
    if (this.identifierEnd(pos) - pos !== 4 || bytes[pos] !== 0x66) this.notSure('syntax');
    this.advance(pos + 4);
    this.#parseSource();
  }

  #parseSource(): void {
    const { bytes, pos } = this;
    if (bytes[pos] !== Byte.Quote && bytes[pos] !== Byte.Apostrophe) this.notSure('syntax');
    this.checkSpecifier(pos);
    this.advance(this.stringEnd(pos));
    if (bytes[this.pos] === 0x77 && this.#takeWord(Word.With)) this.#skipSpecifiers();
    this.endStatement();
  }

  /** Names, strings and commas in braces: nothing in them is looked at. */
  #skipSpecifiers(): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      const { pos } = this;
      const byte = bytes[pos]!;
      if (byte === Byte.Comma || byte === Byte.Colon) this.advance(pos + 1);
      else if (byte === Byte.Quote || byte === Byte.Apostrophe) this.advance(this.stringEnd(pos));
      else {
        const end = this.identifierEnd(pos);
        if (end === pos) this.notSure('syntax');
        this.advance(end);
      }
    }
    this.advance(this.pos + 1);
  }

  #parseExportDeclaration(): void {
    if (!this.isModule) this.notSure('goal');
    const { bytes } = this;
    if (bytes[this.pos] === Byte.Star) {
      this.advance(this.pos + 1);
      const { pos } = this;
      if (bytes[pos] === 0x61) {
        // as
        this.advance(this.identifierEnd(pos));
        const byte = bytes[this.pos]!;
        this.advance(
          byte === Byte.Quote || byte === Byte.Apostrophe ? this.stringEnd(this.pos) : this.identifierEnd(this.pos),
        );
      }
      return this.#parseFrom();
    }
    if (bytes[this.pos] === Byte.BraceOpen) {
      this.#skipSpecifiers();
      if (bytes[this.pos] === 0x66 && this.identifierEnd(this.pos) - this.pos === 4) return this.#parseFrom();
      return this.endStatement();
    }
    if (!this.#takeWord(Word.Default)) return this.parseStatement();
    const { pos } = this;
    if (this.#takeWord(Word.Function)) return this.parseFunction(pos, false, true);
    if (this.#takeWord(Word.Class)) return this.parseClass(true);
    if (this.#takeWord(Word.Async)) {
      if (!this.hasLineBreak && this.#takeWord(Word.Function)) return this.parseFunction(pos, true, true);
      this.advance(pos);
    }
    this.parseAssignment(false);
    this.endStatement();
  }

  /** Where a context is needed that is not that of the text's place: a value looked at once more. */
  setContext(scope: number, context: number): void {
    this.scope = scope;
    this.context = context & (inAsync | inGenerator);
  }
}
