/**
 * @module Chains: what follows an operand. Members (E1, E2), calls of `postMessage` (E7) and of eval (E6), templates.
 */
import { Byte, identifierPart, linkStart } from './scanner.js';
import { Arguments } from './arguments.js';
import { Decision, Piece, pieceBits, scopeContainsEval, scopeHasEval } from './recorder.js';
import { KeyDoubt, Operand, Shape, isPlainOperand, keyDoubt } from './shapes.js';
import { Word, isHotWord, wordAt } from './words.js';

export abstract class Links extends Arguments {
  /** What the last operand was. */
  operand: Operand = Operand.Other;
  /** Of the last parenthesis: the shape of what was in it, what its last operand was, and whether that tells. */
  innerShape = 0;
  innerOperand: Operand = Operand.Other;
  innerTells = false;
  innerIsMember = false;
  /** Whether the last name or key is hot, or computed, or `postMessage`. */
  tells = false;
  /** A call of it is edited: `postMessage`, `eval`. */
  #tellsCall = false;
  /** The insertions that belong to what tells: the opener, and a row of closers. */
  #opener = 0;
  #closers = 0;
  #closerCount = 0;

  /** Of the chain in progress: where it starts, and how many insertions there were. */
  #chainStart = 0;
  #chainMark = 0;
  #isNew = false;
  #isDeleted = false;

  /** Members, calls and template literals behind a primary expression. */
  parseLinks(start: number, mark: number, isDeleted: boolean, isNew: boolean): void {
    const { bytes } = this;
    let isOptional = false;
    for (;;) {
      const { pos } = this;
      const byte = bytes[pos]!;
      if (linkStart[byte] === 0) return;
      const objectEnd = this.end;
      switch (byte) {
        case Byte.Dot:
          this.advance(pos + 1);
          if (this.#takePlainMember()) continue;
          this.#parseNamedMember(start, mark, objectEnd, isDeleted, isNew, isOptional, pos);
          continue;
        case Byte.BracketOpen:
          this.#parseComputedMember(start, mark, objectEnd, isDeleted, isNew, isOptional, pos);
          continue;
        case Byte.ParenOpen:
          if (isNew) return;
          if (this.operand === Operand.Name && objectEnd - start === 4 && wordAt(bytes, start, 4) === Word.Eval) {
            this.#parseEvalCall(start, mark);
          } else {
            if (this.operand === Operand.Parenthesized) this.spareCallee(true);
            this.parseArguments();
          }
          this.operand = Operand.Other;
          continue;
        case Byte.Backtick:
          if (isNew) this.notSure('callee');
          this.spareCallee(false);
          this.parseTemplate();
          this.operand = Operand.Other;
          continue;
        default: {
          if (bytes[pos + 1] !== Byte.Dot) return;
          const next = bytes[pos + 2]!;
          if (next >= Byte.Digit0 && next <= Byte.Digit9) return;
          if (isNew) this.notSure('syntax');
          this.advance(pos + 2);
          const ahead = bytes[this.pos]!;
          if (ahead === Byte.ParenOpen) {
            this.spareCallee(true);
            this.parseArguments();
            this.operand = Operand.Other;
          } else if (ahead === Byte.BracketOpen) {
            this.#parseComputedMember(start, mark, objectEnd, isDeleted, false, false, pos);
          } else {
            this.#parseNamedMember(start, mark, objectEnd, isDeleted, false, false, pos);
          }
          isOptional = true;
        }
      }
    }
  }

  /** What a parenthesis holds turns out to be called or deleted: then it needs no edit of its own. */
  spareCallee(isCall: boolean): void {
    if (this.operand !== Operand.Parenthesized || this.innerShape !== Shape.None || !this.innerTells) return;
    // `(x.postMessage)()` and `(eval)()` have one that was not made.
    if (this.#tellsCall && isCall) this.notSure('callee');
    if (this.#closerCount < 0) return;
    this.edits[this.#opener] = Piece.Nothing;
    for (let index = 0; index < this.#closerCount; index++) this.edits[this.#closers + index] = Piece.Nothing;
  }

  /** Notes what the last name or key is, and that no insertion belongs to it as yet. */
  #tell(tells: boolean, isCallEdited: boolean): void {
    this.tells = tells;
    this.#tellsCall = isCallEdited;
    this.#closerCount = -1;
  }

  noteEval(): void {
    this.#tell(true, true);
  }

  /** A free-standing hot name; called or deleted, it gives nothing away. */
  noteReference(start: number, end: number, isDeleted: boolean): void {
    this.#tell(true, false);
    if (this.isCalled(false) || (isDeleted && this.#isLast())) return;
    const decision = this.addDecision(Decision.Reference, start, end) << pieceBits;
    this.#opener = this.editCount;
    this.#closers = this.editCount + 1;
    this.addEdit(start, (this.isDynamic ? Piece.Value : Piece.Globals) | decision);
    this.#closerCount = this.isDynamic ? 1 : 0;
    if (this.isDynamic) this.addEdit(end, Piece.Closer | decision);
  }

  /** Whether what ends here is called: the next token tells. */
  isCalled(isNew: boolean): boolean {
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
    return this.isCalled(false) && this.bytes[this.pos] !== Byte.Backtick;
  }

  /** Whether this is the last link of the chain. */
  #isLast(): boolean {
    const { bytes, pos } = this;
    const byte = bytes[pos]!;
    if (linkStart[byte] === 0) return true;
    if (byte !== Byte.Question) return false;
    if (bytes[pos + 1] !== Byte.Dot) return true;
    return bytes[pos + 2]! >= Byte.Digit0 && bytes[pos + 2]! <= Byte.Digit9;
  }

  /** A name that is none of ours, as nearly all are: told by its length and first letter. */
  #takePlainMember(): boolean {
    const { bytes, pos } = this;
    const end = this.keyEnd(pos);
    const first = bytes[pos]!;
    switch (end - pos) {
      case 0:
        return false;
      case 3:
        if (first === 0x74) return false;
        break;
      case 8:
        if (first === 0x6c) return false;
        break;
      case 11:
        if (first === 0x70) return false;
        break;
      default:
    }
    this.advance(end);
    this.operand = Operand.Member;
    this.tells = false;
    return true;
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
    const { operand } = this;
    this.advance(end);
    this.operand = Operand.Member;
    this.tells = false;
    if ((length !== 3 && length !== 8 && length !== 11) || isPrivate || isPlainOperand(operand)) return;
    const isMessage = length === 11 && bytes[nameStart] === 0x70 && matches(bytes, nameStart, postMessage);
    if (!isMessage && (length === 11 || !isHotWord(bytes, nameStart, length))) return;
    const closeMark = this.editCount;
    this.#tell(true, isMessage);
    this.#setChain(start, mark, isDeleted, isNew);
    if (this.#isSpared(isMessage)) return;
    this.#wrap(objectEnd, closeMark, isMessage, isOptional ? Piece.OptionalDot : -1, dot, 0);
  }

  #setChain(start: number, mark: number, isDeleted: boolean, isNew: boolean): void {
    this.#chainStart = start;
    this.#chainMark = mark;
    this.#isDeleted = isDeleted;
    this.#isNew = isNew;
  }

  /** Of `postMessage` only a call is edited; of the others everything but a call and a deletion. */
  #isSpared(isMessage: boolean): boolean {
    if (isMessage) return this.#isNew || !this.#isCallCalled();
    return this.isCalled(this.#isNew) || (this.#isDeleted && this.#isLast());
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
    const isPlain = isPlainOperand(this.operand);
    const closeMark = this.editCount;
    this.advance(this.pos + 1);
    const keyStart = this.pos;
    const shape = this.parseExpression(false);
    const key = this.operand;
    const keyEnd = this.end;
    if (bytes[this.pos] !== Byte.BracketClose) this.notSure('syntax');
    this.advance(this.pos + 1);
    this.operand = Operand.Member;
    this.#tell(!isPlain, false);
    if (isPlain) return;
    this.#setChain(start, mark, isDeleted, isNew);
    const optional = isOptional ? Piece.OptionalBracket : -1;

    if (shape === Shape.None && (key === Operand.String || key === Operand.Template)) {
      const length = keyEnd - keyStart - 2;
      if (this.#hasEscape(keyStart, keyEnd)) this.notSure('escape');
      const isMessage = length === 11 && matches(bytes, keyStart + 1, postMessage);
      if (!isMessage && !isHotWord(bytes, keyStart + 1, length)) return;
      this.#tellsCall = isMessage;
      if (!this.#isSpared(isMessage)) this.#wrap(objectEnd, closeMark, isMessage, optional, dot, 0);
      return;
    }
    if (this.#isSpared(false)) {
      // `x[("postMessage")]()`
      if (shape === Shape.None && this.isParenthesizedString(key)) this.notSure('key');
      return;
    }
    let decision = 0;
    switch (keyDoubt(shape, key)) {
      case KeyDoubt.Safe:
        return;
      case KeyDoubt.Depends: {
        const isName = shape === Shape.None && key === Operand.Name;
        decision = this.addDecision(isName ? Decision.NameKey : Decision.Key, keyStart, keyEnd);
        break;
      }
      default:
    }
    this.#wrap(objectEnd, closeMark, false, optional, dot, decision);
  }

  /** Whether the operand that was just read is a string in parentheses. */
  isParenthesizedString(operand: Operand): boolean {
    if (operand !== Operand.Parenthesized && operand !== Operand.PlainParenthesized) return false;
    return (
      this.innerShape === Shape.None && (this.innerOperand === Operand.String || this.innerOperand === Operand.Template)
    );
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

  /** Wraps what the chain holds so far. */
  #wrap(
    objectEnd: number,
    closeMark: number,
    isMessage: boolean,
    optional: number,
    dot: number,
    decision: number,
  ): void {
    const start = this.#chainStart;
    const opener = isMessage ? Piece.MessageTarget : Piece.StandIn;
    const isParenthesized = this.#isNew || this.needsParenthesis(start);
    const suffix = decision << pieceBits;
    if (optional >= 0) this.insertEdit(closeMark, dot, optional | suffix);
    this.insertEdit(closeMark, objectEnd, (isParenthesized ? Piece.DoubleCloser : Piece.Closer) | suffix);
    this.insertEdit(this.#chainMark, start, (isParenthesized ? opener + 1 : opener) | suffix);
    this.#opener = this.#chainMark;
    this.#closers = closeMark + 1;
    this.#closerCount = optional >= 0 ? 2 : 1;
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
      this.parseArgument();
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
}

const postMessage = Array.from('postMessage', (letter) => letter.charCodeAt(0));

function matches(bytes: Uint8Array, start: number, letters: number[]): boolean {
  for (let at = 0; at < letters.length; at++) if (bytes[start + at] !== letters[at]) return false;
  return true;
}
