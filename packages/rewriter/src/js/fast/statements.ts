/**
 * @module Statements and the program.
 */
import { restFix } from '../insertions.js';
import { Byte, identifierPart } from './scanner.js';
import { inAsync, inGenerator } from './operands.js';
import { ScopeKind } from './recorder.js';
import { Modules } from './modules.js';
import { Operand, Shape } from './shapes.js';
import { Word, wordAt } from './words.js';

export class Statements extends Modules {
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
        this.parseDeclarations(word, false);
        return this.endStatement();
      case Word.Const:
        this.advance(end);
        this.parseDeclarations(word, false);
        return this.endStatement();
      case Word.Let: {
        this.advance(end);
        if (!this.isBindingAhead()) {
          this.advance(pos);
          this.end = pos;
          return this.#parseExpressionStatement();
        }
        this.parseDeclarations(word, false);
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
        return this.parseFor(end);
      case Word.While:
        this.advance(end);
        this.#parseCondition();
        return this.parseStatement();
      case Word.Do:
        this.advance(end);
        this.parseStatement();
        this.expectWord(Word.While);
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
        return this.parseImportDeclaration();
      case Word.Export:
        this.advance(end);
        return this.parseExportDeclaration();
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

  #parseIf(): void {
    do {
      this.advance(this.pos + 2);
      this.#parseCondition();
      this.#parseBranch();
      if (!this.takeWord(Word.Else)) return;
    } while (this.isWordAhead(Word.If));
    this.#parseBranch();
  }

  /** A function in the place of a statement is in a block of its own. */
  #parseBranch(): void {
    if (this.bytes[this.pos] !== 0x66 || !this.isWordAhead(Word.Function)) return this.parseStatement();
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
      if (this.takeWord(Word.Case)) {
        this.parseExpression(false);
        this.expect(Byte.Colon);
      } else if (this.takeWord(Word.Default)) this.expect(Byte.Colon);
      else this.parseStatement();
    }
    this.advance(this.pos + 1);
    this.scope = outer;
  }

  #parseTry(end: number): void {
    this.advance(end);
    this.#parseBlock();
    if (this.takeWord(Word.Catch)) {
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
    if (this.takeWord(Word.Finally)) this.#parseBlock();
  }

  /** Statements in braces, the rests of a parameter being mended first. No directive can stand there. */
  parseCatchBody(fixes: string[] | null): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    if (fixes !== null && bytes[this.pos] !== Byte.BraceClose) this.addText(this.pos, fixes.map(restFix).join(''));
    while (bytes[this.pos] !== Byte.BraceClose) this.parseStatement();
    this.advance(this.pos + 1);
  }

  /** Where a context is needed that is not that of the text's place: a value looked at once more. */
  setContext(scope: number, context: number): void {
    this.scope = scope;
    this.context = context & (inAsync | inGenerator);
  }
}
