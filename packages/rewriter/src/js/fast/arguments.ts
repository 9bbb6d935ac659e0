/**
 * @module Arguments of calls, and template literals: expressions that follow one another.
 */
import { Byte } from './scanner.js';
import { Recorder } from './recorder.js';

export abstract class Arguments extends Recorder {
  abstract parseExpression(noIn: boolean): number;
  abstract parseAssignment(noIn: boolean): number;

  parseArguments(): void {
    const { bytes } = this;
    this.advance(this.pos + 1);
    while (bytes[this.pos] !== Byte.ParenClose) {
      this.parseArgument();
      if (bytes[this.pos] !== Byte.Comma) break;
      this.advance(this.pos + 1);
    }
    this.expect(Byte.ParenClose);
  }

  parseArgument(): void {
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
}
