/**
 * @module What stands in brackets: parentheses (which may turn out to be the parameters of an arrow function), arrays
 * and objects (which may turn out to be patterns).
 */
import { Byte, identifierPart } from './scanner.js';
import { Links } from './links.js';
import type { NameUse } from './recorder.js';
import { Decision, Piece, ScopeKind, pieceBits } from './recorder.js';
import { Operand, Shape, isPlainExpression } from './shapes.js';
import { Word, wordAt } from './words.js';

export abstract class Groups extends Links {
  /** Bytes that were read a second time, as parameters or patterns. */
  repeated = 0;
  /** An assignment pattern may read hot properties; unless it turns out to be that of a parameter. */
  hasPatternDoubt = false;
  /** What there was before the last array or object, which may be read again as a pattern. */
  #literalStart = 0;
  #literalMark = 0;
  #literalNameCount = 0;
  #literalDecisionCount = 0;
  #literalScopeCount = 0;
  #literalTemporaries = 0;

  abstract parseArrow(parametersStart: number, isAsync: boolean, noIn: boolean): void;
  abstract parseMethod(isAsync: boolean, isGenerator: boolean): void;

  noteRepeated(bytes: number): void {
    this.repeated += bytes;
    if (this.repeated > this.length * 2 + 1000) this.notSure('depth');
  }

  // Parentheses.

  /** @returns whether it was an arrow function */
  parseParenthesis(start: number, noIn: boolean): boolean {
    const { bytes } = this;
    if (this.#isSimpleArrowAhead(start)) {
      this.parseArrow(start, false, noIn);
      this.operand = Operand.Arrow;
      return true;
    }
    const { editCount, nameCount, decisionCount, scopeCount, temporaries, hasPatternDoubt } = this;
    this.advance(start + 1);
    let shape: number = Shape.None;
    let mustBeArrow = false;
    for (;;) {
      const byte = bytes[this.pos]!;
      if (byte === Byte.ParenClose || (byte === Byte.Dot && bytes[this.pos + 1] === Byte.Dot)) {
        mustBeArrow = true;
        break;
      }
      shape |= this.parseAssignment(false);
      if (!this.take(Byte.Comma)) break;
      shape = Shape.Comma;
    }
    if (!mustBeArrow) {
      if (bytes[this.pos] !== Byte.ParenClose) this.notSure('syntax');
      this.advance(this.pos + 1);
      if (bytes[this.pos] !== Byte.Equals || bytes[this.pos + 1] !== Byte.Greater) {
        this.#noteParenthesized(shape);
        return false;
      }
    }
    this.editCount = editCount;
    this.nameCount = nameCount;
    this.decisionCount = decisionCount;
    this.scopeCount = scopeCount;
    this.temporaries = temporaries;
    this.hasPatternDoubt = hasPatternDoubt;
    this.noteRepeated(this.pos - start);
    this.advance(start);
    this.parseArrow(start, false, noIn);
    this.operand = Operand.Arrow;
    return true;
  }

  #noteParenthesized(shape: number): void {
    const inner = this.operand;
    // A parenthesis in this one has left its own answer.
    if (inner === Operand.Member || inner === Operand.Name) this.innerTells = this.tells;
    else if (inner !== Operand.Parenthesized || this.innerShape !== Shape.None) this.innerTells = false;
    const isNested = inner === Operand.Parenthesized || inner === Operand.PlainParenthesized;
    if (!isNested || shape !== Shape.None) {
      this.innerIsMember = shape === Shape.None && inner === Operand.Member;
      this.innerOperand = inner;
    }
    this.innerShape = isNested ? shape | this.innerShape : shape;
    this.operand = isPlainExpression(shape, inner) ? Operand.PlainParenthesized : Operand.Parenthesized;
  }

  /** `(a, b) =>` */
  #isSimpleArrowAhead(start: number): boolean {
    const { bytes } = this;
    let pos = start + 1;
    for (;;) {
      const byte = bytes[pos]!;
      if (identifierPart[byte] === 0 && byte !== Byte.Comma && byte !== 0x20) break;
      pos++;
    }
    if (bytes[pos] !== Byte.ParenClose) return false;
    pos++;
    while (bytes[pos] === 0x20) pos++;
    return bytes[pos] === Byte.Equals && bytes[pos + 1] === Byte.Greater;
  }

  /** Behind `async`, where it may be a call: looks for the end of the parenthesis by reading it. */
  isArrowAhead(start: number): boolean {
    if (this.#isSimpleArrowAhead(start)) return true;
    const { editCount, nameCount, decisionCount, scopeCount, temporaries, hasPatternDoubt } = this;
    const { operand, pos, end } = this;
    this.advance(start + 1);
    for (;;) {
      const byte = this.bytes[this.pos]!;
      if (byte === Byte.ParenClose) break;
      if (byte === Byte.Dot && this.bytes[this.pos + 1] === Byte.Dot) this.takeSpread();
      this.parseAssignment(false);
      if (!this.take(Byte.Comma)) break;
    }
    this.expect(Byte.ParenClose);
    const isArrow = this.bytes[this.pos] === Byte.Equals && this.bytes[this.pos + 1] === Byte.Greater;
    this.noteRepeated(this.pos - start);
    this.editCount = editCount;
    this.nameCount = nameCount;
    this.decisionCount = decisionCount;
    this.scopeCount = scopeCount;
    this.temporaries = temporaries;
    this.hasPatternDoubt = hasPatternDoubt;
    this.operand = operand;
    this.pos = pos;
    this.end = end;
    return isArrow;
  }

  // Arrays and objects.

  parseLiteral(start: number): void {
    const { editCount, nameCount, decisionCount, scopeCount, temporaries } = this;
    if (this.bytes[start] === Byte.BracketOpen) this.#parseArray();
    else this.#parseObject();
    // Those within have left their own.
    this.#literalStart = start;
    this.#literalMark = editCount;
    this.#literalNameCount = nameCount;
    this.#literalDecisionCount = decisionCount;
    this.#literalScopeCount = scopeCount;
    this.#literalTemporaries = temporaries;
  }

  /** Goes back to what was before the array or object that was just read. */
  rewind(): void {
    this.editCount = this.#literalMark;
    this.nameCount = this.#literalNameCount;
    this.decisionCount = this.#literalDecisionCount;
    this.scopeCount = this.#literalScopeCount;
    this.temporaries = this.#literalTemporaries;
    this.noteRepeated(this.end - this.#literalStart);
    this.advance(this.#literalStart);
  }

  #parseArray(): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    for (;;) {
      const byte = bytes[this.pos]!;
      if (byte === Byte.BracketClose) break;
      if (byte === Byte.Comma) {
        this.advance(this.pos + 1);
        continue;
      }
      this.parseArgument();
      if (bytes[this.pos] !== Byte.BracketClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
    this.operand = Operand.Array;
  }

  #parseObject(): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    while (bytes[this.pos] !== Byte.BraceClose) {
      this.#parseProperty();
      if (bytes[this.pos] !== Byte.BraceClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
    this.operand = Operand.Object;
  }

  #parseProperty(): void {
    const { bytes } = this;
    let isAsync = false;
    let isGenerator = false;
    for (let modifiers = 0; ; modifiers++) {
      const start = this.pos;
      const byte = bytes[start]!;
      if ((identifierPart[byte] === 0 && byte !== Byte.Backslash) || (byte >= Byte.Digit0 && byte <= Byte.Digit9)) {
        if (byte === Byte.Star) {
          if (isGenerator) this.notSure('syntax');
          isGenerator = true;
          this.advance(start + 1);
          continue;
        }
        if (byte === Byte.Dot && bytes[start + 1] === Byte.Dot && modifiers === 0) {
          this.takeSpread();
          this.parseAssignment(false);
          return;
        }
        this.parseKey();
        break;
      }
      const end = this.keyEnd(start);
      if (end === start) this.notSure('syntax');
      this.advance(end);
      const next = bytes[this.pos]!;
      if (next === Byte.Colon) {
        this.advance(this.pos + 1);
        this.parseAssignment(false);
        return;
      }
      if (next === Byte.ParenOpen) break;
      if (next === Byte.Comma || next === Byte.BraceClose || next === Byte.Equals) {
        if (modifiers > 0) this.notSure('syntax');
        return this.#parseShorthand(start, end);
      }
      const word = wordAt(bytes, start, end - start);
      if (word === Word.Async && !this.hasLineBreak) isAsync = true;
      else if (word !== Word.Get && word !== Word.Set) this.notSure('syntax');
    }
    if (bytes[this.pos] === Byte.ParenOpen) return this.parseMethod(isAsync, isGenerator);
    this.expect(Byte.Colon);
    this.parseAssignment(false);
  }

  #parseShorthand(start: number, end: number): void {
    const { bytes } = this;
    if (this.identifierEnd(start) !== end) this.notSure('escape');
    const word = wordAt(bytes, start, end - start);
    if (word === Word.Location || word === Word.Top) {
      const decision = this.addDecision(Decision.Reference, start, end) << pieceBits;
      if (this.isDynamic) {
        this.addEdit(start, (word === Word.Top ? Piece.TopValue : Piece.LocationValue) | decision);
        this.addEdit(end, Piece.Closer | decision);
      } else this.addEdit(start, (word === Word.Top ? Piece.Top : Piece.Location) | decision);
    } else if (word !== Word.None && word < Word.Async) {
      this.notSure('syntax');
    } else if (word === Word.Await) this.notSure('goal');
    // Only a pattern has defaults; as one it is read again.
    if (bytes[this.pos] === Byte.Equals) {
      this.advance(this.pos + 1);
      this.parseAssignment(false);
    }
  }

  /** A key that is no plain name. */
  parseKey(): number {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (byte === Byte.BracketOpen) {
      this.advance(pos + 1);
      const shape = this.parseExpression(false);
      this.expect(Byte.BracketClose);
      return shape;
    }
    if (byte === Byte.Quote || byte === Byte.Apostrophe) this.advance(this.stringEnd(pos));
    else if ((byte >= Byte.Digit0 && byte <= Byte.Digit9) || byte === Byte.Dot) this.advance(this.numberEnd(pos));
    else {
      const start = byte === Byte.Hash ? pos + 1 : pos;
      const end = this.keyEnd(start);
      if (end === start) this.notSure('syntax');
      this.advance(end);
    }
    return 0;
  }

  // Names.

  /** Notes a declaration; hot names at the top level of a script declare nothing. */
  declare(scope: number, start: number, length: number, use: NameUse, value = 0): void {
    const word = wordAt(this.bytes, start, length);
    if (word !== Word.None) {
      if (word === Word.Location || word === Word.Top) this.hasHotDeclaration = true;
      else if (word === Word.Eval) this.notSure('eval');
      else if (word < Word.Async) this.notSure('syntax');
      else if (word === Word.Await && this.isModule) this.notSure('goal');
    }
    this.noteName(scope, start, length, use, value);
  }

  get isInBlock(): boolean {
    return (this.scopeFlags[this.scope]! & 3) === ScopeKind.Block;
  }
}
