/**
 * @module Expressions of which it matters what they evaluate to, as small trees of the nodes that `numeric-variables.ts`
 * knows. They are read a second time, where they stand; what cannot matter becomes a node of a type that says nothing.
 */
import type { AnyNode } from 'acorn';

import { Byte, identifierPart } from './scanner.js';
import { Operand } from './shapes.js';
import type { Statements } from './statements.js';
import { Word, wordAt } from './words.js';

interface Value {
  type: string;
  [name: string]: unknown;
}

const unknown: Value = { type: 'ThisExpression' };
const number: Value = { type: 'Literal', value: 0 };
const regex: Value = { type: 'Literal', value: null, regex: {} };

/** Reads the expression at a position. `isSequence`: commas are operators there. */
export function valueAt(
  pass: Statements,
  position: number,
  scope: number,
  context: number,
  isSequence: boolean,
): AnyNode {
  const { editCount, nameCount, decisionCount, scopeCount } = pass;
  const fixes = pass.startUnfixable();
  pass.setContext(scope, context);
  pass.advance(position);
  const reader = new ValueReader(pass);
  const value = isSequence ? reader.readSequence() : reader.readAssignment();
  pass.endUnfixable(fixes);
  pass.editCount = editCount;
  pass.nameCount = nameCount;
  pass.decisionCount = decisionCount;
  pass.scopeCount = scopeCount;
  return value as unknown as AnyNode;
}

class ValueReader {
  constructor(readonly pass: Statements) {}

  readSequence(): Value {
    const first = this.readAssignment();
    if (this.pass.bytes[this.pass.pos] !== Byte.Comma) return first;
    const expressions = [first];
    while (this.pass.take(Byte.Comma)) expressions.push(this.readAssignment());
    return { type: 'SequenceExpression', expressions };
  }

  readAssignment(): Value {
    const { pass } = this;
    if (this.#isYield()) {
      pass.parseAssignment(false);
      return unknown;
    }
    const left = this.#readBinary(0);
    if (left === arrow) return unknown;
    if (pass.bytes[pass.pos] === Byte.Question) {
      pass.advance(pass.pos + 1);
      const consequent = this.readAssignment();
      pass.expect(Byte.Colon);
      return { type: 'ConditionalExpression', consequent, alternate: this.readAssignment() };
    }
    const length = this.#assignmentLength();
    if (length === 0) return left;
    const operator = this.#text(pass.pos, length);
    pass.advance(pass.pos + length);
    return { type: 'AssignmentExpression', operator, left, right: this.readAssignment() };
  }

  #isYield(): boolean {
    const { pass } = this;
    if ((pass.context & 2) === 0 || pass.bytes[pass.pos] !== 0x79) return false;
    return wordAt(pass.bytes, pass.pos, pass.identifierEnd(pass.pos) - pass.pos) === Word.Yield;
  }

  #text(start: number, length: number): string {
    return this.pass.textOf(start, start + length);
  }

  #assignmentLength(): number {
    const { bytes, pos } = this.pass;
    if (bytes[pos] === Byte.Equals) return bytes[pos + 1] === Byte.Equals || bytes[pos + 1] === Byte.Greater ? 0 : 1;
    for (let length = 1; length <= 3; length++) {
      if (!isOperatorByte(bytes[pos + length - 1]!)) return 0;
      if (bytes[pos + length] === Byte.Equals) {
        // `<=`, `>=`, `!=`, `==` compare.
        const isComparison =
          length === 1 && [Byte.Less, Byte.Greater, Byte.Exclamation, Byte.Equals].includes(bytes[pos]!);
        return isComparison ? 0 : length + 1;
      }
    }
    return 0;
  }

  #readBinary(minimum: number): Value {
    let left = this.#readUnary();
    if (left === arrow) return left;
    for (;;) {
      const [operator, precedence] = this.#operatorAhead();
      if (precedence <= minimum) return left;
      this.pass.advance(this.pass.pos + operator.length);
      // `**` joins from the right.
      const right = this.#readBinary(operator === '**' ? precedence - 1 : precedence);
      left = { type: precedence <= 2 ? 'LogicalExpression' : 'BinaryExpression', operator, left, right };
    }
  }

  #operatorAhead(): [operator: string, precedence: number] {
    const { pass } = this;
    const { bytes, pos } = pass;
    const byte = bytes[pos]!;
    if (identifierPart[byte] === 1) {
      const word = wordAt(bytes, pos, pass.identifierEnd(pos) - pos);
      return word === Word.In ? ['in', 7] : word === Word.Instanceof ? ['instanceof', 7] : none;
    }
    if (!operatorBytes[byte] || this.#assignmentLength() > 0) return none;
    for (let length = 4; length > 0; length--) {
      const operator = this.#text(pos, length);
      const precedence = precedences.get(operator);
      if (precedence !== undefined) return [operator, precedence];
    }
    return none;
  }

  #readUnary(): Value {
    const { pass } = this;
    const { bytes, pos } = pass;
    const byte = bytes[pos]!;
    if (byte === Byte.Exclamation || byte === Byte.Tilde || byte === Byte.Plus || byte === Byte.Minus) {
      const isUpdate = bytes[pos + 1] === byte && (byte === Byte.Plus || byte === Byte.Minus);
      pass.advance(isUpdate ? pos + 2 : pos + 1);
      if (this.#readUnary() === arrow) pass.notSure('syntax');
      return isUpdate ? { type: 'UpdateExpression' } : { type: 'UnaryExpression', operator: '-' };
    }
    if (identifierPart[byte] === 1) {
      const end = pass.identifierEnd(pos);
      const word = wordAt(bytes, pos, end - pos);
      if (word === Word.Typeof || word === Word.Void || word === Word.Delete) {
        pass.advance(end);
        this.#readUnary();
        return { type: 'UnaryExpression', operator: word === Word.Typeof ? 'typeof' : 'void' };
      }
      if (word === Word.Await && (pass.context & 1) !== 0) {
        pass.advance(end);
        this.#readUnary();
        return unknown;
      }
    }
    return this.#readOperand();
  }

  #readOperand(): Value {
    const { pass } = this;
    const start = pass.pos;
    if (pass.parseChain(false)) return arrow;
    const { bytes, pos, end } = pass;
    const byte = bytes[pos]!;
    if ((byte === Byte.Plus || byte === Byte.Minus) && bytes[pos + 1] === byte && !pass.hasLineBreak) {
      pass.advance(pos + 2);
      return { type: 'UpdateExpression' };
    }
    switch (pass.operand) {
      case Operand.Number:
        return number;
      case Operand.Regex:
        return regex;
      case Operand.Name:
        return { type: 'Identifier', name: this.#text(start, end - start) };
      case Operand.String:
        return { type: 'Literal', value: this.#cooked(start + 1, end - 1) };
      case Operand.Template:
      case Operand.Substitution:
        return this.#readTemplate(start);
      case Operand.Parenthesized:
      case Operand.PlainParenthesized:
        return this.#readParenthesis(start);
      default:
        return unknown;
    }
  }

  #readParenthesis(start: number): Value {
    const { pass } = this;
    pass.repeated += pass.end - start;
    if (pass.repeated > pass.length * 4 + 10_000) pass.notSure('depth');
    pass.advance(start + 1);
    const expression = this.readSequence();
    pass.expect(Byte.ParenClose);
    return { type: 'ParenthesizedExpression', expression };
  }

  #readTemplate(start: number): Value {
    const { pass } = this;
    const { bytes } = pass;
    const quasis: { value: { cooked: string } }[] = [];
    let textStart = start + 1;
    for (let pos = start + 1; ; pos++) {
      const byte = bytes[pos]!;
      const isSubstitution = byte === Byte.Dollar && bytes[pos + 1] === Byte.BraceOpen;
      if (byte === Byte.Backslash) pos++;
      else if (byte === Byte.Backtick || isSubstitution) {
        quasis.push({ value: { cooked: this.#cooked(textStart, pos) } });
        if (!isSubstitution) {
          pass.advance(pos + 1);
          return { type: 'TemplateLiteral', quasis, expressions: quasis.slice(1) };
        }
        pass.advance(pos + 2);
        pass.parseExpression(false);
        pos = pass.pos;
        textStart = pos + 1;
      }
    }
  }

  /** Of an escape it only matters that it is no letter. */
  #cooked(start: number, end: number): string {
    const { pass } = this;
    let text = '';
    for (let pos = start; pos < end; pos++) {
      const byte = pass.bytes[pos]!;
      if (byte !== Byte.Backslash) text += String.fromCharCode(byte);
      else if (/[nrt"'`\\$]/.test(String.fromCharCode(pass.bytes[pos + 1]!))) {
        text += '\n';
        pos++;
      } else pass.notSure('escape');
    }
    return text;
  }
}

/** An arrow function: nothing can follow it. */
const arrow: Value = { type: 'ThisExpression' };
const none: [string, number] = ['', 0];

const precedences = new Map<string, number>();
for (const [index, operators] of [
  '|| ??',
  '&&',
  '|',
  '^',
  '&',
  '== != === !==',
  '< > <= >=',
  '<< >> >>>',
  '+ -',
  '* / %',
  '**',
].entries()) {
  for (const operator of operators.split(' ')) precedences.set(operator, index + 1);
}

function isOperatorByte(byte: number): boolean {
  return operatorBytes[byte] === 1;
}

const operatorBytes = new Uint8Array(256);
for (const operator of '+-*/%<>&|^?!=') operatorBytes[operator.charCodeAt(0)] = 1;
