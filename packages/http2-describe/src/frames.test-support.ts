/**
 * @module
 * Builds the bytes that the tests describe, and cuts them up.
 */
import { ConnectionDescriber, type ConnectionDescriberOptions } from './connection-describer.js';
import { connectionPreface } from './connection-preface.js';
import { type Description, type Direction, errorsOf } from './description.js';
import { renderText } from './render-text.js';

export { connectionPreface };

export const bytesOf = (hex: string): Buffer => Buffer.from(hex.replace(/\s+/g, ''), 'hex');

export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array | string = Buffer.alloc(0),
): Buffer {
  const bytes = typeof payload === 'string' ? bytesOf(payload) : payload;
  const header = Buffer.alloc(9);
  header.writeUIntBE(bytes.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId >>> 0, 5);
  return Buffer.concat([header, bytes]);
}

export const emptySettings = frame(4, 0, 0);

/** A header block without compression: literals that no table keeps. */
export function plainHeaders(headers: Record<string, string>): Buffer {
  const text = (value: string) => Buffer.concat([integer(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat(Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

export function grpcMessage(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The descriptions of a client's frames: the preface and empty settings, which come first, are left out. */
export function describeClientFrames(frames: Buffer | Buffer[], options?: ConnectionDescriberOptions): Description[] {
  const connection = new ConnectionDescriber(options);
  const bytes = Buffer.concat([connectionPreface, emptySettings, ...[frames].flat()]);
  return [...connection.describe(bytes, 'client'), ...connection.end('client')].slice(2);
}

/** The text of one frame without its rule. */
export function textOf(description: Description | undefined): string {
  if (description === undefined) return '(nothing)';
  return renderText(description).replace(/-{40}\n$/, '');
}

export const errorsIn = (descriptions: Description[]) => descriptions.flatMap(errorsOf).map((error) => error.toJSON());
export const codesIn = (descriptions: Description[]) => errorsIn(descriptions).map((error) => error.code);

export interface Turn {
  direction: Direction;
  bytes: Buffer;
}

/** Numbers from 0 to 1 that a seed repeats. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function* chunksOf(bytes: Buffer, sizeOfNext: () => number): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const size = Math.max(1, sizeOfNext());
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
