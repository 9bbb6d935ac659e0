/**
 * @module Imports in expressions: `import()` (E10) and `import.meta`, and what a specifier may be.
 */
import { Groups } from './groups.js';
import { Piece } from './recorder.js';
import { Byte } from './scanner.js';
import { Operand, Shape } from './shapes.js';

export abstract class Imports extends Groups {
  parseImport(): void {
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
    if (shape === Shape.None && this.isParenthesizedString(this.operand)) this.notSure('key');
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
    const end = this.#stringOrTemplateEnd(quote);
    const first = bytes[quote + 1]!;
    const second = bytes[quote + 2]!;
    if (first <= 0x20 || first >= 0x80) this.notSure('data-import');
    if ((first | 0x20) === 0x64 && (second | 0x20) === 0x61 && bytes[quote + 5] === Byte.Colon)
      this.notSure('data-import');
    for (let pos = quote; pos < end; pos++) if (bytes[pos] === Byte.Backslash) this.notSure('data-import');
  }

  #stringOrTemplateEnd(quote: number): number {
    const { bytes, length } = this;
    if (bytes[quote] !== Byte.Backtick) return this.stringEnd(quote);
    for (let pos = quote + 1; pos < length; pos++) if (bytes[pos] === Byte.Backtick) return pos + 1;
    return length;
  }
}
