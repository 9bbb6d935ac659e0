/**
 * @module Operands: prefix operators, a primary expression, what is chained to it, `++` and `--`.
 */
import { Imports } from './imports.js';
import { Byte, Start, identifierPart, linkStart, operandEnd, operandStart } from './scanner.js';
import { Operand, Shape } from './shapes.js';
import { Word, isHotWord, wordAt } from './words.js';

/** Bits of `context`. */
export const inAsync = 1;
export const inGenerator = 2;

export abstract class Operands extends Imports {
  operandStart = 0;
  operandEnd = 0;
  /** Where a name stands that was looked at already, and is none of the words. */
  plainNameStart = -1;
  plainNameEnd = 0;

  abstract parseFunction(start: number, isAsync: boolean, isStatement: boolean): void;
  abstract parseClass(isStatement: boolean): void;

  /** @returns the shape that the prefix operators make, or what stands for the whole */
  parseOperand(noIn: boolean, isFirst: boolean): number {
    const { bytes, pos } = this;
    const kind = operandStart[bytes[pos]!]!;
    if (kind === Start.Word) {
      const mark = this.editCount;
      const isKnown = pos === this.plainNameStart;
      const end = isKnown ? this.plainNameEnd : this.identifierEnd(pos);
      const word = isKnown ? Word.None : wordAt(bytes, pos, end - pos);
      if (word === Word.None) {
        if (end === pos) this.notSure('syntax');
        this.advance(end);
        this.operand = Operand.Name;
        this.tells = false;
        if (operandEnd[bytes[this.pos]!] === 1) {
          this.operandStart = pos;
          this.operandEnd = end;
          return Shape.None;
        }
        if (this.isArrowSign()) {
          if (!isFirst) this.notSure('syntax');
          this.#parseNamedArrow(pos, noIn);
          return Shape.Arrow;
        }
      } else if (word === Word.This) {
        this.advance(end);
        this.operand = Operand.Other;
      } else if (isPrefixWord(word)) {
        return this.#parsePrefixed(noIn, isFirst);
      } else if (this.#parseWord(pos, end, word, false, noIn)) {
        return isFirst ? Shape.Arrow : this.notSure('syntax');
      }
      if (linkStart[bytes[this.pos]!] === 1) this.parseLinks(pos, mark, false, false);
    } else if (kind === Start.Digit || kind === Start.String) {
      const isString = kind === Start.String;
      this.advance(isString ? this.stringEnd(pos) : this.numberEnd(pos));
      this.operand = isString ? Operand.String : Operand.Number;
      if (linkStart[bytes[this.pos]!] === 1) this.parseLinks(pos, this.editCount, false, false);
    } else if (kind === Start.Prefix || kind === Start.Sign) {
      return this.#parsePrefixed(noIn, isFirst);
    } else if (this.parseChain(false, noIn)) {
      return isFirst ? Shape.Arrow : this.notSure('syntax');
    }
    this.operandStart = pos;
    this.operandEnd = this.end;
    const byte = bytes[this.pos]!;
    if (byte === Byte.Plus || byte === Byte.Minus) this.#parsePostfix(byte);
    return Shape.None;
  }

  #parsePrefixed(noIn: boolean, isFirst: boolean): number {
    const { bytes } = this;
    let prefix: number = Shape.None;
    let isDeleted = false;
    let isTypeof = false;
    for (;;) {
      const { pos } = this;
      const byte = bytes[pos]!;
      const kind = operandStart[byte]!;
      if (kind === Start.Prefix || kind === Start.Sign) {
        if (kind === Start.Sign && bytes[pos + 1] === byte) {
          this.#parseUpdate(pos);
          return prefix;
        }
        this.advance(pos + 1);
        prefix ||= Shape.Unary;
        isDeleted = false;
        isTypeof = false;
        continue;
      }
      if (kind !== Start.Word) break;
      const end = this.identifierEnd(pos);
      const word = wordAt(bytes, pos, end - pos);
      if (word === Word.Typeof || word === Word.Void || word === Word.Delete) {
        this.advance(end);
        isTypeof = word === Word.Typeof;
        prefix ||= isTypeof ? Shape.Unary | Shape.Typeof : Shape.Unary;
        isDeleted = word === Word.Delete;
        continue;
      }
      if (word === Word.Await && this.#isAwaitOperator()) {
        this.advance(end);
        prefix ||= Shape.Await;
        isDeleted = false;
        isTypeof = false;
        continue;
      }
      if (word === Word.Yield && (this.context & inGenerator) !== 0) {
        if (!isFirst || prefix !== Shape.None) this.notSure('syntax');
        this.#parseYield(end, noIn);
        return Shape.Yield;
      }
      break;
    }
    const start = this.pos;
    if (this.parseChain(isDeleted, noIn)) {
      if (!isFirst || prefix !== Shape.None) this.notSure('syntax');
      return Shape.Arrow;
    }
    if (isDeleted) this.spareCallee(false);
    if (isTypeof && this.isDynamic) this.#checkTypeof();
    const byte = bytes[this.pos]!;
    if (byte === Byte.Plus || byte === Byte.Minus) this.#parsePostfix(byte);
    this.operandStart = start;
    return prefix;
  }

  #isAwaitOperator(): boolean {
    return (this.context & inAsync) !== 0 || (this.isModule && this.variableScopes[this.scope] === 0);
  }

  /** `++x`, `--x` */
  #parseUpdate(pos: number): void {
    if (this.bytes[pos + 2] === Byte.Greater) this.notSure('syntax');
    this.advance(pos + 2);
    this.parseChain(false);
    this.#checkUpdated();
    this.operand = Operand.Update;
  }

  #parsePostfix(byte: number): void {
    const { bytes, pos } = this;
    if (bytes[pos + 1] !== byte) return;
    if (!this.hasLineBreak) {
      this.#checkUpdated();
      this.advance(pos + 2);
      this.operand = Operand.Update;
    } else if (byte === Byte.Minus && bytes[pos + 2] === Byte.Greater) {
      this.notSure('html-comment');
    }
  }

  #checkUpdated(): void {
    if (this.operand === Operand.Name) return this.refuseDynamic();
    if (this.operand === Operand.Member) return;
    if (this.operand !== Operand.Parenthesized || !this.innerIsMember) this.notSure('pattern');
  }

  /** Where names are dynamic, a hot one that is written is more than the fast path inserts. */
  refuseDynamic(): void {
    if (this.isDynamic && isHotWord(this.bytes, this.operandStart, this.operandEnd - this.operandStart))
      this.notSure('dynamic-name');
  }

  /** The operand of `typeof` need not exist. */
  #checkTypeof(): void {
    this.refuseTypeofOf(this.operand);
  }

  refuseTypeofOf(operand: Operand): void {
    if (operand === Operand.Name) this.refuseDynamic();
    else if (operand === Operand.Parenthesized && this.innerShape === Shape.None && this.innerOperand === Operand.Name)
      this.notSure('dynamic-name');
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
    if (this.#parsePrimary(start, isDeleted, noIn)) return true;
    if (linkStart[this.bytes[this.pos]!] === 1) this.parseLinks(start, mark, isDeleted, false);
    this.operandStart = start;
    this.operandEnd = this.end;
    return false;
  }

  /** @returns whether it was an arrow function */
  #parsePrimary(start: number, isDeleted: boolean, noIn: boolean): boolean {
    const { bytes } = this;
    switch (operandStart[bytes[start]!] as Start) {
      case Start.Word: {
        const end = this.identifierEnd(start);
        return this.#parseWord(start, end, wordAt(bytes, start, end - start), isDeleted, noIn);
      }
      case Start.Digit:
        this.advance(this.numberEnd(start));
        this.operand = Operand.Number;
        return false;
      case Start.String:
        this.advance(this.stringEnd(start));
        this.operand = Operand.String;
        return false;
      case Start.Parenthesis:
        return this.parseParenthesis(start, noIn);
      case Start.Bracket:
      case Start.Brace:
        this.parseLiteral(start);
        return false;
      case Start.Backtick:
        this.operand = this.parseTemplate() ? Operand.Substitution : Operand.Template;
        return false;
      case Start.Slash:
        this.advance(this.regexEnd(start));
        this.operand = Operand.Regex;
        return false;
      case Start.Dot:
        if (bytes[start + 1]! < Byte.Digit0 || bytes[start + 1]! > Byte.Digit9) this.notSure('syntax');
        this.advance(this.numberEnd(start));
        this.operand = Operand.Number;
        return false;
      case Start.Hash: {
        // `#x in o`
        const end = this.identifierEnd(start + 1);
        if (end === start + 1) this.notSure('syntax');
        this.advance(end);
        this.operand = Operand.Other;
        if (wordAt(bytes, this.pos, this.identifierEnd(this.pos) - this.pos) !== Word.In) this.notSure('syntax');
        return false;
      }
      case Start.Less:
        return this.notSure('html-comment');
      default:
        return this.notSure('syntax');
    }
  }

  #parseWord(start: number, end: number, word: Word, isDeleted: boolean, noIn: boolean): boolean {
    const { bytes } = this;
    if (end === start) this.notSure('syntax');
    this.advance(end);
    switch (word) {
      case Word.None:
        this.operand = Operand.Name;
        this.tells = false;
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
        this.parseImport();
        return false;
      case Word.Async:
        if (!this.hasLineBreak && this.#parseAsync(start, noIn)) return this.operand === Operand.Arrow;
        this.operand = Operand.Name;
        this.tells = false;
        break;
      case Word.Location:
      case Word.Top:
        this.operand = Operand.Name;
        if (bytes[this.pos] === Byte.Equals && bytes[this.pos + 1] === Byte.Greater) break;
        this.noteReference(start, end, isDeleted);
        return false;
      case Word.Await:
        // Not an operator here; but then the text may be meant for the other goal.
        return this.notSure('goal');
      case Word.Yield:
        if (this.isStrict) this.notSure('syntax');
        this.operand = Operand.Name;
        this.tells = false;
        break;
      case Word.Eval:
        this.noteEval();
        this.operand = Operand.Name;
        break;
      case Word.Get:
      case Word.Set:
      case Word.Let:
      case Word.Of:
      case Word.Static:
        this.operand = Operand.Name;
        this.tells = false;
        break;
      default:
        return this.notSure('syntax');
    }
    if (!this.isArrowSign()) return false;
    this.#parseNamedArrow(start, noIn);
    return true;
  }

  isArrowSign(): boolean {
    const { bytes, pos } = this;
    return bytes[pos] === Byte.Equals && bytes[pos + 1] === Byte.Greater && !this.hasLineBreak;
  }

  #parseNamedArrow(start: number, noIn: boolean): void {
    this.advance(start);
    this.parseArrow(start, false, noIn);
    this.operand = Operand.Arrow;
  }

  /** Behind `async`, in its line. @returns false if that is a mere name */
  #parseAsync(start: number, noIn: boolean): boolean {
    const { bytes, pos } = this;
    if (identifierPart[bytes[pos]!] === 1) {
      const end = this.identifierEnd(pos);
      const word = wordAt(bytes, pos, end - pos);
      if (word === Word.Function) {
        this.advance(end);
        this.parseFunction(start, true, false);
        this.operand = Operand.Plain;
        return true;
      }
      if (word === Word.In || word === Word.Instanceof || word === Word.Of) return false;
    } else if (bytes[pos] !== Byte.ParenOpen || !this.isArrowAhead(pos)) return false;
    this.parseArrow(pos, true, noIn);
    this.operand = Operand.Arrow;
    return true;
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
    if (identifierPart[bytes[calleeStart]!] === 1) {
      const end = this.identifierEnd(calleeStart);
      const word = wordAt(bytes, calleeStart, end - calleeStart);
      if (word === Word.Location || word === Word.Top) {
        this.advance(end);
        this.operand = Operand.Name;
        if (!this.isCalled(true)) this.notSure('callee');
      } else if (word === Word.New || word === Word.Import) {
        this.notSure('callee');
      } else if (this.#parsePrimary(calleeStart, false, false)) this.notSure('syntax');
    } else if (this.#parsePrimary(calleeStart, false, false)) this.notSure('syntax');
    this.parseLinks(calleeStart, mark, false, true);
    this.spareCallee(false);
    if (bytes[this.pos] === Byte.ParenOpen) this.parseArguments();
    this.operandStart = start;
    this.operand = Operand.Other;
  }
}

/** Words that are operators, at least in some places. */
function isPrefixWord(word: Word): boolean {
  return (
    word === Word.Typeof || word === Word.Void || word === Word.Delete || word === Word.Await || word === Word.Yield
  );
}
