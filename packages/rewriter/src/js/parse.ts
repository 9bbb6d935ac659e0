/**
 * @module Source text to syntax tree: acorn, taught to be as lenient as an engine where it is stricter and iterative
 * where bundles nest deep; and acorn-loose for what acorn does not know.
 */
import type { Expression, IfStatement, Options, Program, Token, TokenType } from 'acorn';
import { LooseParser, Parser, tokTypes } from './parsers.js';

export type Goal = 'script' | 'module';

const options: Options = {
  ecmaVersion: 'latest',
  // Parentheses matter to insertions: their content may be a sequence, and they end optional chains.
  preserveParens: true,
  allowReturnOutsideFunction: true,
  allowHashBang: true,
  // Code of an eval or handler stands in a function, method or class that is not in the text.
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
};

/** What is used of acorn's parser beyond its public types. */
interface ParserInternals {
  type: unknown;
  value: string;
  start: number;
  startLoc: unknown;
  next(): void;
  eat(type: unknown): boolean;
  startNode(): IfStatement;
  finishNode(node: IfStatement, type: 'IfStatement'): IfStatement;
  parseParenExpression(): Expression;
  parseStatement(context: string): IfStatement['consequent'];
  parseMaybeUnary(errors: null, sawUnary: boolean, incDec: boolean, forInit: unknown): Expression;
  buildBinary(
    start: number,
    startLoc: unknown,
    left: Expression,
    right: Expression,
    operator: string,
    isLogical: boolean,
  ): Expression;
  raiseRecoverable(position: number, message: string): void;
}

const Base = Parser as unknown as new (...args: unknown[]) => ParserInternals;

class ScriptParser extends Base {
  /** The code may stand in a function that is not in the text. */
  get allowNewDotTarget() {
    return true;
  }

  /** The engine knows regular expressions better: newer flags, newer Unicode. */
  validateRegExpFlags() {}
  validateRegExpPattern() {}

  /** As acorn's, but for a chain of operators of one precedence a loop: minified bundles have thousands of terms. */
  parseExprOp(left: Expression, leftStart: number, leftLoc: unknown, minimum: number, forInit: unknown): Expression {
    for (;;) {
      const type = this.type as TokenType & { binop: number | null };
      let precedence = type.binop;
      if (precedence == null || (forInit && type === tokTypes._in) || precedence <= minimum) return left;
      const isLogical = type === tokTypes.logicalOR || type === tokTypes.logicalAND;
      const isCoalesce = type === tokTypes.coalesce;
      // `??` counts as the whole range of logical operators, so that a mixture shows.
      if (isCoalesce) precedence = (tokTypes.logicalAND as unknown as { binop: number }).binop;
      const operator = this.value;
      this.next();
      const { start, startLoc } = this;
      const operand = this.parseMaybeUnary(null, false, false, forInit);
      const right = this.parseExprOp(operand, start, startLoc, precedence, forInit);
      left = this.buildBinary(leftStart, leftLoc, left, right, operator, isLogical || isCoalesce);
      const following = this.type;
      const mixes = isLogical
        ? following === tokTypes.coalesce
        : isCoalesce && (following === tokTypes.logicalOR || following === tokTypes.logicalAND);
      if (mixes) this.raiseRecoverable(this.start, 'Logical expressions and coalesce expressions cannot be mixed');
    }
  }

  /** As acorn's, but for `else if` a loop. */
  parseIfStatement(node: IfStatement): IfStatement {
    const chain: IfStatement[] = [];
    for (let current = node; ;) {
      chain.push(current);
      this.next();
      current.test = this.parseParenExpression();
      // Functions are allowed in the branches of sloppy code.
      current.consequent = this.parseStatement('if');
      current.alternate = null;
      if (!this.eat(tokTypes._else)) break;
      if (this.type !== tokTypes._if) {
        current.alternate = this.parseStatement('if');
        break;
      }
      const next = this.startNode();
      current.alternate = next;
      current = next;
    }
    for (let index = chain.length - 1; index >= 0; index--) this.finishNode(chain[index]!, 'IfStatement');
    return node;
  }
}

const LenientParser = ScriptParser as unknown as typeof Parser;

export type ParseResult =
  | { program: Program; goal: Goal }
  /** `too-deep`: the parser ran out of stack. */
  | { program: null; reason: 'syntax' | 'too-deep' };

/** Parses for the first goal that fits. */
export function parseProgram(source: string, goals: readonly Goal[]): ParseResult {
  let reason: 'syntax' | 'too-deep' = 'syntax';
  for (const goal of goals) {
    try {
      return { program: LenientParser.parse(source, { ...options, sourceType: goal }), goal };
    } catch (error) {
      if (error instanceof RangeError) reason = 'too-deep';
      else if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return { program: null, reason };
}

/** A tree that holds whatever could be made out; null if nothing could. */
export function parseLoosely(source: string, goal: Goal): Program | null {
  try {
    return LooseParser.parse(source, { ...options, sourceType: goal });
  } catch {
    // It runs out of stack, and fails with TypeErrors of its own (an unterminated template, for one).
    return null;
  }
}

export interface ScannedToken {
  token: Token & { value: unknown };
  /** What follows may begin an expression: this token did not end one. */
  isOperandNext: boolean;
}

/** The tokens of a text, read without a parser (acorn then guesses what a slash or brace is). Throws SyntaxErrors. */
export function* tokenize(source: string, goal: Goal): Generator<ScannedToken> {
  const tokenizer = LenientParser.tokenizer(source, { ...options, sourceType: goal }) as unknown as {
    getToken(): Token & { value: unknown };
    exprAllowed: boolean;
  };
  for (;;) {
    const token = tokenizer.getToken();
    if (token.type === tokTypes.eof) return;
    yield { token, isOperandNext: tokenizer.exprAllowed };
  }
}
