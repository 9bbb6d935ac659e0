/**
 * @module The fast path: one pass over the UTF-8 bytes of a text, which makes no tree and no token. It gives what the
 * reference path gives, byte for byte, or says that it is not sure.
 *
 * A text that no engine would compile may get insertions here where the reference leaves it alone: the page gets its
 * SyntaxError either way.
 */
import type { WalkOptions } from '../script-walk.js';
import type { Goal } from '../parse.js';
import { NotSure, type Doubt } from './not-sure.js';
import { pieceTexts } from './pieces.js';
import { Piece, ScopeKind, pieceBits } from './recorder.js';
import { decide } from './resolution.js';
import { Statements } from './statements.js';

export interface FastOptions extends Omit<WalkOptions, 'rewriteModule'> {
  goal: Goal;
}

export type FastResult = { text: string } | { doubt: Doubt; position: number };

/** What one pass needs is kept for the next one, unless it grew beyond this many bytes. */
const keptBytes = 1 << 22;
const encoder = new TextEncoder();
let kept: { pass: Statements; buffer: Uint8Array<ArrayBuffer>; verdicts: Uint8Array } | null = null;

function take(size: number): { pass: Statements; buffer: Uint8Array<ArrayBuffer>; verdicts: Uint8Array } {
  const own = kept ?? { pass: new Statements(), buffer: new Uint8Array(1 << 12), verdicts: new Uint8Array(1 << 10) };
  // A pass within a pass makes its own.
  kept = null;
  if (own.buffer.length < size + 8) own.buffer = new Uint8Array(Math.max(size + 8, own.buffer.length * 2));
  return own;
}

/** Rewrites a text whose goal and place in a page are known. */
export function rewriteFast(source: string, options: FastOptions): FastResult {
  if (options.scopedImports) return { doubt: 'options', position: 0 };
  const own = take(source.length);
  const { pass } = own;
  try {
    const length = encodeInto(own, source);
    pass.bytes = own.buffer;
    pass.length = length;
    run(pass, options);
    if (pass.editCount === 0) return { text: source };
    if (own.verdicts.length < pass.decisionCount) own.verdicts = new Uint8Array(pass.decisionCount * 2);
    decide(pass, own.verdicts);
    if (length > source.length) toUnits(pass);
    return { text: join(pass, source, own.verdicts) };
  } catch (error) {
    if (error instanceof NotSure) return error;
    // Nested deeper than the stack.
    if (error instanceof RangeError) return { doubt: 'depth', position: pass.pos };
    throw error;
  } finally {
    if (own.buffer.length <= keptBytes) kept = own;
  }
}

function encodeInto(own: { buffer: Uint8Array<ArrayBuffer> }, source: string): number {
  let { read, written } = encoder.encodeInto(source, own.buffer.subarray(0, own.buffer.length - 8));
  if (read < source.length) {
    own.buffer = new Uint8Array(source.length * 3 + 8);
    ({ read, written } = encoder.encodeInto(source, own.buffer));
  }
  own.buffer.fill(0, written, written + 8);
  return written;
}

function run(pass: Statements, options: FastOptions): void {
  pass.reset();
  pass.isDynamic = options.isDynamic;
  pass.isModule = options.goal === 'module';
  pass.topLevelIsGlobal = options.topLevel === 'global';
  pass.topLevelIsVariable = options.topLevel === 'global' || options.topLevel === 'eval';
  pass.rootKind = options.topLevel === 'function' ? ScopeKind.Function : ScopeKind.Program;
  pass.parseProgram(options.isStrict);
}

/** Positions in bytes become positions in UTF-16 code units; edits are in order. */
function toUnits(pass: Statements): void {
  const { bytes, editPositions, editCount } = pass;
  let shift = 0;
  let read = 0;
  for (let index = 0; index < editCount; index++) {
    const position = editPositions[index]!;
    for (; read < position; read++) {
      const byte = bytes[read]!;
      // A continuation is no unit; the first byte of four stands for two.
      if (byte >= 0x80) shift += byte < 0xc0 ? 1 : byte >= 0xf0 ? -1 : 0;
    }
    editPositions[index] = position - shift;
  }
}

function join(pass: Statements, source: string, verdicts: Uint8Array): string {
  const { edits, editPositions, editCount, texts } = pass;
  let output = '';
  let copied = 0;
  for (let index = 0; index < editCount; index++) {
    const edit = edits[index]!;
    const piece = edit & ((1 << pieceBits) - 1);
    const parameter = edit >> pieceBits;
    if (piece !== Piece.Text && parameter !== 0 && verdicts[parameter] === 0) continue;
    const text = piece === Piece.Text ? texts[parameter]! : pieceTexts[piece]!;
    const position = editPositions[index]!;
    output += source.slice(copied, position) + text;
    copied = position;
  }
  return copied === 0 && output === '' ? source : output + source.slice(copied);
}
