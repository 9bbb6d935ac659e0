/**
 * @module Import and export declarations.
 */
import { Byte, identifierPart } from './scanner.js';
import { NameUse } from './recorder.js';
import { Declarations } from './declarations.js';
import { Word } from './words.js';

export abstract class Modules extends Declarations {
  parseImportDeclaration(): void {
    if (!this.isModule) this.notSure('goal');
    const { bytes } = this;
    if (bytes[this.pos] !== Byte.Quote && bytes[this.pos] !== Byte.Apostrophe) {
      if (identifierPart[bytes[this.pos]!] === 1) {
        this.parseBindingName(0, false);
        if (!this.take(Byte.Comma)) return this.#parseFrom();
      }
      if (this.take(Byte.Star)) {
        this.advance(this.identifierEnd(this.pos));
        this.parseBindingName(0, false);
      } else this.#parseImportSpecifiers();
      return this.#parseFrom();
    }
    this.#parseSource();
  }

  #parseImportSpecifiers(): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      const { pos } = this;
      const isString = bytes[pos] === Byte.Quote || bytes[pos] === Byte.Apostrophe;
      const end = isString ? this.stringEnd(pos) : this.identifierEnd(pos);
      if (end === pos) this.notSure('syntax');
      this.advance(end);
      if (bytes[this.pos] !== Byte.Comma && bytes[this.pos] !== Byte.BraceClose) {
        // as
        this.advance(this.identifierEnd(this.pos));
        this.parseBindingName(0, false);
      } else {
        if (isString) this.notSure('syntax');
        this.declare(0, pos, end - pos, NameUse.DeclaredUnknown);
      }
      if (bytes[this.pos] !== Byte.BraceClose) this.expect(Byte.Comma);
    }
    this.advance(this.pos + 1);
  }

  #parseFrom(): void {
    const { bytes, pos } = this;
    if (this.identifierEnd(pos) - pos !== 4 || bytes[pos] !== 0x66) this.notSure('syntax');
    this.advance(pos + 4);
    this.#parseSource();
  }

  #parseSource(): void {
    const { bytes, pos } = this;
    if (bytes[pos] !== Byte.Quote && bytes[pos] !== Byte.Apostrophe) this.notSure('syntax');
    this.checkSpecifier(pos);
    this.advance(this.stringEnd(pos));
    if (bytes[this.pos] === 0x77 && this.takeWord(Word.With)) this.#skipSpecifiers();
    this.endStatement();
  }

  /** Names, strings and commas in braces: nothing in them is looked at. */
  #skipSpecifiers(): void {
    const { bytes } = this;
    this.expect(Byte.BraceOpen);
    while (bytes[this.pos] !== Byte.BraceClose) {
      const { pos } = this;
      const byte = bytes[pos]!;
      if (byte === Byte.Comma || byte === Byte.Colon) this.advance(pos + 1);
      else if (byte === Byte.Quote || byte === Byte.Apostrophe) this.advance(this.stringEnd(pos));
      else {
        const end = this.identifierEnd(pos);
        if (end === pos) this.notSure('syntax');
        this.advance(end);
      }
    }
    this.advance(this.pos + 1);
  }

  parseExportDeclaration(): void {
    if (!this.isModule) this.notSure('goal');
    const { bytes } = this;
    if (bytes[this.pos] === Byte.Star) {
      this.advance(this.pos + 1);
      const { pos } = this;
      if (bytes[pos] === 0x61) {
        // as
        this.advance(this.identifierEnd(pos));
        const byte = bytes[this.pos]!;
        this.advance(
          byte === Byte.Quote || byte === Byte.Apostrophe ? this.stringEnd(this.pos) : this.identifierEnd(this.pos),
        );
      }
      return this.#parseFrom();
    }
    if (bytes[this.pos] === Byte.BraceOpen) {
      this.#skipSpecifiers();
      if (bytes[this.pos] === 0x66 && this.identifierEnd(this.pos) - this.pos === 4) return this.#parseFrom();
      return this.endStatement();
    }
    if (!this.takeWord(Word.Default)) return this.parseStatement();
    const { pos } = this;
    if (this.takeWord(Word.Function)) return this.parseFunction(pos, false, true);
    if (this.takeWord(Word.Class)) return this.parseClass(true);
    if (this.takeWord(Word.Async)) {
      if (!this.hasLineBreak && this.takeWord(Word.Function)) return this.parseFunction(pos, true, true);
      this.advance(pos);
    }
    this.parseAssignment(false);
    this.endStatement();
  }
}
