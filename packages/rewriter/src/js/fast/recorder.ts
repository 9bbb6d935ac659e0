/**
 * @module What the pass writes down, in arrays of integers: insertions, scopes, declarations and writes of names, and
 * the insertions that hinge on names.
 */
import { Scanner } from './scanner.js';

/** What is inserted, by number. `pieces.ts` has the texts. */
export const enum Piece {
  Closer, DoubleCloser, StandIn, ParenthesizedStandIn, MessageTarget, ParenthesizedMessageTarget, Globals,
  Location, Top, OptionalDot, OptionalBracket, ArmEval, ParenthesizedArmEval, EvalSource, ModuleSpecifier,
  RestFixOpen, Value, LocationValue, TopValue, LocationWrite, TopWrite, WriteValue, Nothing, Text,
} // prettier-ignore

/** The low bits of an insertion's number hold its piece, those above it the decision that it waits for. */
export const pieceBits = 5;
export const pieceMask = (1 << pieceBits) - 1;

export const enum ScopeKind {
  Program,
  Function,
  Block,
}
/** Flags of a scope, above its kind. */
export const scopeIsStrict = 4;
export const scopeHasEval = 8;
export const scopeContainsEval = 16;
export const scopeKindMask = 3;

export const enum NameUse {
  /** A declaration that says nothing about the value, or `var x` (and only then) undefined. */
  Declared,
  /** A declaration whose values are not known. */
  DeclaredUnknown,
  /** A declaration with a value. */
  DeclaredValue,
  /** `x = …`, `x += …`, for whichever variable the name means. */
  Written,
  WrittenUnknown,
  /** A function in a block of sloppy code. */
  BlockFunction,
}

/** What is known of a value without another look: it stands in place of its position. */
export const enum Value {
  Numeric = -1,
  Other = -2,
}

/** Numbers a record of a name takes: scope, start, length, use, position of the value, scope and context of the value. */
export const nameStride = 7;
/** Numbers a decision takes: kind, scope, start, end. */
export const decisionStride = 5;

export const enum Decision {
  /** A computed key that is one name, or a text to be looked at. */
  NameKey,
  Key,
  /** A hot name. */
  Reference,
}

export abstract class Recorder extends Scanner {
  editCount = 0;
  editPositions = new Int32Array(1 << 12);
  edits = new Int32Array(1 << 12);
  /** What is inserted as `Piece.Text`. */
  texts: string[] = [];
  /** How many temporaries the insertions declare. */
  temporaries = 0;

  scopeCount = 0;
  scopeParents = new Int32Array(1 << 10);
  scopeFlags = new Uint8Array(1 << 10);
  /** For a scope that is no block itself; for a block that of the function. */
  variableScopes = new Int32Array(1 << 10);
  scope = 0;

  nameCount = 0;
  names = new Int32Array(nameStride << 11);
  decisionCount = 1;
  decisions = new Int32Array(decisionStride << 10);
  /** Whether `await` (1) and `yield` (2) are operators here. */
  context = 0;
  hasEvalCall = false;
  hasHotDeclaration = false;
  /** The names at the top level may belong to objects or functions that are not in the text. */
  isDynamic = false;

  reset(): void {
    this.editCount = 0;
    this.texts.length = 0;
    this.temporaries = 0;
    this.scopeCount = 0;
    this.nameCount = 0;
    this.decisionCount = 1;
    this.hasEvalCall = false;
    this.hasHotDeclaration = false;
  }

  // Insertions.

  addEdit(position: number, piece: number): void {
    this.insertEdit(this.editCount, position, piece);
  }

  /** Inserts before everything that was added since `editCount` was `mark`. */
  insertEdit(mark: number, position: number, piece: number): void {
    const count = this.editCount++;
    if (count === this.edits.length) {
      this.edits = grow(this.edits);
      this.editPositions = grow(this.editPositions);
    }
    const { edits, editPositions } = this;
    if (count - mark > 16) {
      edits.copyWithin(mark + 1, mark, count);
      editPositions.copyWithin(mark + 1, mark, count);
    } else {
      for (let index = count; index > mark; index--) {
        edits[index] = edits[index - 1]!;
        editPositions[index] = editPositions[index - 1]!;
      }
    }
    edits[mark] = piece;
    editPositions[mark] = position;
  }

  insertText(mark: number, position: number, text: string): void {
    this.insertEdit(mark, position, Piece.Text | ((this.texts.push(text) - 1) << pieceBits));
  }

  addText(position: number, text: string): void {
    this.insertText(this.editCount, position, text);
  }

  textOf(start: number, end: number): string {
    let text = '';
    for (let pos = start; pos < end; pos++) text += String.fromCharCode(this.bytes[pos]!);
    return text;
  }

  // Scopes.

  enterScope(kind: ScopeKind, isStrict: boolean): number {
    const id = this.scopeCount++;
    if (id === this.scopeParents.length) {
      this.scopeParents = grow(this.scopeParents);
      this.variableScopes = grow(this.variableScopes);
      const flags = new Uint8Array(this.scopeFlags.length * 2);
      flags.set(this.scopeFlags);
      this.scopeFlags = flags;
    }
    const parent = this.scope;
    this.scopeParents[id] = id === 0 ? -1 : parent;
    this.scopeFlags[id] = kind | (isStrict ? scopeIsStrict : 0);
    this.variableScopes[id] = kind === ScopeKind.Block ? this.variableScopes[parent]! : id;
    this.scope = id;
    return parent;
  }

  enterBlock(): number {
    return this.enterScope(ScopeKind.Block, (this.scopeFlags[this.scope]! & scopeIsStrict) !== 0);
  }

  get isStrict(): boolean {
    return (this.scopeFlags[this.scope]! & scopeIsStrict) !== 0;
  }

  // Names.

  noteName(scope: number, start: number, length: number, use: NameUse, value: number): void {
    let at = this.nameCount;
    this.nameCount = at + nameStride;
    if (at + nameStride > this.names.length) this.names = grow(this.names);
    const { names } = this;
    names[at++] = scope;
    names[at++] = start;
    names[at++] = length;
    names[at++] = use;
    names[at++] = value;
    names[at++] = this.scope;
    names[at] = this.context;
  }

  addDecision(kind: Decision, start: number, end: number): number {
    const id = this.decisionCount++;
    let at = id * decisionStride;
    if (at + decisionStride > this.decisions.length) this.decisions = grow(this.decisions);
    const { decisions } = this;
    decisions[at++] = kind;
    decisions[at++] = this.scope;
    decisions[at++] = start;
    decisions[at++] = end;
    decisions[at] = this.context;
    return id;
  }
}

function grow(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
