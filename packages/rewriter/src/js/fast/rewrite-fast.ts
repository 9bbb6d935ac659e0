/**
 * @module The fast path: one pass over the bytes of a script that makes no tree, then the edits are joined. It says
 * "not sure" instead of guessing.
 */
import type { Goal } from '../parse.js';
import type { WalkOptions } from '../script-walk.js';
import { bytesResembleInsertions } from '../resembles-insertions.js';
import { joinBytes, joinText } from './join.js';
import { NotSure, type Doubt } from './not-sure.js';
import { ScopeKind } from './recorder.js';
import { decide } from './resolution.js';
import { Statements } from './statements.js';

export interface FastOptions extends Omit<WalkOptions, 'rewriteModule'> {
  goal: Goal;
}

export interface FastDoubt {
  doubt: Doubt;
  position: number;
}
export type FastResult = { text: string } | FastDoubt;
export type FastBytesResult = { bytes: Uint8Array<ArrayBuffer> } | FastDoubt;

interface Workspace {
  pass: Statements;
  /** The text in UTF-8, with NULs behind it. */
  buffer: Uint8Array<ArrayBuffer>;
  verdicts: Uint8Array;
}

/** What one pass needs is kept for the next one, unless it grew beyond this many bytes. */
const keptBytes = 1 << 22;
/** Bytes behind the text that the pass may look at. */
const padding = 8;
/** Up to this length a loop is faster than a call of the encoder. */
const shortText = 256;
const encoder = new TextEncoder();
let kept: Workspace | null = null;

/** Rewrites a text whose goal and place in a page are known. */
export function rewriteFast(source: string, options: FastOptions): FastResult {
  return withWorkspace(source.length, options, (own) => {
    const length = encodeInto(own, source);
    const hasEdits = run(own, length, options);
    return { text: hasEdits ? joinText(own.pass, source, own.verdicts, length > source.length) : source };
  });
}

/** The same for a text in UTF-8. */
export function rewriteFastBytes(source: Uint8Array<ArrayBuffer>, options: FastOptions): FastBytesResult {
  return withWorkspace<FastBytesResult>(source.length, options, (own) => {
    own.buffer.set(source);
    own.buffer.fill(0, source.length, source.length + padding);
    if (bytesResembleInsertions(own.buffer, source.length)) return { doubt: 'marker', position: 0 };
    const hasEdits = run(own, source.length, options);
    return { bytes: hasEdits ? joinBytes(own.pass, source, own.verdicts) : source };
  });
}

function withWorkspace<R>(size: number, options: FastOptions, use: (own: Workspace) => R): R | FastDoubt {
  if (options.scopedImports) return { doubt: 'options', position: 0 };
  const own = take(size);
  try {
    return use(own);
  } catch (error) {
    if (error instanceof NotSure) return error;
    // Nested deeper than the stack.
    if (error instanceof RangeError) return { doubt: 'depth', position: own.pass.pos };
    throw error;
  } finally {
    if (own.buffer.length <= keptBytes) kept = own;
  }
}

function take(size: number): Workspace {
  const own = kept ?? { pass: new Statements(), buffer: new Uint8Array(1 << 12), verdicts: new Uint8Array(1 << 10) };
  // A pass within a pass makes its own.
  kept = null;
  if (own.buffer.length < size + padding) own.buffer = new Uint8Array(Math.max(size + padding, own.buffer.length * 2));
  return own;
}

function encodeInto(own: Workspace, source: string): number {
  const ascii = source.length <= shortText ? encodeAscii(own.buffer, source) : -1;
  if (ascii >= 0) return ascii;
  let { read, written } = encoder.encodeInto(source, own.buffer.subarray(0, own.buffer.length - padding));
  if (read < source.length) {
    own.buffer = new Uint8Array(source.length * 3 + padding);
    ({ read, written } = encoder.encodeInto(source, own.buffer));
  }
  own.buffer.fill(0, written, written + padding);
  return written;
}

/** @returns -1 if the text is not ASCII */
function encodeAscii(buffer: Uint8Array, source: string): number {
  const { length } = source;
  for (let index = 0; index < length; index++) {
    const unit = source.charCodeAt(index);
    if (unit >= 0x80) return -1;
    buffer[index] = unit;
  }
  for (let index = length; index < length + padding; index++) buffer[index] = 0;
  return length;
}

/** @returns whether there is anything to insert */
function run(own: Workspace, length: number, options: FastOptions): boolean {
  const { pass } = own;
  pass.bytes = own.buffer;
  pass.length = length;
  pass.reset();
  pass.isDynamic = options.isDynamic;
  pass.isModule = options.goal === 'module';
  pass.topLevelIsGlobal = options.topLevel === 'global';
  pass.topLevelIsVariable = options.topLevel === 'global' || options.topLevel === 'eval';
  pass.rootKind = options.topLevel === 'function' ? ScopeKind.Function : ScopeKind.Program;
  pass.parseProgram(options.isStrict);
  if (pass.editCount === 0) return false;
  if (own.verdicts.length < pass.decisionCount) own.verdicts = new Uint8Array(pass.decisionCount * 2);
  decide(pass, own.verdicts);
  return true;
}
