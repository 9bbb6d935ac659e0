/**
 * @module What is kept of an expression: precedence does not matter to most edits, so that a flat row of operands and
 * operators is read, of which it is enough to know which kinds there were.
 */
import { Value } from './recorder.js';

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

/** What a single operand is. Those from `Number` to `Object` are never a Window or Document. */
export const enum Operand {
  Other, Name, Member, Parenthesized, Number, String, Template, Substitution, Regex, Plain, PlainParenthesized, Update,
  Array, Object, Arrow,
} // prettier-ignore

/** What is known of a key without its variables. */
export const enum KeyDoubt {
  /** It is no hot name. */
  Safe,
  /** It may be one. */
  Hot,
  /** It takes a closer look. */
  Depends,
}

const binary = Shape.Low | Shape.Plus | Shape.Minus | Shape.High;
/** Shapes that the value depends on in ways that only a closer look tells. */
const intricate = Shape.Logical | Shape.Conditional | Shape.Assignment | Shape.Comma;

/** What is known of an expression that was just read: whether it is numeric, or where to look. */
export function valueKind(shape: number, operand: Operand, start: number): number {
  if ((shape & intricate) !== 0) return start;
  if ((shape & (Shape.Arrow | Shape.Yield)) !== 0) return Value.Other;
  if ((shape & binary) !== 0)
    return (shape & (Shape.Low | Shape.Minus)) !== 0 || (shape & Shape.Plus) === 0 ? Value.Numeric : start;
  if (shape !== Shape.None) return (shape & (Shape.Typeof | Shape.Await)) !== 0 ? Value.Other : Value.Numeric;
  switch (operand) {
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

export function keyDoubt(shape: number, key: Operand): KeyDoubt {
  if ((shape & intricate) !== 0) return KeyDoubt.Depends;
  if ((shape & (Shape.Arrow | Shape.Yield)) !== 0) return KeyDoubt.Hot;
  if ((shape & binary) !== 0)
    return (shape & (Shape.Low | Shape.Minus)) !== 0 || (shape & Shape.Plus) === 0 ? KeyDoubt.Safe : KeyDoubt.Depends;
  if (shape !== Shape.None) return (shape & Shape.Await) !== 0 ? KeyDoubt.Hot : KeyDoubt.Safe;
  switch (key) {
    case Operand.Number:
    case Operand.Regex:
    case Operand.Update:
      return KeyDoubt.Safe;
    case Operand.Name:
    case Operand.Parenthesized:
    case Operand.PlainParenthesized:
    case Operand.Substitution:
      return KeyDoubt.Depends;
    default:
      return KeyDoubt.Hot;
  }
}

/** Whether what the expression evaluates to is never a Window or Document. */
export function isPlainExpression(shape: number, operand: Operand): boolean {
  if ((shape & intricate) !== 0) return false;
  if ((shape & Shape.Arrow) !== 0) return true;
  if ((shape & Shape.Yield) !== 0) return false;
  if ((shape & binary) !== 0) return true;
  if (shape !== Shape.None) return (shape & Shape.Await) === 0;
  return isPlainOperand(operand);
}

export function isPlainOperand(operand: Operand): boolean {
  return operand >= Operand.Number && operand <= Operand.Object;
}
