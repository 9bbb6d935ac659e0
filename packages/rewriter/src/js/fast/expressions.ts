/**
 * @module Expressions: the row of operands and operators, and what is assigned to.
 */
import { Operands } from './operands.js';
import { NameUse, Piece, Value, pieceMask } from './recorder.js';
import { Byte, operandEnd } from './scanner.js';
import { Operand, Shape, valueKind } from './shapes.js';
import { Word, isHotWord, wordAt } from './words.js';

export abstract class Expressions extends Operands {
  /** What `var` declares at the top level is a property of the global; and a `let` there may be written by other scripts. */
  topLevelIsVariable = false;
  topLevelIsGlobal = false;

  /** An assignment pattern. */
  abstract parseTarget(): void;

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
      const prefix = this.parseOperand(noIn, shape === Shape.None);
      const { operand } = this;
      if (shape === Shape.None) shape = prefix;
      else if ((prefix & (Shape.Arrow | Shape.Yield)) !== 0) this.notSure('syntax');
      if (operand === Operand.Arrow || (prefix & Shape.Yield) !== 0) return shape;

      const { bytes, pos } = this;
      const byte = bytes[pos]!;
      if (operandEnd[byte] === 1) return shape;
      const next = bytes[pos + 1]!;
      switch (byte) {
        case Byte.Equals:
          if (next === Byte.Equals) {
            this.advance(bytes[pos + 2] === Byte.Equals ? pos + 3 : pos + 2);
            shape |= Shape.Low;
            break;
          }
          if (next === Byte.Greater || shape !== Shape.None) this.notSure('syntax');
          return this.#parseAssigned(pos + 1, noIn, true);
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
  #parseAssigned(end: number, noIn: boolean, isPlain: boolean): number {
    const { operand, operandStart, operandEnd } = this;
    switch (operand) {
      case Operand.Name: {
        if (this.isDynamic && isHotWord(this.bytes, operandStart, operandEnd - operandStart)) {
          this.#parseDynamicWrite(end, noIn);
          break;
        }
        this.advance(end);
        const valueStart = this.pos;
        const shape = this.parseAssignment(noIn);
        const value = valueKind(shape, this.operand, valueStart);
        if (isHotWord(this.bytes, operandStart, operandEnd - operandStart)) this.refuseNamed(shape);
        this.noteName(this.scope, operandStart, operandEnd - operandStart, NameUse.Written, value);
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

  /** A function that takes its name from what is edited: rare enough. */
  refuseNamed(shape: number): void {
    const { operand } = this;
    if ((shape & Shape.Arrow) !== 0) this.notSure('pattern');
    if (shape !== Shape.None) return;
    const isParenthesized = operand === Operand.Parenthesized || operand === Operand.PlainParenthesized;
    const inner = isParenthesized ? this.innerOperand : operand;
    if (inner === Operand.Plain || inner === Operand.Arrow) this.notSure('pattern');
  }

  /** E8: `location = x` where the name is dynamic. What was read of it was taken for a read. */
  #parseDynamicWrite(end: number, noIn: boolean): void {
    const { bytes, operandStart, operandEnd } = this;
    this.editCount -= 2;
    const decision = this.edits[this.editCount]! & ~pieceMask;
    const isTop = wordAt(bytes, operandStart, operandEnd - operandStart) === Word.Top;
    this.addEdit(operandStart, (isTop ? Piece.TopWrite : Piece.LocationWrite) | decision);
    this.advance(end);
    const valueStart = this.pos;
    this.addEdit(valueStart, Piece.WriteValue | decision);
    const shape = this.parseAssignment(noIn);
    this.refuseNamed(shape);
    this.addEdit(this.end, Piece.Closer | decision);
    const value = valueKind(shape, this.operand, valueStart);
    this.noteName(this.scope, operandStart, operandEnd - operandStart, NameUse.Written, value);
  }

  #parseCompound(start: number, shape: number, end: number, noIn: boolean, mayKeepStrings: boolean): number {
    if (shape !== Shape.None) this.notSure('syntax');
    const { operand } = this;
    if (operand !== Operand.Name) return this.#parseAssigned(end, noIn, false);
    this.refuseDynamic();
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
}
