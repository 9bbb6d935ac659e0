/**
 * @module Expressions. Precedence does not matter to most edits: an expression is a flat row of operands and operators,
 * of which it is enough to know which kinds there were.
 */
import { Byte, identifierPart } from './scanner.js';
import {
  Decision,
  NameUse,
  Piece,
  Recorder,
  ScopeKind,
  Value,
  pieceBits,
  scopeContainsEval,
  scopeHasEval,
} from './recorder.js';
import { Word, wordAt } from './words.js';

/** Which operators stand in an expression, outside of brackets. */
export const enum Shape {
  None = 0,
  /** Binary operators that bind looser than `+`. */
  Low = 1,
  /** The last additive operator is `+`; or it is `-`. */
  Plus = 2,
  Minus = 4,
  /** Those that bind tighter. */
  High = 8,
  /** `&&`, `||`, `??`. */
  Logical = 16,
  Conditional = 32,
  Assignment = 64,
  Comma = 128,
  Arrow = 256,
  Yield = 512,
  /** A prefix operator stands first: any, `typeof`, `await`. */
  Unary = 1024,
  Typeof = 2048,
  Await = 4096,
}

/** Bits of `context`. */
export const inAsync = 1;
export const inGenerator = 2;

const binary = Shape.Low | Shape.Plus | Shape.Minus | Shape.High;
/** Shapes that the value depends on in ways that only a closer look tells. */
const intricate = Shape.Logical | Shape.Conditional | Shape.Assignment | Shape.Comma;

/** What a single operand is. Those from `Number` to `Object` are never a Window or Document. */
export const enum Operand {
  Other, Name, Member, Parenthesized, Number, String, Template, Substitution, Regex, Plain, PlainParenthesized, Update,
  Array, Object, Arrow,
} // prettier-ignore

export abstract class Expressions extends Recorder {
  /** What the last operand was. */
  operand: Operand = Operand.Other;
  operandStart = 0;
  operandEnd = 0;
  /** The insertions before the last operand. */
  #lastMark = 0;
  #lastNameCount = 0;
  #lastDecisionCount = 0;
  #lastScopeCount = 0;
  #lastTemporaries = 0;

  isModule = false;
  /** Bytes that were read a second time, as parameters or patterns. */
  repeated = 0;
  /** An assignment pattern may read hot properties; unless it turns out to be that of a parameter. */
  hasPatternDoubt = false;
  /** What `var` declares at the top level is a property of the global; and a `let` there may be written by other scripts. */
  topLevelIsVariable = false;
  topLevelIsGlobal = false;

  abstract parseFunction(start: number, isAsync: boolean, isStatement: boolean): void;
  abstract parseClass(isStatement: boolean): void;
  abstract parseArrow(parametersStart: number, isAsync: boolean, noIn: boolean): void;
  abstract parseMethod(isAsync: boolean, isGenerator: boolean): void;
  /** An assignment pattern. */
  abstract parseTarget(): void;

  /** Goes back to what was before the last operand. */
  rewind(): void {
    this.editCount = this.#lastMark;
    this.nameCount = this.#lastNameCount;
    this.decisionCount = this.#lastDecisionCount;
    this.scopeCount = this.#lastScopeCount;
    this.temporaries = this.#lastTemporaries;
    this.repeated += this.end - this.operandStart;
    if (this.repeated > this.length * 2 + 1000) this.notSure('depth');
    this.advance(this.operandStart);
  }

  parseExpression(noIn: boolean): number {
    let shape = this.parseAssignment(noIn);
    while (this.bytes[this.pos] === Byte.Comma) {
      this.advance(this.pos + 1);
      shape = this.parseAssignment(noIn) | Shape.Comma;
    }
    return shape;
  }

  parseAssignment(noIn: boolean): number {
    let shape: number = Shape.None;
    const start = this.pos;
    for (;;) {
      const prefix = this.#parseOperand(noIn, shape === Shape.None);
      const { operand } = this;
      if (shape === Shape.None) shape = prefix;
      else if ((prefix & (Shape.Arrow | Shape.Yield)) !== 0) this.notSure('syntax');
      if (operand === Operand.Arrow || (prefix & Shape.Yield) !== 0) return shape;

      const { bytes, pos } = this;
      const byte = bytes[pos]!;
      const next = bytes[pos + 1]!;
      switch (byte) {
        case Byte.Comma:
        case Byte.Semicolon:
        case Byte.ParenClose:
        case Byte.BracketClose:
        case Byte.BraceClose:
        case Byte.Colon:
          return shape;
        case Byte.Equals:
          if (next === Byte.Equals) {
            this.advance(bytes[pos + 2] === Byte.Equals ? pos + 3 : pos + 2);
            shape |= Shape.Low;
            break;
          }
          if (next === Byte.Greater || shape !== Shape.None) this.notSure('syntax');
          return this.#parseAssigned(start, pos + 1, noIn, true);
        case Byte.Plus:
        case Byte.Minus:
          if (next === Byte.Equals) return this.#parseCompound(start, shape, pos + 2, noIn, byte === Byte.Plus);
          // `a\n++b`
          if (next === byte) return this.hasLineBreak ? shape : this.notSure('syntax');
          this.advance(pos + 1);
          shape = (shape & ~(Shape.Plus | Shape.Minus)) | (byte === Byte.Plus ? Shape.Plus : Shape.Minus);
          break;
        case Byte.Star:
        case Byte.Slash:
        case Byte.Percent: {
          const end = byte === Byte.Star && next === Byte.Star ? pos + 2 : pos + 1;
          if (bytes[end] === Byte.Equals) return this.#parseCompound(start, shape, end + 1, noIn, false);
          this.advance(end);
          shape |= Shape.High;
          break;
        }
        case Byte.Less:
        case Byte.Greater: {
          if (
            byte === Byte.Less &&
            next === Byte.Exclamation &&
            bytes[pos + 2] === Byte.Minus &&
            bytes[pos + 3] === Byte.Minus
          ) {
            this.notSure('html-comment');
          }
          let end = pos + 1;
          while (bytes[end] === byte) end++;
          if (bytes[end] === Byte.Equals) {
            if (end > pos + 1) return this.#parseCompound(start, shape, end + 1, noIn, false);
            end++;
          }
          this.advance(end);
          shape |= Shape.Low;
          break;
        }
        case Byte.Exclamation:
          // `a\n!b`
          if (next !== Byte.Equals) return shape;
          this.advance(bytes[pos + 2] === Byte.Equals ? pos + 3 : pos + 2);
          shape |= Shape.Low;
          break;
        case Byte.Ampersand:
        case Byte.Bar:
          if (next === byte) {
            if (bytes[pos + 2] === Byte.Equals) return this.#parseCompound(start, shape, pos + 3, noIn, true);
            this.advance(pos + 2);
            shape |= Shape.Logical;
            break;
          }
          if (next === Byte.Equals) return this.#parseCompound(start, shape, pos + 2, noIn, false);
          this.advance(pos + 1);
          shape |= Shape.Low;
          break;
        case Byte.Caret:
          if (next === Byte.Equals) return this.#parseCompound(start, shape, pos + 2, noIn, false);
          this.advance(pos + 1);
          shape |= Shape.Low;
          break;
        case Byte.Question:
          if (next === Byte.Question) {
            if (bytes[pos + 2] === Byte.Equals) return this.#parseCompound(start, shape, pos + 3, noIn, true);
            this.advance(pos + 2);
            shape |= Shape.Logical;
            break;
          }
          this.advance(pos + 1);
          this.parseAssignment(false);
          this.expect(Byte.Colon);
          this.parseAssignment(noIn);
          this.operand = Operand.Other;
          return shape | Shape.Conditional;
        case 0x69: {
          // `in`, `instanceof`
          const word = wordAt(bytes, pos, this.identifierEnd(pos) - pos);
          if (word === Word.In) {
            if (noIn) return shape;
            this.advance(pos + 2);
          } else if (word === Word.Instanceof) this.advance(pos + 10);
          else return shape;
          shape |= Shape.Low;
          break;
        }
        default:
          return shape;
      }
    }
  }

  /** `x = …`: `end` is behind the sign. */
  #parseAssigned(start: number, end: number, noIn: boolean, isPlain: boolean): number {
    const { operand, operandStart, operandEnd } = this;
    switch (operand) {
      case Operand.Name: {
        this.advance(end);
        const valueStart = this.pos;
        const shape = this.parseAssignment(noIn);
        const value = this.valueKind(shape, valueStart);
        this.noteName(this.scope, operandStart, operandEnd - operandStart, NameUse.Written, isPlain ? value : start);
        break;
      }
      case Operand.Array:
      case Operand.Object:
        if (!isPlain) this.notSure('syntax');
        this.rewind();
        this.parseTarget();
        this.expect(Byte.Equals);
        this.parseAssignment(noIn);
        break;
      case Operand.Member:
        this.advance(end);
        this.parseAssignment(noIn);
        break;
      case Operand.Parenthesized:
        // `(a) = 1`: rare enough.
        if (!this.innerIsMember) this.notSure('pattern');
        this.advance(end);
        this.parseAssignment(noIn);
        break;
      default:
        return this.notSure('syntax');
    }
    this.operand = Operand.Other;
    return Shape.Assignment;
  }

  #parseCompound(start: number, shape: number, end: number, noIn: boolean, mayKeepStrings: boolean): number {
    if (shape !== Shape.None) this.notSure('syntax');
    const { operand } = this;
    if (operand !== Operand.Name) return this.#parseAssigned(start, end, noIn, false);
    const { operandStart, operandEnd } = this;
    this.advance(end);
    this.parseAssignment(noIn);
    this.noteName(
      this.scope,
      operandStart,
      operandEnd - operandStart,
      NameUse.Written,
      mayKeepStrings ? start : Value.Numeric,
    );
    this.operand = Operand.Other;
    return Shape.Assignment;
  }

  /** What is known of the expression that was just read: whether it is numeric, or where to look. */
  valueKind(shape: number, start: number): number {
    if ((shape & intricate) !== 0) return start;
    if ((shape & (Shape.Arrow | Shape.Yield)) !== 0) return Value.Other;
    if ((shape & binary) !== 0)
      return (shape & (Shape.Low | Shape.Minus)) !== 0 || (shape & Shape.Plus) === 0 ? Value.Numeric : start;
    if (shape !== Shape.None) return (shape & (Shape.Typeof | Shape.Await)) !== 0 ? Value.Other : Value.Numeric;
    switch (this.operand) {
      case Operand.Number:
      case Operand.Update:
        return Value.Numeric;
      case Operand.Name:
      case Operand.Parenthesized:
      case Operand.PlainParenthesized:
        return start;
      default:
        return Value.Other;
    }
  }

  /** @returns the shape that the prefix operators make, or what stands for the whole */
  #parseOperand(noIn: boolean, isFirst: boolean): number {
    const { bytes } = this;
    let prefix: number = Shape.None;
    let isDeleted = false;
    for (;;) {
      const { pos } = this;
      switch (bytes[pos]) {
        case Byte.Exclamation:
        case Byte.Tilde:
          this.advance(pos + 1);
          prefix ||= Shape.Unary;
          isDeleted = false;
          continue;
        case Byte.Plus:
        case Byte.Minus:
          if (bytes[pos + 1] === bytes[pos]) {
            if (bytes[pos + 2] === Byte.Greater) this.notSure('html-comment');
            this.advance(pos + 2);
            this.parseChain(false);
            this.#checkUpdated();
            this.operand = Operand.Update;
            return prefix;
          }
          this.advance(pos + 1);
          prefix ||= Shape.Unary;
          isDeleted = false;
          continue;
        default:
      }
      if (identifierPart[bytes[pos]!] === 1) {
        const end = this.identifierEnd(pos);
        const word = wordAt(bytes, pos, end - pos);
        if (word === Word.Typeof || word === Word.Void || word === Word.Delete) {
          this.advance(end);
          prefix ||= word === Word.Typeof ? Shape.Unary | Shape.Typeof : Shape.Unary;
          isDeleted = word === Word.Delete;
          continue;
        }
        if (
          word === Word.Await &&
          ((this.context & inAsync) !== 0 || (this.isModule && this.variableScopes[this.scope] === 0))
        ) {
          this.advance(end);
          prefix ||= Shape.Await;
          isDeleted = false;
          continue;
        }
        if (word === Word.Yield && (this.context & inGenerator) !== 0) {
          if (!isFirst || prefix !== Shape.None) this.notSure('syntax');
          this.#parseYield(end, noIn);
          return Shape.Yield;
        }
      }
      break;
    }
    const start = this.pos;
    const special = this.parseChain(isDeleted, noIn);
    if (special) {
      if (!isFirst || prefix !== Shape.None) this.notSure('syntax');
      return Shape.Arrow;
    }
    if (isDeleted) this.#checkCallee();
    const { pos } = this;
    const byte = bytes[pos]!;
    if ((byte === Byte.Plus || byte === Byte.Minus) && bytes[pos + 1] === byte && !this.hasLineBreak) {
      this.#checkUpdated();
      this.advance(pos + 2);
      this.operand = Operand.Update;
    } else if (byte === Byte.Minus && bytes[pos + 1] === byte && bytes[pos + 2] === Byte.Greater) {
      this.notSure('html-comment');
    }
    this.operandStart = start;
    return prefix;
  }

  #checkUpdated(): void {
    if (this.operand === Operand.Name || this.operand === Operand.Member) return;
    if (this.operand !== Operand.Parenthesized || !this.innerIsMember) this.notSure('pattern');
  }

  #parseYield(end: number, noIn: boolean): void {
    this.advance(end);
    this.operand = Operand.Other;
    if (this.hasLineBreak) return;
    switch (this.bytes[this.pos]) {
      case Byte.ParenClose:
      case Byte.BracketClose:
      case Byte.BraceClose:
      case Byte.Comma:
      case Byte.Semicolon:
      case Byte.Colon:
      case 0:
        return;
      case Byte.Star:
        this.advance(this.pos + 1);
        break;
      case 0x69:
        // `yield in x`
        if (wordAt(this.bytes, this.pos, this.identifierEnd(this.pos) - this.pos) === Word.In) return;
        break;
      default:
    }
    this.parseAssignment(noIn);
    this.operand = Operand.Other;
  }

  /** A primary expression and what is chained to it. @returns whether it was an arrow function */
  parseChain(isDeleted: boolean, noIn = false): boolean {
    const start = this.pos;
    const mark = this.editCount;
    this.#lastMark = mark;
    this.#lastNameCount = this.nameCount;
    this.#lastDecisionCount = this.decisionCount;
    this.#lastScopeCount = this.scopeCount;
    this.#lastTemporaries = this.temporaries;
    const nameCount = this.nameCount;
    const decisionCount = this.decisionCount;
    const scopeCount = this.scopeCount;
    const { temporaries } = this;
    if (this.#parsePrimary(start, isDeleted, noIn)) return true;
    const first = this.operand;
    this.#parseLinks(start, mark, isDeleted, false);
    this.operandStart = start;
    this.operandEnd = this.end;
    if (first === Operand.Array || first === Operand.Object) {
      // Only these are ever taken back.
      this.#lastMark = mark;
      this.#lastNameCount = nameCount;
      this.#lastDecisionCount = decisionCount;
      this.#lastScopeCount = scopeCount;
      this.#lastTemporaries = temporaries;
    }
    return false;
  }

  /** Members, calls and template literals behind a primary expression. */
  #parseLinks(start: number, mark: number, isDeleted: boolean, isNew: boolean): void {
    const { bytes } = this;
    let isOptional = false;
    for (;;) {
      const { pos } = this;
      const objectEnd = this.end;
      switch (bytes[pos]) {
        case Byte.Dot: {
          this.advance(pos + 1);
          this.#parseNamedMember(start, mark, objectEnd, isDeleted, isNew, isOptional, pos);
          continue;
        }
        case Byte.BracketOpen:
          this.#parseComputedMember(start, mark, objectEnd, isDeleted, isNew, isOptional, pos);
          continue;
        case Byte.ParenOpen:
          if (isNew) return;
          if (this.operand === Operand.Name && objectEnd - start === 4 && wordAt(bytes, start, 4) === Word.Eval) {
            this.#parseEvalCall(start, mark);
          } else {
            this.#checkCallee();
            this.parseArguments();
          }
          this.operand = Operand.Other;
          continue;
        case Byte.Backtick:
          if (isNew) this.notSure('callee');
          this.#checkCallee();
          this.parseTemplate();
          this.operand = Operand.Other;
          continue;
        case Byte.Question: {
          if (bytes[pos + 1] !== Byte.Dot) return;
          const next = bytes[pos + 2]!;
          if (next >= Byte.Digit0 && next <= Byte.Digit9) return;
          if (isNew) this.notSure('syntax');
          this.advance(pos + 2);
          const ahead = bytes[this.pos]!;
          if (ahead === Byte.ParenOpen) {
            this.#checkCallee();
            this.parseArguments();
            this.operand = Operand.Other;
          } else if (ahead === Byte.BracketOpen) {
            this.#parseComputedMember(start, mark, objectEnd, isDeleted, false, false, pos);
          } else {
            this.#parseNamedMember(start, mark, objectEnd, isDeleted, false, false, pos);
          }
          isOptional = true;
          continue;
        }
        default:
          return;
      }
    }
  }

  /** A parenthesised callee may end in what is edited unless it is called. */
  #checkCallee(): void {
    if (this.operand === Operand.Parenthesized && this.innerShape === Shape.None && this.innerTells)
      this.notSure('callee');
  }

  /** Of the last parenthesis: what was in it. */
  innerShape = 0;
  innerTells = false;
  innerIsMember = false;
  /** Whether the last name or key is hot, or computed. */
  #tells = false;

  /** Whether what ends here is called: the next token tells. */
  #isCalled(isNew: boolean): boolean {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (isNew) return byte !== Byte.Dot && byte !== Byte.BracketOpen;
    if (byte === Byte.ParenOpen || byte === Byte.Backtick) return true;
    if (byte !== Byte.Question || bytes[pos + 1] !== Byte.Dot) return false;
    const next = bytes[pos + 2]!;
    if (next >= Byte.Digit0 && next <= Byte.Digit9) return false;
    if (next === Byte.ParenOpen) return true;
    if (next <= 0x20 || next === Byte.Slash || next >= 0x80) this.notSure('callee');
    return false;
  }

  #isCallCalled(): boolean {
    return this.#isCalled(false) && this.bytes[this.pos] !== Byte.Backtick;
  }

  /** Whether this is the last link of the chain. */
  #isLast(): boolean {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (byte === Byte.Dot || byte === Byte.BracketOpen || byte === Byte.ParenOpen || byte === Byte.Backtick)
      return false;
    if (byte !== Byte.Question || bytes[pos + 1] !== Byte.Dot) return true;
    return bytes[pos + 2]! >= Byte.Digit0 && bytes[pos + 2]! <= Byte.Digit9;
  }

  #isPlain(): boolean {
    return this.operand >= Operand.Number && this.operand <= Operand.Object;
  }

  #parseNamedMember(
    start: number,
    mark: number,
    objectEnd: number,
    isDeleted: boolean,
    isNew: boolean,
    isOptional: boolean,
    dot: number,
  ): void {
    const { bytes, pos } = this;
    const isPrivate = bytes[pos] === Byte.Hash;
    const nameStart = isPrivate ? pos + 1 : pos;
    const end = this.keyEnd(nameStart);
    const length = end - nameStart;
    if (length === 0) this.notSure('syntax');
    const isPlain = this.#isPlain();
    const closeMark = this.editCount;
    this.advance(end);
    this.operand = Operand.Member;
    this.#tells = false;
    if (isPrivate || isPlain || (length !== 3 && length !== 8 && length !== 11)) return;
    if (length === 11) {
      if (bytes[nameStart] !== 0x70 || !matches(bytes, nameStart, postMessage)) return;
      this.#tells = true;
      if (!isNew && this.#isCallCalled()) {
        this.#wrap(
          start,
          mark,
          objectEnd,
          closeMark,
          Piece.MessageTarget,
          isNew,
          isOptional ? Piece.OptionalDot : -1,
          dot,
          0,
        );
      }
      return;
    }
    const word = wordAt(bytes, nameStart, length);
    if (word !== Word.Location && word !== Word.Top) return;
    this.#tells = true;
    if (this.#isCalled(isNew) || (isDeleted && this.#isLast())) return;
    this.#wrap(start, mark, objectEnd, closeMark, Piece.StandIn, isNew, isOptional ? Piece.OptionalDot : -1, dot, 0);
  }

  #parseComputedMember(
    start: number,
    mark: number,
    objectEnd: number,
    isDeleted: boolean,
    isNew: boolean,
    isOptional: boolean,
    dot: number,
  ): void {
    const { bytes } = this;
    const isPlain = this.#isPlain();
    const closeMark = this.editCount;
    this.advance(this.pos + 1);
    const keyStart = this.pos;
    const shape = this.parseExpression(false);
    const key = this.operand;
    const keyEnd = this.end;
    if (bytes[this.pos] !== Byte.BracketClose) this.notSure('syntax');
    this.advance(this.pos + 1);
    this.operand = Operand.Member;
    this.#tells = !isPlain;
    if (isPlain) return;

    if (shape === Shape.None && (key === Operand.String || key === Operand.Template)) {
      const length = keyEnd - keyStart - 2;
      if (this.#hasEscape(keyStart, keyEnd)) this.notSure('escape');
      if (length === 11 && matches(bytes, keyStart + 1, postMessage)) {
        if (!isNew && this.#isCallCalled()) {
          this.#wrap(
            start,
            mark,
            objectEnd,
            closeMark,
            Piece.MessageTarget,
            isNew,
            isOptional ? Piece.OptionalBracket : -1,
            dot,
            0,
          );
        }
        return;
      }
      const word = wordAt(bytes, keyStart + 1, length);
      if (word !== Word.Location && word !== Word.Top) return;
      if (this.#isCalled(isNew) || (isDeleted && this.#isLast())) return;
      this.#wrap(
        start,
        mark,
        objectEnd,
        closeMark,
        Piece.StandIn,
        isNew,
        isOptional ? Piece.OptionalBracket : -1,
        dot,
        0,
      );
      return;
    }
    if (this.#isCalled(isNew)) {
      // `x[("postMessage")]()`
      if (shape === Shape.None && (key === Operand.Parenthesized || key === Operand.PlainParenthesized))
        this.notSure('key');
      return;
    }
    if (isDeleted && this.#isLast()) return;
    let decision = 0;
    switch (this.keyOf(shape, key)) {
      case 0:
        return;
      case 2: {
        const isName = shape === Shape.None && key === Operand.Name;
        decision = this.addDecision(isName ? Decision.NameKey : Decision.Key, keyStart, keyEnd);
        break;
      }
      default:
    }
    this.#wrap(
      start,
      mark,
      objectEnd,
      closeMark,
      Piece.StandIn,
      isNew,
      isOptional ? Piece.OptionalBracket : -1,
      dot,
      decision,
    );
  }

  /** 0: the key is no hot name; 1: it may be; 2: it takes a closer look. */
  keyOf(shape: number, key: Operand): 0 | 1 | 2 {
    if ((shape & intricate) !== 0) return 2;
    if ((shape & (Shape.Arrow | Shape.Yield)) !== 0) return 1;
    if ((shape & binary) !== 0) return (shape & (Shape.Low | Shape.Minus)) !== 0 || (shape & Shape.Plus) === 0 ? 0 : 2;
    if (shape !== Shape.None) return (shape & Shape.Await) !== 0 ? 1 : 0;
    switch (key) {
      case Operand.Number:
      case Operand.Regex:
      case Operand.Update:
        return 0;
      case Operand.Name:
      case Operand.Parenthesized:
      case Operand.PlainParenthesized:
      case Operand.Substitution:
        return 2;
      default:
        return 1;
    }
  }

  #hasEscape(start: number, end: number): boolean {
    const { bytes } = this;
    for (let pos = start; pos < end; pos++) {
      if (bytes[pos] === Byte.Backslash) {
        const next = bytes[pos + 1]!;
        // A line feed, tab, quote … makes the string another.
        if (
          next !== 0x6e &&
          next !== 0x74 &&
          next !== 0x72 &&
          next !== Byte.Quote &&
          next !== Byte.Apostrophe &&
          next !== Byte.Backslash
        )
          return true;
        pos++;
      }
    }
    return false;
  }

  #wrap(
    start: number,
    mark: number,
    objectEnd: number,
    closeMark: number,
    opener: Piece.StandIn | Piece.MessageTarget,
    isNew: boolean,
    optional: number,
    dot: number,
    decision: number,
  ): void {
    const isParenthesized = isNew || this.needsParenthesis(start);
    const suffix = decision << pieceBits;
    if (optional >= 0) this.insertEdit(closeMark, dot, optional | suffix);
    this.insertEdit(closeMark, objectEnd, (isParenthesized ? Piece.DoubleCloser : Piece.Closer) | suffix);
    this.insertEdit(mark, start, (isParenthesized ? opener + 1 : opener) | suffix);
  }

  /** Whether a call inserted here would join the keyword before it. */
  needsParenthesis(position: number): boolean {
    if (position === 0) return false;
    const before = this.bytes[position - 1]!;
    if (identifierPart[before] === 0) return false;
    if (identifierPart[this.bytes[position]!] === 1) return false;
    // White space beyond ASCII, of which the reference knows only some.
    if (before >= 0x80) this.notSure('marker');
    return true;
  }

  #parseEvalCall(start: number, mark: number): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    if (bytes[this.pos] === Byte.ParenClose) return this.advance(this.pos + 1);
    const argumentsMark = this.editCount;
    const argumentsStart = this.pos;
    let argumentsEnd = 0;
    while (bytes[this.pos] !== Byte.ParenClose) {
      this.#parseArgument();
      argumentsEnd = this.end;
      if (!this.take(Byte.Comma)) break;
    }
    this.expect(Byte.ParenClose);
    this.addEdit(argumentsEnd, Piece.Closer);
    const isParenthesized = this.needsParenthesis(start);
    this.addEdit(this.end, isParenthesized ? Piece.DoubleCloser : Piece.Closer);
    this.insertEdit(argumentsMark, argumentsStart, Piece.EvalSource);
    this.insertEdit(mark, start, isParenthesized ? Piece.ParenthesizedArmEval : Piece.ArmEval);
    this.hasEvalCall = true;
    this.scopeFlags[this.variableScopes[this.scope]!]! |= scopeHasEval;
    for (let scope = this.scope; scope >= 0; scope = this.scopeParents[scope]!)
      this.scopeFlags[scope]! |= scopeContainsEval;
  }

  parseArguments(): void {
    this.advance(this.pos + 1);
    while (this.bytes[this.pos] !== Byte.ParenClose) {
      this.#parseArgument();
      if (!this.take(Byte.Comma)) break;
    }
    this.expect(Byte.ParenClose);
  }

  #parseArgument(): void {
    if (this.bytes[this.pos] === Byte.Dot && this.bytes[this.pos + 1] === Byte.Dot) this.takeSpread();
    this.parseAssignment(false);
  }

  takeSpread(): void {
    const { bytes, pos } = this;
    if (bytes[pos + 1] !== Byte.Dot || bytes[pos + 2] !== Byte.Dot) this.notSure('syntax');
    this.advance(pos + 3);
  }

  /** @returns whether something was substituted */
  parseTemplate(): boolean {
    const { bytes, length } = this;
    let isSubstituted = false;
    for (let pos = this.pos + 1; pos < length; pos++) {
      const byte = bytes[pos]!;
      if (byte === Byte.Backtick) {
        this.advance(pos + 1);
        return isSubstituted;
      }
      if (byte === Byte.Backslash) pos++;
      else if (byte === Byte.Dollar && bytes[pos + 1] === Byte.BraceOpen) {
        isSubstituted = true;
        this.advance(pos + 2);
        this.parseExpression(false);
        pos = this.pos;
        if (bytes[pos] !== Byte.BraceClose) this.notSure('syntax');
      }
    }
    return this.notSure('syntax');
  }

  /** @returns whether it was an arrow function */
  #parsePrimary(start: number, isDeleted: boolean, noIn: boolean): boolean {
    const { bytes } = this;
    const byte = bytes[start]!;
    if (identifierPart[byte] === 1) {
      if (byte >= Byte.Digit0 && byte <= Byte.Digit9) {
        this.advance(this.numberEnd(start));
        this.operand = Operand.Number;
        return false;
      }
      return this.#parseWord(start, isDeleted, noIn);
    }
    switch (byte) {
      case Byte.Quote:
      case Byte.Apostrophe:
        this.advance(this.stringEnd(start));
        this.operand = Operand.String;
        return false;
      case Byte.ParenOpen:
        return this.#parseParenthesis(start, noIn);
      case Byte.BracketOpen:
        this.#parseArray();
        return false;
      case Byte.BraceOpen:
        this.#parseObject();
        return false;
      case Byte.Backtick:
        this.operand = this.parseTemplate() ? Operand.Substitution : Operand.Template;
        return false;
      case Byte.Slash:
        this.advance(this.regexEnd(start));
        this.operand = Operand.Regex;
        return false;
      case Byte.Dot:
        if (bytes[start + 1]! < Byte.Digit0 || bytes[start + 1]! > Byte.Digit9) this.notSure('syntax');
        this.advance(this.numberEnd(start));
        this.operand = Operand.Number;
        return false;
      case Byte.Hash: {
        // `#x in o`
        const end = this.identifierEnd(start + 1);
        if (end === start + 1) this.notSure('syntax');
        this.advance(end);
        this.operand = Operand.Other;
        if (wordAt(bytes, this.pos, this.identifierEnd(this.pos) - this.pos) !== Word.In) this.notSure('syntax');
        return false;
      }
      case Byte.Less:
        return this.notSure('html-comment');
      default:
        return this.notSure('syntax');
    }
  }

  #parseWord(start: number, isDeleted: boolean, noIn: boolean): boolean {
    const { bytes } = this;
    const end = this.identifierEnd(start);
    if (end === start) this.notSure('syntax');
    const word = wordAt(bytes, start, end - start);
    this.advance(end);
    switch (word) {
      case Word.None:
        this.operand = Operand.Name;
        this.#tells = false;
        break;
      case Word.This:
        this.operand = Operand.Other;
        return false;
      case Word.True:
      case Word.False:
      case Word.Null:
        this.operand = Operand.Number;
        return false;
      case Word.Function:
        this.parseFunction(start, false, false);
        this.operand = Operand.Plain;
        return false;
      case Word.Class:
        this.parseClass(false);
        this.operand = Operand.Plain;
        return false;
      case Word.New:
        this.#parseNew(start);
        return false;
      case Word.Super:
        this.operand = Operand.Plain;
        return false;
      case Word.Import:
        this.#parseImport();
        return false;
      case Word.Async: {
        if (this.hasLineBreak) {
          this.operand = Operand.Name;
          break;
        }
        const { pos } = this;
        if (identifierPart[bytes[pos]!] === 1) {
          const nextEnd = this.identifierEnd(pos);
          if (wordAt(bytes, pos, nextEnd - pos) === Word.Function) {
            this.advance(nextEnd);
            this.parseFunction(start, true, false);
            this.operand = Operand.Plain;
            return false;
          }
          const following = wordAt(bytes, pos, nextEnd - pos);
          if (following !== Word.In && following !== Word.Instanceof && following !== Word.Of) {
            this.parseArrow(pos, true, noIn);
            this.operand = Operand.Arrow;
            return true;
          }
        } else if (bytes[pos] === Byte.ParenOpen && this.#isArrowAhead(pos)) {
          this.parseArrow(pos, true, noIn);
          this.operand = Operand.Arrow;
          return true;
        }
        this.operand = Operand.Name;
        break;
      }
      case Word.Location:
      case Word.Top:
        this.operand = Operand.Name;
        this.#tells = true;
        if (bytes[this.pos] === Byte.Equals && bytes[this.pos + 1] === Byte.Greater) break;
        this.#noteReference(start, end, isDeleted);
        return false;
      case Word.Await:
        // Not an operator here; but then the text may be meant for the other goal.
        return this.notSure('goal');
      case Word.Yield:
        if (this.isStrict) this.notSure('syntax');
        this.operand = Operand.Name;
        break;
      case Word.Eval:
        this.#tells = true;
        this.operand = Operand.Name;
        break;
      case Word.Get:
      case Word.Set:
      case Word.Let:
      case Word.Of:
      case Word.Static:
        this.operand = Operand.Name;
        break;
      default:
        return this.notSure('syntax');
    }
    if (bytes[this.pos] === Byte.Equals && bytes[this.pos + 1] === Byte.Greater && !this.hasLineBreak) {
      this.advance(start);
      this.parseArrow(start, false, noIn);
      this.operand = Operand.Arrow;
      return true;
    }
    return false;
  }

  /** A free-standing hot name; called or deleted, it gives nothing away. */
  #noteReference(start: number, end: number, isDeleted: boolean): void {
    if (this.#isCalled(false) || (isDeleted && this.#isLast())) return;
    const decision = this.addDecision(Decision.Reference, start, end);
    this.addEdit(start, Piece.Globals | (decision << pieceBits));
  }

  #parseNew(start: number): void {
    const { bytes } = this;
    if (bytes[this.pos] === Byte.Dot) {
      // new.target
      this.advance(this.pos + 1);
      this.advance(this.identifierEnd(this.pos));
      this.operand = Operand.Plain;
      return;
    }
    const calleeStart = this.pos;
    const mark = this.editCount;
    const byte = bytes[calleeStart]!;
    if (identifierPart[byte] === 1) {
      const end = this.identifierEnd(calleeStart);
      const word = wordAt(bytes, calleeStart, end - calleeStart);
      if (word === Word.Location || word === Word.Top) {
        this.advance(end);
        this.operand = Operand.Name;
        if (!this.#isCalled(true)) this.notSure('callee');
      } else if (word === Word.New || word === Word.Import) {
        this.notSure('callee');
      } else if (this.#parsePrimary(calleeStart, false, false)) this.notSure('syntax');
    } else if (this.#parsePrimary(calleeStart, false, false)) this.notSure('syntax');
    this.#parseLinks(calleeStart, mark, false, true);
    if (bytes[this.pos] === Byte.ParenOpen) {
      this.#checkCallee();
      this.parseArguments();
    } else if (this.operand === Operand.Parenthesized) {
      this.#checkCallee();
    }
    this.operandStart = start;
    this.operand = Operand.Other;
  }

  #parseImport(): void {
    const { bytes } = this;
    if (bytes[this.pos] === Byte.Dot) {
      this.advance(this.pos + 1);
      const end = this.identifierEnd(this.pos);
      // import.meta, and not import.defer or import.source.
      if (end - this.pos !== 4 || bytes[this.pos] !== 0x6d) this.notSure('syntax');
      if (!this.isModule) this.notSure('goal');
      this.advance(end);
      this.operand = Operand.Plain;
      return;
    }
    this.expect(Byte.ParenOpen);
    const sourceStart = this.pos;
    const mark = this.editCount;
    const shape = this.parseAssignment(false);
    const sourceEnd = this.end;
    if (shape === Shape.None && this.operand === Operand.Parenthesized) this.notSure('key');
    if (shape === Shape.None && this.operand === Operand.PlainParenthesized) this.notSure('key');
    if (shape === Shape.None && (this.operand === Operand.String || this.operand === Operand.Template)) {
      this.checkSpecifier(sourceStart);
    } else {
      this.insertEdit(mark, sourceStart, Piece.ModuleSpecifier);
      this.addEdit(sourceEnd, Piece.Closer);
    }
    if (this.take(Byte.Comma) && bytes[this.pos] !== Byte.ParenClose) {
      this.parseAssignment(false);
      this.take(Byte.Comma);
    }
    this.expect(Byte.ParenClose);
    this.operand = Operand.Other;
  }

  /** A specifier that is no plain path or name may be a data: URL. */
  checkSpecifier(quote: number): void {
    const { bytes } = this;
    const end = this.stringOrTemplateEnd(quote);
    const first = bytes[quote + 1]!;
    const second = bytes[quote + 2]!;
    if (first <= 0x20 || first >= 0x80) this.notSure('data-import');
    if ((first | 0x20) === 0x64 && (second | 0x20) === 0x61 && bytes[quote + 5] === Byte.Colon)
      this.notSure('data-import');
    for (let pos = quote; pos < end; pos++) if (bytes[pos] === Byte.Backslash) this.notSure('data-import');
  }

  stringOrTemplateEnd(quote: number): number {
    const { bytes, length } = this;
    if (bytes[quote] !== Byte.Backtick) return this.stringEnd(quote);
    for (let pos = quote + 1; pos < length; pos++) if (bytes[pos] === Byte.Backtick) return pos + 1;
    return length;
  }

  #parseParenthesis(start: number, noIn: boolean): boolean {
    const { bytes } = this;
    if (this.#isSimpleArrowAhead(start)) {
      this.parseArrow(start, false, noIn);
      this.operand = Operand.Arrow;
      return true;
    }
    const editCount = this.editCount;
    const nameCount = this.nameCount;
    const decisionCount = this.decisionCount;
    const scopeCount = this.scopeCount;
    const { temporaries, hasPatternDoubt } = this;
    this.advance(start + 1);
    let shape: number = Shape.None;
    let mustBeArrow = false;
    for (;;) {
      if (bytes[this.pos] === Byte.ParenClose || bytes[this.pos] === Byte.Dot) {
        const next = bytes[this.pos + 1]!;
        if (bytes[this.pos] === Byte.ParenClose || next === Byte.Dot) {
          mustBeArrow = true;
          break;
        }
      }
      shape |= this.parseAssignment(false);
      if (!this.take(Byte.Comma)) break;
      shape = Shape.Comma;
    }
    if (!mustBeArrow) {
      if (bytes[this.pos] !== Byte.ParenClose) this.notSure('syntax');
      this.advance(this.pos + 1);
      if (bytes[this.pos] !== Byte.Equals || bytes[this.pos + 1] !== Byte.Greater) {
        const inner = this.operand;
        // A parenthesis in this one has left its own answer.
        if (inner === Operand.Member || inner === Operand.Name) this.innerTells = this.#tells;
        else if (inner !== Operand.Parenthesized || this.innerShape !== Shape.None) this.innerTells = false;
        if (inner !== Operand.Parenthesized || shape !== Shape.None)
          this.innerIsMember = shape === Shape.None && inner === Operand.Member;
        this.innerShape = shape;
        this.operand = isPlainExpression(shape, inner) ? Operand.PlainParenthesized : Operand.Parenthesized;
        return false;
      }
    }
    this.editCount = editCount;
    this.nameCount = nameCount;
    this.decisionCount = decisionCount;
    this.scopeCount = scopeCount;
    this.temporaries = temporaries;
    this.hasPatternDoubt = hasPatternDoubt;
    this.repeated += this.pos - start;
    if (this.repeated > this.length * 2 + 1000) this.notSure('depth');
    this.advance(start);
    this.parseArrow(start, false, noIn);
    this.operand = Operand.Arrow;
    return true;
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
  #isArrowAhead(start: number): boolean {
    if (this.#isSimpleArrowAhead(start)) return true;
    const {
      editCount,
      nameCount,
      decisionCount,
      scopeCount,
      temporaries,
      hasPatternDoubt,
      operand,
      pos,
      end,
      hasLineBreak,
    } = this;
    let isArrow = true;
    this.advance(start + 1);
    for (;;) {
      const byte = this.bytes[this.pos]!;
      if (byte === Byte.ParenClose) break;
      if (byte === Byte.Dot && this.bytes[this.pos + 1] === Byte.Dot) this.takeSpread();
      this.parseAssignment(false);
      if (!this.take(Byte.Comma)) break;
    }
    this.expect(Byte.ParenClose);
    isArrow = this.bytes[this.pos] === Byte.Equals && this.bytes[this.pos + 1] === Byte.Greater;
    this.repeated += this.pos - start;
    if (this.repeated > this.length * 2 + 1000) this.notSure('depth');
    Object.assign(this, {
      editCount,
      nameCount,
      decisionCount,
      scopeCount,
      temporaries,
      hasPatternDoubt,
      operand,
      pos,
      end,
      hasLineBreak,
    });
    return isArrow;
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
      this.#parseArgument();
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
    if (bytes[this.pos] === Byte.Dot && bytes[this.pos + 1] === Byte.Dot) {
      this.takeSpread();
      this.parseAssignment(false);
      return;
    }
    let isAsync = false;
    let isGenerator = false;
    for (let modifiers = 0; ; modifiers++) {
      const start = this.pos;
      const byte = bytes[start]!;
      if (byte === Byte.Star) {
        if (isGenerator) this.notSure('syntax');
        isGenerator = true;
        this.advance(start + 1);
        continue;
      }
      if ((identifierPart[byte] === 0 && byte !== Byte.Backslash) || (byte >= Byte.Digit0 && byte <= Byte.Digit9)) {
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
      const decision = this.addDecision(Decision.Reference, start, end);
      this.addEdit(start, (word === Word.Top ? Piece.Top : Piece.Location) | (decision << pieceBits));
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

export function isPlainExpression(shape: number, operand: Operand): boolean {
  if ((shape & intricate) !== 0) return false;
  if ((shape & Shape.Arrow) !== 0) return true;
  if ((shape & Shape.Yield) !== 0) return false;
  if ((shape & binary) !== 0) return true;
  if (shape !== Shape.None) return (shape & Shape.Await) === 0;
  return operand >= Operand.Number && operand <= Operand.Object;
}

const postMessage = Array.from('postMessage', (letter) => letter.charCodeAt(0));

function matches(bytes: Uint8Array, start: number, letters: number[]): boolean {
  for (let at = 0; at < letters.length; at++) if (bytes[start + at] !== letters[at]) return false;
  return true;
}
